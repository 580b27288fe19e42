import fc from "fast-check";
import { expect, test } from "vitest";
import { chunkMarkdown } from "./chunk.ts";
import { toRuns } from "./runs.fixture.ts";

test("a text that fits stays whole, a blank one gives nothing", () => {
  expect(chunkMarkdown("hello\n\nworld", 64)).toEqual(["hello\n\nworld"]);
  expect(chunkMarkdown(" \n ", 64)).toEqual([]);
});

test("CHUNK-4: paragraphs before lines, lines before words", () => {
  const paragraphs = `${"a".repeat(50)}\n\n${"b".repeat(50)}`;
  expect(chunkMarkdown(paragraphs, 80)).toEqual(["a".repeat(50), "b".repeat(50)]);
  const lines = `${"a".repeat(50)}\n${"b".repeat(50)}`;
  expect(chunkMarkdown(lines, 80)).toEqual(["a".repeat(50), "b".repeat(50)]);
  for (const piece of chunkMarkdown("word ".repeat(100), 80)) expect(piece).toMatch(/^(word ?)+$/);
});

test("CHUNK-2: an emoji at the limit of 4096 is not cut", () => {
  for (const emoji of ["😀", "👨‍👩‍👧‍👦", "🇩🇪", "👍🏽", "❤️"]) {
    for (let pad = 4_060; pad <= 4_096; pad++) {
      const pieces = chunkMarkdown(`${"x".repeat(pad)}${emoji}${"y".repeat(100)}`, 4_096);
      expect(pieces.filter((piece) => piece.includes(emoji))).toHaveLength(1);
    }
  }
});

test("CHUNK-3: a code block over the limit is closed and opened again with its language", () => {
  const code = Array.from({ length: 300 }, (_, line) => `console.log(${line});`).join("\n");
  const pieces = chunkMarkdown(`Here:\n\n\`\`\`ts\n${code}\n\`\`\`\n\nDone.`, 1_000);
  expect(pieces.length).toBeGreaterThan(5);
  for (const piece of pieces) {
    expect(piece.length).toBeLessThanOrEqual(1_000);
    expect(piece.split("\n").filter((line) => line.startsWith("```")).length % 2).toBe(0);
  }
  expect(pieces[1]).toMatch(/^```ts\n/);
  const back = pieces.join("\n").replaceAll(/\n```\n```ts\n/g, "\n");
  expect(back).toContain(code);
});

test("CHUNK-3: a blank line within code is no place to lose it", () => {
  const text = `\`\`\`py\n${"a\n\n".repeat(200)}\`\`\``;
  for (const piece of chunkMarkdown(text, 128)) {
    expect(piece.startsWith("```py\n")).toBe(true);
    expect(piece.endsWith("\n```")).toBe(true);
  }
});

test("CHUNK-4: inline code, bold text and links are not cut where they fit", () => {
  const span = "**bold words that belong together**";
  const pieces = chunkMarkdown(`${"word ".repeat(12)}${span} ${"more ".repeat(20)}`, 100);
  expect(pieces.some((piece) => piece.includes(span))).toBe(true);
  const link = "[a link with words](https://example.com/path)";
  const linked = chunkMarkdown(`${"word ".repeat(12)}${link} ${"more ".repeat(20)}`, 110);
  expect(linked.some((piece) => piece.includes(link))).toBe(true);
});

test("whatever the text, pieces fit, are well formed, and lose no word (CHUNK-1, CHUNK-2)", () => {
  const part = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 40 }),
    fc.constantFrom(
      "\n",
      "\n\n",
      "```\n",
      "```ts\n",
      "~~~\n",
      "`",
      "**",
      "[a](b) ",
      "😀",
      "x".repeat(90),
    ),
  );
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 60 }),
      fc.integer({ min: 64, max: 200 }),
      (parts, max) => {
        const text = parts.join("");
        const pieces = chunkMarkdown(text, max);
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(max);
          expect(piece.isWellFormed()).toBe(true);
        }
        const letters = (value: string): string => value.replaceAll(/[^a-wyz😀]/gu, "");
        // Reopened fences repeat their language, so what is kept is at least what was there.
        expect(letters(pieces.join("")).length).toBeGreaterThanOrEqual(letters(text).length);
      },
    ),
    { numRuns: toRuns(300) },
  );
});

test("less than a fence and some text is refused", () => {
  expect(() => chunkMarkdown("x", 10)).toThrow(RangeError);
});
