/**
 * What the command line writes for people and for scripts: tables, colour, times, JSON.
 *
 * Owns: making text safe and wide enough for a terminal. Never: the words.
 *
 * PRINT-1 Text from outside goes through `sanitize` or `toLine`: an escape sequence in an event could change the title, clear the
 *    screen or answer for the terminal, and a bidi override could make a line read as another one.
 */
import { stripVTControlCharacters, styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** C0 but newline and tab, DEL and C1, bidi controls, zero-width characters, line and paragraph separators. */
const UNSAFE =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
/** Two columns wide in a terminal. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /\p{Mark}/u;
const MIN_FLEX_COLUMNS = 24;
const GAP = "  ";

/** PRINT-1, several lines. */
export function sanitize(text: string): string {
  return stripVTControlCharacters(text).replaceAll("\t", " ").replace(UNSAFE, "");
}

/** PRINT-1, one line. */
export function toLine(text: string): string {
  return sanitize(text).replace(/\s+/g, " ").trim();
}

/** Colours `text` for stdout, where stdout shows colours: a terminal without NO_COLOR, or FORCE_COLOR. */
export function paint(format: Format, text: string): string {
  return styleText(format, text, { stream: process.stdout });
}

export function printLine(text = ""): void {
  process.stdout.write(`${text}\n`);
}

export function printLines(lines: readonly string[]): void {
  for (const line of lines) printLine(line);
}

/** For people, beside the output: goes to stderr. */
export function printNote(text: string): void {
  process.stderr.write(`sluice: ${sanitize(text)}\n`);
}

/** One value on one line. */
export function printJson(value: unknown): void {
  printLine(toJson(value));
}

export function toJson(value: unknown): string {
  // JSON leaves DEL, C1 and the bidi controls as they are, and a terminal may obey them; escaped, the value is the same.
  return JSON.stringify(value).replace(
    UNSAFE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Columns of the terminal; unlimited where stdout is none, so that pipes get whole texts. */
export function readColumns(): number {
  return process.stdout.isTTY
    ? Math.max(20, process.stdout.columns || 80)
    : Number.POSITIVE_INFINITY;
}

/**
 * Rows under a head, columns aligned; the last column takes what is left and is cut there.
 * Where too little is left for it, it moves to a line of its own below.
 */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): string[] {
  const all = [head, ...rows];
  const fixed = head
    .slice(0, -1)
    .map((_, i) => Math.max(...all.map((row) => toWidth(row[i] ?? ""))));
  const taken = fixed.reduce((sum, width) => sum + width + GAP.length, 0);
  const widestLast = Math.max(...all.map((row) => toWidth(row.at(-1) ?? "")));
  const left = columns - taken;
  const stacked = left < Math.min(MIN_FLEX_COLUMNS, widestLast);
  return all.flatMap((row, index) => {
    const front = fixed.map((width, i) => pad(row[i] ?? "", width)).join(GAP);
    const last = row.at(-1) ?? "";
    const style = (line: string): string =>
      index === 0 ? paint("dim", line.trimEnd()) : line.trimEnd();
    if (!stacked) return [style(`${front}${fixed.length === 0 ? "" : GAP}${cut(last, left)}`)];
    return [
      style(front),
      ...(index === 0 || last === "" ? [] : [`${GAP}${cut(last, columns - GAP.length)}`]),
    ];
  });
}

/** Columns that `text` takes. */
export function toWidth(text: string): number {
  let width = 0;
  for (const char of stripVTControlCharacters(text)) width += toCharWidth(char);
  return width;
}

/** At most `columns` wide, with an ellipsis where something was cut. */
export function cut(text: string, columns: number): string {
  if (toWidth(text) <= columns) return text;
  let kept = "";
  let width = 0;
  // Colour codes would be counted and torn: what is cut loses its colour.
  for (const char of stripVTControlCharacters(text)) {
    width += toCharWidth(char);
    if (width > columns - 1) break;
    kept += char;
  }
  return `${kept}…`;
}

/** `12 s ago`. A time ahead of our clock is `now`. */
export function toAgo(at: number, now: number): string {
  const age = now - at;
  return age < 1_000 ? "now" : `${toDuration(age)} ago`;
}

export function toDuration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3_600) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** `1 event`, `2 events`. */
export function toCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - toWidth(text)));
}

function toCharWidth(char: string): number {
  if (char < "\u0300") return 1;
  if (NO_WIDTH.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}
