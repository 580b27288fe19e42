import { expect, test } from "vitest";
import { readExamples } from "../../../test/corpora/markdown/examples.ts";
import { chunkMarkdown } from "../chunk.ts";
import { toPicked, toStep } from "../runs.fixture.ts";
import { parseMarkdown } from "./parse.ts";
import type { Block, Span } from "./tree.ts";

const CODE = Array.from(
  { length: 40 },
  (_, at) => `def f${at}(*a, **k):\n\n\treturn a*b*c  # __x__ \`t\` <&>`,
).join("\n");

function indent(text: string, mark: string): string {
  return text.replaceAll(/^/gm, mark);
}

function readCode(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => {
    if (block.kind === "code") return [block.text];
    if (block.kind === "quote") return readCode(block.children);
    return block.kind === "list" ? block.items.flatMap((item) => readCode(item.children)) : [];
  });
}

// CHUNK-3
test.each([
  ["between paragraphs", `Hi\n\n\`\`\`py\n${CODE}\n\`\`\`\n\nend`],
  ["in an item", `- one\n\n  \`\`\`py\n${indent(CODE, "  ")}\n  \`\`\`\n- two`],
  ["in a numbered item", `1. one\n   \`\`\`py\n${indent(CODE, "   ")}\n   \`\`\`\n2. two`],
  ["in an item of an item", `- a\n  - b\n\n    \`\`\`\n${indent(CODE, "    ")}\n    \`\`\`\n- d`],
  ["in a quote", `> q\n>\n> \`\`\`py\n${indent(CODE, "> ")}\n> \`\`\`\n> z`],
  ["in a list in a quote", `> - a\n>\n>   \`\`\`\n${indent(CODE, ">   ")}\n>   \`\`\`\n> - z`],
  ["indented by four blanks", `Here:\n\n${indent(CODE, "    ")}\n\nend`],
  ["indented by a tab", `Here:\n\n${indent(CODE, "\t")}\n\nend`],
  ["indented in an item", `- Here:\n\n${indent(CODE, "      ")}\n\n- end`],
  ["with fences in it", `\`\`\`\`md\n\`\`\`\n${CODE}\n\`\`\`\n\`\`\`\``],
  ["in a fence of tildes that names ticks", `~~~ a\`b\n${CODE}\n~~~`],
  ["in a fence of tildes that names one", `~~~ ~\`b\n${CODE}\n~~~`],
  ["with tildes in it that names ticks", `~~~~ a\`b\n~~~\n${CODE}\n~~~\n~~~~`],
])("code %s is cut into whole code blocks, letter for letter", (_, text) => {
  const whole = readCode(parseMarkdown(text)).join("\n");
  for (const max of [64, 100, 200, 500, 1_000, 2_000]) {
    const pieces = chunkMarkdown(text, max);
    expect(pieces.filter((piece) => piece.length > max)).toEqual([]);
    const shown = pieces.flatMap((piece) => readCode(parseMarkdown(piece))).join("\n");
    // A line that is longer than a piece goes on in the next.
    if (max > 100) expect(shown).toBe(whole);
    else expect(shown.replaceAll("\n", "")).toBe(whole.replaceAll("\n", ""));
  }
});

function readLinks(spans: readonly Span[]): [address: string, words: string][] {
  return spans.flatMap((span): [string, string][] => {
    if (span.kind === "link")
      return [[span.address, span.children.map((one) => ("text" in one ? one.text : "")).join("")]];
    return "children" in span ? readLinks(span.children) : [];
  });
}

// CHUNK-4
test.each([
  ["links", "see [the page](https://example.org/a_b?c=d) and (https://example.org/e), then "],
  ["links by reference", "see [the page][1] and ![a picture][Pic] and [Pic], then "],
])("%s are whole in every piece", (_, words) => {
  const end = "\n\n[1]: https://example.org/1 'One'\n[pic]: <https://example.org/p>";
  const text = words.repeat(60) + (words.includes("][") ? end : "");
  const links = (part: string): [string, string][] =>
    parseMarkdown(part).flatMap((block) =>
      block.kind === "paragraph" ? readLinks(block.children) : [],
    );
  for (const max of [128, 200, 500, 1_000]) {
    const pieces = chunkMarkdown(text, max);
    expect(pieces.every((piece) => piece.length <= max)).toBe(true);
    expect(pieces.flatMap(links)).toEqual(links(text));
  }
});

test("a quote goes on as a quote, a table with its head, bold text as bold", () => {
  const quoted = chunkMarkdown(`> ${"word ".repeat(100)}\n>\n> - ${"item ".repeat(60)}`, 128);
  expect(quoted.length).toBeGreaterThan(5);
  for (const piece of quoted)
    expect(parseMarkdown(piece).map(({ kind }) => kind)).toEqual(["quote"]);
  const rows = Array.from({ length: 60 }, (_, at) => `| ${at} | \`x|\` |`).join("\n");
  const tables = chunkMarkdown(`| a | b |\n|---|:-:|\n${rows}`, 200).map(parseMarkdown);
  expect(tables.flat().every((one) => one.kind === "table" && one.head.length === 2)).toBe(true);
  expect(tables.flat().flatMap((one) => (one.kind === "table" ? one.rows : []))).toHaveLength(60);
  for (const piece of chunkMarkdown(`**${"bold ".repeat(100).trim()}**`, 100))
    expect(parseMarkdown(piece)).toMatchObject([{ children: [{ kind: "strong" }] }]);
});

test("a cut makes no list, heading or quote of what was none", () => {
  const words = "one - two # three 4. four > five + six | seven ";
  for (let max = 64; max < 200; max += toStep(10))
    for (const piece of chunkMarkdown(words.repeat(40), max))
      expect(parseMarkdown(piece).map(({ kind }) => kind)).toEqual(["paragraph"]);
});

// CHUNK-1
test.each([
  ["Devanagari", "हिन्दी में लिखा हुआ एक वाक्य। "],
  ["emoji", "👨‍👩‍👧‍👦👍🏽🇩🇪 "],
  ["no blanks", "字"],
])("%s at the limit of 4096 is cut between characters", (_, words) => {
  const text = words.repeat(Math.ceil(9_000 / words.length));
  const pieces = chunkMarkdown(text, 4_096);
  expect(pieces.every((piece) => piece.length <= 4_096)).toBe(true);
  const count = (part: string): number =>
    [...new Intl.Segmenter().segment(part.replaceAll(/\s/g, ""))].length;
  expect(pieces.map(count).reduce((sum, one) => sum + one)).toBe(count(text));
  expect(pieces.join("").replaceAll(/\s/g, "")).toBe(text.replaceAll(/\s/g, ""));
});

test("all examples of the standards, one behind the other, are cut at any size without an exception", () => {
  const text = readExamples()
    .map(({ markdown }) => markdown)
    .join("\n\nnext\n\n");
  for (const max of toPicked([4_096, 1_024, 256, 64]))
    for (const piece of chunkMarkdown(text, max)) {
      expect(piece.length).toBeLessThanOrEqual(max);
      parseMarkdown(piece);
    }
});

test("an indented line below a definition does not become code when links are made whole", () => {
  const text = `[a] ${"word ".repeat(40)}\n\n[a]: https://example.org\n    more words`;
  expect(readCode(parseMarkdown(text))).toEqual([]);
  for (const piece of chunkMarkdown(text, 128)) expect(readCode(parseMarkdown(piece))).toEqual([]);
});

test("a fence so long that its name leaves no room goes without the name", () => {
  const fence = "`".repeat(1_700);
  const text = `${fence}\`${"x".repeat(1_000)}\n${`${fence} a*b*c\n`.repeat(6)}${fence}\``;
  for (const piece of chunkMarkdown(text, 4_096)) expect(piece.length).toBeLessThanOrEqual(4_096);
});

test("a long address that is named often does not make hundreds of messages of one text", () => {
  const text = `[a]: https://example.org/${"z".repeat(2_000)}\n\n${"[a] ".repeat(900)}`;
  expect(chunkMarkdown(text, 4_096).length).toBeLessThan(10);
});

test("a mark of a byte order before a text shifts no place in it", () => {
  const text = `\uFEFF> \uFEFF__init__ and [x](javascript:1) b\n`;
  const shown = "__init__ and [x](javascript:1) b";
  for (const piece of [text, ...chunkMarkdown(text.repeat(40), 128)])
    expect(JSON.stringify(parseMarkdown(piece))).toContain(shown);
});
