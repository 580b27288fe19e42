/**
 * Letters written from right to left, where they would change the order of the text beside them.
 *
 * Owns: which Hebrew, Arabic and kindred letters are marked. Never: marks prose.
 *
 * A screen turns signs and digits between such letters: `echo א > ב` shows as if ב were the one to be written from. No control character
 * is needed for it, so letters are marked where the order of a command or path would be read wrong.
 */
import { RIGHT_TO_LEFT } from "./lookalikes.ts";

const RTL = RIGHT_TO_LEFT.source;
/** A prefix of Hebrew or Arabic on a Latin word, in either order; it turns nothing. */
const HONEST_TOKEN = new RegExp(`^["'(]*${RTL}+[-־]?[A-Za-z0-9]+["').,:;!?]*$`, "u");
const ACROSS_OPERATOR = new RegExp(
  `${RTL}[^\\n\\p{L}]{0,40}[<>|&$=\`][^\\n\\p{L}]{0,40}${RTL}`,
  "u",
);

/** `mark` writes one character as a mark. */
export function markRightToLeft(text: string, mark: (char: string) => string): string {
  if (!RIGHT_TO_LEFT.test(text)) return text;
  return text.replace(/[^\n]+/g, (line) => {
    if (!RIGHT_TO_LEFT.test(line)) return line;
    const isTurned = ACROSS_OPERATOR.test(line);
    return line.replace(/\S+/g, (token) =>
      isTurned || isMixed(token) ? markAll(token, mark) : token,
    );
  });
}

function isMixed(token: string): boolean {
  if (!RIGHT_TO_LEFT.test(token) || HONEST_TOKEN.test(token)) return false;
  return /[A-Za-z]/.test(token) || (/[0-9]/.test(token) && /[/\\=$&|<>_.]\S/.test(token));
}

function markAll(token: string, mark: (char: string) => string): string {
  return Array.from(token, (char) =>
    RIGHT_TO_LEFT.test(char) && /[\p{L}\p{N}]/u.test(char) ? mark(char) : char,
  ).join("");
}
