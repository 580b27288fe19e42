import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toVisible } from "./visible.ts";

type Corpus = {
  misleading: readonly { name: string; text: string; visible: string }[];
  honest: readonly string[];
};
// Written with escapes: a file that misleads its own reader would be a poor corpus.
const corpus = JSON.parse(
  readFileSync(new URL("visible.fixture.json", import.meta.url), "utf8"),
) as Corpus;

test("the corpus has at least 80 misleading strings and 40 honest ones", () => {
  expect(corpus.misleading.length).toBeGreaterThanOrEqual(80);
  expect(corpus.honest.length).toBeGreaterThanOrEqual(40);
});

// MIXED-1, VISIBLE-3
test.each(corpus.misleading)("$name is shown", ({ text, visible }) => {
  expect(toVisible(text)).toBe(visible);
  expect(visible).not.toBe(text);
});

// MIXED-2, VISIBLE-2
test.each(corpus.honest)("honest text stays: %j", (text) => {
  expect(toVisible(text)).toBe(text.replaceAll("\r\n", "\n"));
});

test("VISIBLE-1: nothing without a look of its own is left, whatever the text", () => {
  const hidden = fc.constantFrom(
    ..."\u0000\u0007\u001b\u007f\u0085\u00ad\u034f\u061c\u115f\u180e\u200b\u200e\u202e\u2066\u2028\u2060\u3164\ufeff\ufff9",
    "\ud800",
    "\udc00",
    "\u{e0041}",
    "\u{e0100}",
    "\u{f0000}",
  );
  const piece = fc.oneof(
    hidden,
    fc.string({ unit: "grapheme", maxLength: 5 }),
    fc.constantFrom("א", "а", " ", "\n", "é"),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const visible = toVisible(pieces.join(""));
      expect(visible).not.toMatch(
        // oxlint-disable-next-line no-control-regex -- they are what is looked for
        /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9]|\p{Cs}|[\u{e0000}-\u{e01ef}]/u,
      );
    }),
  );
});

test("VISIBLE-1: a Mongolian letter has its selector, and hides nothing behind it", () => {
  const honest = "\u1820\u180b \u1828\u180e\u1820 \u1820\u180b\u180e\u1820";
  expect(toVisible(honest)).toBe(honest);
  expect(toVisible("rm\u180e\u180e")).toBe("rm⟨U+180E⟩⟨U+180E⟩");
  const hidden = "\u180b\u180e\u180c\u180b";
  expect(toVisible(`\u1820\u180b${hidden}`)).toBe("\u1820\u180b⟨U+180B⟩⟨U+180E⟩⟨U+180C⟩⟨U+180B⟩");
});

test("VISIBLE-4: what was made visible stays as it is", () => {
  for (const { visible } of corpus.misleading) expect(toVisible(visible)).toBe(visible);
});

test("plain ASCII is the text itself", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme-ascii", maxLength: 30 }), (text) => {
      expect(toVisible(text)).toBe(text);
    }),
  );
});

test("a quarter of a megabyte of hostile text is done in one go", () => {
  for (const unit of [
    "\u202e",
    "aа",
    "‘a",
    "\u0301",
    "א>",
    " –",
    "  \n",
    "\u00a0",
    "👨\u200d",
    "⟨U+200B⟩",
  ]) {
    const text = unit.repeat(250_000 / unit.length);
    expect(toVisible(text).length).toBeGreaterThan(0);
  }
});
