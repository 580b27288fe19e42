import { expect, test } from "vitest";
import { readExamples } from "../../../test/corpora/markdown/examples.ts";
import { escapeMrkdwn } from "./escape.ts";
import { renderMrkdwn } from "./mrkdwn.ts";
import { loadTexts, MAX_TEXT_CHARS } from "./texts.ts";
import { toPlain } from "./text.ts";

const CASES: [markdown: string, mrkdwn: string][] = [
  ["**bold** and *it* and ~~no~~ and `code`", "*bold* and _it_ and ~no~ and `code`"],
  ["# Title\n\ntext", "*Title*\n\ntext"],
  ["a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"],
  ["<!channel> <@U1> <!here|x>", "&lt;!channel&gt; &lt;@U1&gt; &lt;!here|x&gt;"],
  ["`<!channel>`", "`&lt;!channel&gt;`"],
  ["```ts\nif (a < b && c) {}\n```", "```\nif (a &lt; b &amp;&amp; c) {}\n```"],
  ["[docs](https://a.b/c?x=1&y=2)", "<https://a.b/c?x=1&amp;y=2|docs>"],
  ["[<!channel>](https://a.b)", "<https://a.b|&lt;!channel&gt;>"],
  ["[x|y](https://a.b/|c)", "<https://a.b/%7Cc|x¦y>"],
  ["[x](javascript:alert(1))", "[x](javascript:alert(1))"],
  ["https://a.b/c", "<https://a.b/c>"],
  ["- one\n- two\n  - three", "• one\n• two\n    • three"],
  ["1. one\n2. two", "1. one\n2. two"],
  ["- [x] done\n- [ ] open", "☑ done\n☐ open"],
  ["> said\n> twice", "> said\n> twice"],
  ["snake_case_name src/*.ts", "snake_case_name src/*.ts"],
  ["2 * 3 * 4", "2 * 3 * 4"],
  ["x\n\n---\n\ny", "x\n\n———\n\ny"],
  // MRKDWN-3
  ["**bold**ly", "*bold*\u200bly"],
];

test.each(CASES)("%s", (markdown, mrkdwn) => {
  expect(renderMrkdwn(markdown)).toBe(mrkdwn);
});

test.each(readExamples())("MRKDWN-1: $name: no text of it pings anybody", ({ markdown }) => {
  for (const [, inside = ""] of renderMrkdwn(markdown).matchAll(/<([^>]*)>/g))
    expect(inside).toMatch(/^(?:https?:|mailto:)/i);
});

test.each([
  "<!channel> deploy",
  "&lt;!channel&gt;",
  "[a](<!channel>)",
  "**<!everyone>**",
  "~~<@U0ANN|x>~~",
  "```\n<!here>\n```",
  "| a |\n|---|\n| <!channel> |",
  "> <!subteam^S1>",
  "`` <!channel> ``",
  "<https://a.b|<!channel>>",
  "# <!channel>",
])("MRKDWN-1: %s names nobody", (markdown) => {
  expect(renderMrkdwn(markdown)).not.toMatch(/<[!@#]/);
});

test("PARSE-1: code arrives letter for letter", () => {
  const code = "const a = b < c && d > e; // `x` *y* _z_ & &amp;";
  expect(toPlain(renderMrkdwn(`\`\`\`\n${code}\n\`\`\``), () => undefined)).toBe(
    `\`\`\`\n${code}\n\`\`\``,
  );
});

test("MRKDWN-2: words that look like marks are shown as they are", () => {
  for (const word of ["__init__", "_private", "*args", "**kwargs", "~user", "name_"])
    expect(
      renderMrkdwn(`call \\${word} now`.replace("\\__", "\\_\\_").replace("\\**", "\\*\\*")),
    ).toContain("`");
});

test("what escaping makes longer still fits, and nothing of it is lost", async () => {
  const { toPieces } = await loadTexts();
  const text = `${"<&>".repeat(3_000)} end`;
  const pieces = toPieces(text, MAX_TEXT_CHARS);
  for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(MAX_TEXT_CHARS);
  expect(
    pieces
      .map((piece) => toPlain(piece, () => undefined))
      .join("")
      .replaceAll(/\s/g, ""),
  ).toBe(text.replaceAll(/\s/g, ""));
  for (const piece of pieces) expect(piece.replaceAll(/&(?:amp|lt|gt);/g, "")).not.toContain("&");
});

test("the three escapes, and no other", () => {
  expect(escapeMrkdwn("&<>\"'")).toBe("&amp;&lt;&gt;\"'");
});
