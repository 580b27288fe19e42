/**
 * Splits a text in Markdown into pieces that a platform takes.
 *
 * Owns: the places where a long text may be cut. Never: renders it.
 *
 * CHUNK-1 A piece is never longer than asked, in UTF-16 units, which is what chat platforms count.
 * CHUNK-2 No character is cut: no half surrogate pair, no emoji without its other half.
 * CHUNK-3 A code block that is cut is closed in one piece and opened again in the next, with its language.
 * CHUNK-4 A cut prefers the end of a paragraph, then of a line, then of a word; bold text, inline code and links stay whole where they
 *    fit.
 */

/** Room for `\n` and a closing fence. */
const CLOSING_ROOM = 16;
const MIN_CHARS = 64;
const INLINE_SPAN =
  /`[^`\n]+`|\*\*[^*\n]+\*\*|__[^_\n]+__|~~[^~\n]+~~|!?\[[^\]\n]*\]\([^()\s]*\)/gu;

/**
 * The pieces, in order; none for a blank text. Outside of code blocks, blank lines at a cut are dropped.
 * @throws RangeError below 64 characters: a piece must hold a fence and some text.
 */
export function chunkMarkdown(text: string, maxChars: number): string[] {
  if (!Number.isSafeInteger(maxChars) || maxChars < MIN_CHARS) {
    throw new RangeError(`a piece needs at least ${MIN_CHARS} characters, got ${maxChars}`);
  }
  const pieces: string[] = [];
  let rest = text.toWellFormed().replaceAll("\r\n", "\n");
  while (rest.length > maxChars) {
    const at = findCut(rest, maxChars - CLOSING_ROOM);
    const head = rest.slice(0, at);
    const fence = readOpenFence(head, maxChars);
    if (fence === undefined) {
      pieces.push(head.trimEnd());
      rest = rest.slice(at).replace(/^(?:[ \t]*\n)+/, "");
    } else {
      pieces.push(`${head.replace(/\n$/, "")}\n${fence.marker}`);
      rest = `${fence.opening}\n${rest.slice(at).replace(/^\n/, "")}`;
    }
  }
  pieces.push(rest.trimEnd());
  return pieces.filter((piece) => piece.trim() !== "");
}

type Fence = { opening: string; marker: string };

/** The code block that is still open at the end of `head`. A fence too long to repeat counts as text. */
function readOpenFence(head: string, maxChars: number): Fence | undefined {
  let open: Fence | undefined;
  for (const line of head.split("\n")) {
    const marker = /^ {0,3}(`{3,12}|~{3,12})/.exec(line)?.[1];
    if (marker === undefined) continue;
    if (open === undefined) {
      const info = line.trim().slice(marker.length);
      // A backtick in the info string makes it inline code.
      if (marker.startsWith("`") && info.includes("`")) continue;
      const opening = line.trim();
      open = { opening: opening.length <= maxChars / 4 ? opening : marker, marker };
    } else if (line.trim().startsWith(open.marker) && /^[`~]+$/.test(line.trim())) {
      open = undefined;
    }
  }
  return open;
}

/** The best place at or before `limit`; always moves on by at least half of it, or beyond the opening of a code block. */
function findCut(text: string, limit: number): number {
  const window = text.slice(0, limit);
  const half = limit / 2;
  const paragraph = window.lastIndexOf("\n\n");
  if (paragraph > half && readOpenFence(window.slice(0, paragraph), limit) === undefined) {
    return paragraph + 2;
  }
  const line = window.lastIndexOf("\n");
  if (line > half) return line + 1;
  const blank = window.lastIndexOf(" ");
  const word = blank > half ? blank + 1 : toCharacterStart(text, limit);
  const span = findSpanAround(text, Math.max(0, line), word);
  return span > half ? span : word;
}

/** Where the inline span begins that a cut at `at` would split; else `at`. */
function findSpanAround(text: string, lineStart: number, at: number): number {
  const lineEnd = text.indexOf("\n", at);
  const line = text.slice(lineStart, lineEnd === -1 ? at + 2_048 : lineEnd);
  for (const match of line.matchAll(INLINE_SPAN)) {
    const start = lineStart + match.index;
    if (start >= at) break;
    if (start + match[0].length > at) return start;
  }
  return at;
}

/** CHUNK-2: the start of the character that stands at `at`, as people see characters. */
function toCharacterStart(text: string, at: number): number {
  const from = Math.max(0, at - 64);
  // A slice may begin in the middle of a character; the boundaries behind the first one are true.
  const segments = new Intl.Segmenter().segment(text.slice(from, at + 64));
  const start = from + (segments.containing(at - from)?.index ?? at - from);
  if (start > from) return start;
  // One character of 64 units and more is no character that anybody sees whole.
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00 ? at - 1 : at;
}
