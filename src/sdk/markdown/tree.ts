/**
 * A text in Markdown as a tree, small enough that every platform's writer knows all of it.
 *
 * Owns: the kinds of blocks and spans. Never: reads a text (parse.ts), or writes one.
 */

/** What stands within a line. `\n` in a text is a line break: people and models mean it. */
export type Span =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "strong" | "emphasis" | "strike"; children: Span[] }
  /** `isBare`: the words are the address, and no more needs to be shown. */
  | { kind: "link"; address: string; isBare: boolean; children: Span[] };

export type Item = {
  /** As it was written, with its point; undefined in a list without numbers. */
  number?: { value: number; mark: "." | ")" };
  isChecked?: boolean;
  /** How many characters stand before its mark in its line. */
  indent: number;
  children: Block[];
};

/** `isSpaced`: a blank line stands before it. */
export type Block = { isSpaced: boolean } & (
  | { kind: "paragraph"; children: Span[] }
  | { kind: "heading"; level: number; children: Span[] }
  /** Letter for letter, without a line feed at the end. `language` is empty where none is named. */
  | { kind: "code"; text: string; language: string }
  | { kind: "quote"; children: Block[] }
  | { kind: "list"; isLoose: boolean; items: Item[] }
  /** `source` is the table as it was typed, for platforms that have none. */
  | { kind: "table"; head: Span[][]; rows: Span[][][]; source: string }
  | { kind: "rule" }
);

export type BlockOf<K extends Block["kind"]> = Extract<Block, { kind: K }>;

/** The words of spans, without their marks. */
export function toWords(spans: readonly Span[]): string {
  return spans.map((span) => ("children" in span ? toWords(span.children) : span.text)).join("");
}
