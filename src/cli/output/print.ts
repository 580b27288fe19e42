/**
 * What the command line writes for people and for scripts: tables, colour, times, JSON.
 *
 * Owns: making text safe and wide enough for a terminal. Never: the words.
 *
 * PRINT-1 Every output goes through this file. What nobody sees, and what a terminal obeys, is shown by its number (⟨U+202E⟩; in JSON
 *    \u202e), whichever command prints it: an escape sequence in an event could change the title, clear the screen or answer for the
 *    terminal, and a bidi override could make a line read as another one. Colours of our own are all that passes.
 */
import { stripVTControlCharacters, styleText } from "node:util";
import { replaceUnseen, toMark } from "../../sdk/unseen.ts";

type Format = Parameters<typeof styleText>[0];

// oxlint-disable-next-line no-control-regex -- it is what is looked for
const COLOUR = /(\u001b\[[0-9;]*m)/g;
const MIN_FLEX_COLUMNS = 24;
const GAP = "  ";

/** Text from outside, several lines. Its colours go: logs of CI are full of them. */
export function sanitize(text: string): string {
  const plain = text.replace(COLOUR, "").replaceAll("\r\n", "\n").replaceAll("\t", " ");
  return replaceUnseen(plain, toMark);
}

/** Text from outside, one line. */
export function toLine(text: string): string {
  return sanitize(text).replace(/\s+/g, " ").trim();
}

/** Colours `text` for stdout, where stdout shows colours: a terminal without NO_COLOR, or FORCE_COLOR. */
export function paint(format: Format, text: string): string {
  return styleText(format, text, { stream: process.stdout });
}

export function printLine(text = ""): void {
  process.stdout.write(`${toTerminal(text)}\n`);
}

export function printLines(lines: readonly string[]): void {
  // In one piece: each write is a call of the system.
  if (lines.length > 0) printLine(lines.join("\n"));
}

/** For people, beside the output: goes to stderr. */
export function printNote(text: string): void {
  printError(`sluice: ${sanitize(text)}`);
}

/** A line on stderr. */
export function printError(text: string): void {
  writeError(`${toTerminal(text)}\n`);
}

/** What another process of ours said, as it stands. */
export function writeError(text: string): void {
  if (process.stderr.listenerCount("error") === 0) {
    // Nobody is left to be told. That ends nothing: a hub in the foreground outlives its terminal's `tee`, and the exit code still counts.
    process.stderr.on("error", () => {});
  }
  process.stderr.write(text);
}

/** PRINT-1. For who forgot `sanitize`, too. */
function toTerminal(text: string): string {
  const parts = text.split(COLOUR);
  return parts.map((part, i) => (i % 2 === 1 ? part : replaceUnseen(part, toMark))).join("");
}

/** One value on one line. */
export function printJson(value: unknown): void {
  printLine(toJson(value));
}

/** A list: with `json` one value a line, else as `render` has it, or `none` where it is empty. */
export function printList<T>(
  list: readonly T[],
  json: boolean | undefined,
  none: string,
  render: (list: readonly T[]) => string[],
): void {
  if (json === true) for (const one of list) printJson(one);
  else printLines(list.length === 0 ? [none] : render(list));
}

export function toJson(value: unknown): string {
  // JSON leaves DEL, C1, bidi and tag characters as they are; escaped, the value is the same.
  return replaceUnseen(JSON.stringify(value), (char) =>
    Array.from(
      { length: char.length },
      (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join(""),
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
  columns = readColumns(),
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
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const cluster of toClusters(stripVTControlCharacters(text)))
    width += toClusterWidth(cluster);
  return width;
}

/** At most `columns` wide, with an ellipsis where something was cut. */
export function cut(text: string, columns: number): string {
  if (toWidth(text) <= columns) return text;
  let kept = "";
  let width = 0;
  // Colour codes would be counted and torn: what is cut loses its colour.
  for (const cluster of toClusters(stripVTControlCharacters(text))) {
    width += toClusterWidth(cluster);
    if (width > columns - 1) break;
    kept += cluster;
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

let clusters: Intl.Segmenter | undefined;

/** What a person takes for one character each. */
function toClusters(text: string): readonly string[] {
  if (/^[\x20-\x7e]*$/.test(text)) return Array.from(text);
  clusters ??= new Intl.Segmenter("und", { granularity: "grapheme" });
  return Array.from(clusters.segment(text), ({ segment }) => segment);
}

/** An emoji of several parts takes two columns. */
function toClusterWidth(cluster: string): number {
  if (cluster.length === 1) return toCharWidth(cluster);
  if (toPatterns().emoji.test(cluster)) return 2;
  return Array.from(cluster).reduce((sum, char) => sum + toCharWidth(char), 0);
}

function toCharWidth(char: string): number {
  if (char < "\u0300") return 1;
  const { noWidth, wide } = toPatterns();
  if (noWidth.test(char)) return 0;
  return wide.test(char) ? 2 : 1;
}

type Patterns = { emoji: RegExp; noWidth: RegExp; wide: RegExp };
let patterns: Patterns | undefined;

/** Made when first needed, and not as literals: to read those takes V8 as long as Node takes to start. */
function toPatterns(): Patterns {
  patterns ??= {
    emoji: new RegExp("^\\p{RGI_Emoji}$", "v"),
    noWidth: new RegExp("[\\p{Mark}\\p{Default_Ignorable_Code_Point}]", "u"),
    // Two columns in a terminal.
    wide: new RegExp(
      "[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\u33ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua000-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6]|\\p{Emoji_Presentation}|[\\u{20000}-\\u{3fffd}]",
      "u",
    ),
  };
  return patterns;
}
