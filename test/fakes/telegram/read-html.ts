/**
 * Reads Telegram's HTML as the platform does: what it refuses is refused here.
 *
 * Owns: the fake server's idea of a well-formed text. Never: used by the channel itself.
 * Rules: https://core.telegram.org/bots/api#html-style and https://core.telegram.org/bots/api#formatting-options
 */

const TAGS = new Set([
  "b",
  "strong",
  "i",
  "em",
  "u",
  "ins",
  "s",
  "strike",
  "del",
  "span",
  "tg-spoiler",
  "a",
  "tg-emoji",
  "code",
  "pre",
  "blockquote",
]);
const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"' };

export type ReadHtml = { kind: "ok"; text: string } | { kind: "refused"; description: string };

/** The text that is left after entities are parsed, or Telegram's complaint. */
export function readTelegramHtml(html: string): ReadHtml {
  const open: string[] = [];
  let text = "";
  const refuse = (what: string): ReadHtml => ({
    kind: "refused",
    description: `Bad Request: can't parse entities: ${what}`,
  });
  const token = /<(\/?)([a-z-]*)([^<>]*)>|&(?:([a-z]+)|#(\d+)|#x([0-9a-f]+));|[<>]|[^<>&]+|&/gy;
  for (const match of html.matchAll(token)) {
    const [whole, slash, tag, , named, decimal, hex] = match;
    if (whole === "<") return refuse("Unclosed start tag");
    if (tag !== undefined) {
      if (!TAGS.has(tag)) return refuse(`Unsupported start tag "${tag}"`);
      if (slash === "/") {
        if (open.pop() !== tag) return refuse(`Unexpected end tag`);
      } else {
        if (tag === "blockquote" && open.includes(tag)) return refuse("Nested blockquote");
        open.push(tag);
      }
    } else if (named !== undefined) {
      text += ENTITIES[named] ?? whole;
    } else if (decimal !== undefined || hex !== undefined) {
      text += String.fromCodePoint(
        decimal === undefined ? Number.parseInt(hex ?? "0", 16) : Number(decimal),
      );
    } else {
      text += whole;
    }
  }
  return open.length > 0
    ? refuse(`Can't find end tag corresponding to start tag "${open.at(-1)}"`)
    : { kind: "ok", text };
}
