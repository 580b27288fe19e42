import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import {
  cut,
  renderTable,
  sanitize,
  toAgo,
  toCount,
  toDuration,
  toJson,
  toLine,
  toWidth,
} from "./print.ts";

// PRINT-1
test.each([
  ["a colour", "\u001b[31mred\u001b[0m", "red"],
  ["a window title", "a\u001b]0;owned\u0007b", "a⟨U+001B⟩]0;owned⟨U+0007⟩b"],
  ["a cleared screen", "a\u001b[2Jb", "a⟨U+001B⟩[2Jb"],
  ["an eight-bit escape", "a\u009b2Jb", "a⟨U+009B⟩2Jb"],
  ["half an escape", "a\u001b", "a⟨U+001B⟩"],
  ["backspaces and bells", "a\b\u0007b", "a⟨U+0008⟩⟨U+0007⟩b"],
  ["a carriage return that overwrites", "good\rbad", "good⟨U+000D⟩bad"],
  ["a bidi override", "a\u202egnp.exe", "a⟨U+202E⟩gnp.exe"],
  ["isolates", "\u2066a\u2069", "⟨U+2066⟩a⟨U+2069⟩"],
  ["zero-width characters", "a\u200b\u2060\ufeffb", "a⟨U+200B⟩⟨U+2060⟩⟨U+FEFF⟩b"],
  ["tag characters", "a\u{e0041}\u{e007f}", "a⟨U+E0041⟩⟨U+E007F⟩"],
  ["fillers and selectors", "a\u3164\ufe0f\u{e0100}", "a⟨U+3164⟩⟨U+FE0F⟩⟨U+E0100⟩"],
])("%s in text from outside is shown by its number", (_, text, shown) => {
  expect(sanitize(text)).toBe(shown);
});

test("text of any script and emoji reach the terminal as they are", () => {
  for (const text of ["हिन्दी रिपोर्ट", "می‌خواهم", "👩🏽‍🚀 ❤️ 🏴󠁧󠁢󠁳󠁣󠁴󠁿", "测试", "Tie\u0302\u0301ng"]) {
    expect(sanitize(text)).toBe(text);
    expect(toJson(text)).toBe(JSON.stringify(text));
  }
});

test("line breaks stay in a text and become blanks in a line", () => {
  expect(sanitize("a\n\tb")).toBe("a\n b");
  expect(toLine(" a\r\n\n b\t c ")).toBe("a b c");
});

test("JSON for a terminal escapes what a terminal would obey, and reads back the same", () => {
  const value = { text: "a\u009b2J\u202e\u007f\u001b[31m\u2028é漢\u{e0041}\u200b\ufeff\ud800\\" };
  expect(toJson(value)).toMatch(/^[\x20-\x7eé漢]*$/);
  expect(JSON.parse(toJson(value))).toEqual(value);
});

test.each([
  ["abc", 3],
  ["漢字", 4],
  ["é", 1],
  ["e\u0301", 1],
  ["🚀", 2],
  ["👩🏽‍🚀", 2],
  ["❤️", 2],
  ["می‌خ", 3],
  ["\u001b[31mred\u001b[39m", 3],
])("%s takes %i columns", (text, width) => {
  expect(toWidth(text)).toBe(width);
});

test("text is cut with an ellipsis, and never through a wide character", () => {
  expect(cut("abcdef", 4)).toBe("abc…");
  expect(cut("漢字漢字", 4)).toBe("漢…");
  expect(cut("abc", 3)).toBe("abc");
});

test("columns are aligned and the last one takes what is left", () => {
  const rows = [
    ["a", "漢字", "a text that is too long for what is left of the line"],
    ["bcd", "x", "short"],
  ];
  expect(renderTable(["ID", "NAME", "TEXT"], rows, 40).map(stripVTControlCharacters)).toEqual([
    "ID   NAME  TEXT",
    "a    漢字  a text that is too long for …",
    "bcd  x     short",
  ]);
});

test("in a narrow terminal the last column moves to a line of its own", () => {
  const rows = [["evt_1", "a text that is longer than the line"]];
  expect(renderTable(["EVENT", "TEXT"], rows, 20).map(stripVTControlCharacters)).toEqual([
    "EVENT",
    "evt_1",
    "  a text that is lo…",
  ]);
});

test.each([
  [0, "now"],
  [-5_000, "now"],
  [12_400, "12 s ago"],
  [90_000, "1 min ago"],
  [3_600_000, "1 h ago"],
  [49 * 3_600_000, "2 d ago"],
])("an age of %i ms is %s", (age, text) => {
  expect(toAgo(1_000_000_000, 1_000_000_000 + age)).toBe(text);
});

test("durations and counts", () => {
  expect(toDuration(59_999)).toBe("59 s");
  expect([toCount(1, "event"), toCount(0, "event")]).toEqual(["1 event", "0 events"]);
});
