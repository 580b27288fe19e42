/**
 * What changed between two texts, in lines.
 *
 * Owns: finding them in bounded time. Never: a minimal or ordered difference; a person asks what is new, and what is gone. Pure.
 */
import { createHash } from "node:crypto";

const SHOWN_LINES = 40;
const SHOWN_CHARS = 6_000;
const LINE_CHARS = 300;

/** Lines that only one of them has, each as often as it has it more; the new ones first. */
export function toChangedLines(before: string, now: string): string {
  const counts = new Map<string, number>();
  const lines = { before: toLines(before), now: toLines(now) };
  for (const line of lines.before) counts.set(line, (counts.get(line) ?? 0) - 1);
  for (const line of lines.now) counts.set(line, (counts.get(line) ?? 0) + 1);
  const pick = (from: readonly string[], sign: 1 | -1, mark: string): string[] => {
    const left = new Map(counts);
    return from.flatMap((line) => {
      const count = left.get(line) ?? 0;
      if (count * sign <= 0) return [];
      left.set(line, count - sign);
      return [`${mark} ${line.length <= LINE_CHARS ? line : `${line.slice(0, LINE_CHARS - 1)}…`}`];
    });
  };
  const all = [...pick(lines.now, 1, "+"), ...pick(lines.before, -1, "-")];
  const shown: string[] = [];
  let chars = 0;
  for (const line of all) {
    if (shown.length >= SHOWN_LINES || chars + line.length > SHOWN_CHARS) break;
    shown.push(line);
    chars += line.length + 1;
  }
  if (shown.length < all.length) shown.push(`(${all.length - shown.length} more changed lines)`);
  return shown.join("\n").toWellFormed();
}

function toLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
}

export function toDigest(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}

/** A text as it is kept for the next look: whole, or only its digest where it is too long to be kept. */
export type KeptText = { digest: string; text?: string | undefined };

const KEPT_CHARS = 32_768;

export function toKeptText(text: string): KeptText {
  const digest = toDigest(text);
  return text.length <= KEPT_CHARS ? { digest, text } : { digest };
}

/** What changed since, in lines; undefined where only that it changed is known. */
export function toChanges(before: KeptText, now: string): string | undefined {
  if (before.text === undefined) return undefined;
  const changed = toChangedLines(before.text, now);
  return changed === "" ? undefined : changed;
}
