import fc from "fast-check";
import { expect, test } from "vitest";
import { readGrowth } from "../../sdk/growth.fixture.ts";
import { renderHtml } from "./render.ts";
import { readTelegramHtml } from "../../../test/fakes/telegram/read-html.ts";
import { toRuns } from "../../sdk/runs.fixture.ts";

test.each([
  ["plain text.", "plain text."],
  ["**bold** and *it* and _it_", "<b>bold</b> and <i>it</i> and <i>it</i>"],
  ["__init__ and __all__ = [__name__]", "__init__ and __all__ = [__name__]"],
  ["***both***", "<i><b>both</b></i>"],
  ["**bold *it* `code`**", "<b>bold <i>it</i> <code>code</code></b>"],
  ["~~gone~~", "<s>gone</s>"],
  ["`a < b && c`", "<code>a &lt; b &amp;&amp; c</code>"],
  ["``a ` b``", "<code>a ` b</code>"],
  ["# Title", "<b>Title</b>"],
  ["## **Title** ##", "<b>Title</b>"],
  ["- one\n  - two\n* three", "• one\n  • two\n• three"],
  ["- [ ] open\n- [x] shut", "☐ open\n☑ shut"],
  ["1. one\n2. two", "1. one\n2. two"],
  ["---", "———"],
  ["> quoted **text**\n> more", "<blockquote>quoted <b>text</b>\nmore</blockquote>"],
  [
    "[site](https://example.com/a_b?x=1&y=2)",
    '<a href="https://example.com/a_b?x=1&amp;y=2">site</a>',
  ],
  [
    "[wiki](https://en.wikipedia.org/wiki/A_(b))",
    '<a href="https://en.wikipedia.org/wiki/A_(b)">wiki</a>',
  ],
  ["[x](javascript:alert(1))", "[x](javascript:alert(1))"],
  ["[x](tg://user?id=1)", "[x](tg://user?id=1)"],
  ["https://example.com/a_b_c", "https://example.com/a_b_c"],
  [
    "```ts\nconst a = 1 < 2;\n```",
    '<pre><code class="language-ts">const a = 1 &lt; 2;</code></pre>',
  ],
  ["```\n**not bold**\n```", "<pre>**not bold**</pre>"],
  ["```ts\nunclosed", '<pre><code class="language-ts">unclosed</code></pre>'],
  ["| a | b |\n|---|---|\n| 1 | 2 |", "<pre>| a | b |\n|---|---|\n| 1 | 2 |</pre>"],
  ["snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"],
  ["a lone ** and a lone `", "a lone ** and a lone `"],
  ["\\*not it\\*", "*not it*"],
  ["<b>typed</b> & <script>", "&lt;b&gt;typed&lt;/b&gt; &amp; &lt;script&gt;"],
  ["1. unescaped! (yes) - a+b=c #4 {x}", "1. unescaped! (yes) - a+b=c #4 {x}"],
])("%j renders", (markdown, html) => {
  expect(renderHtml(markdown)).toBe(html);
});

test("BOTHTML-1, BOTHTML-3: whatever the Markdown, Telegram can read it, and shows no more than was written", () => {
  const part = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 12 }),
    fc.constantFrom(
      "*",
      "**",
      "***",
      "_",
      "__",
      "~~",
      "`",
      "``",
      "```",
      "```ts\n",
      "\n",
      "\n\n",
      "> ",
      "- ",
      "# ",
      "[",
      "](",
      "https://x.y/_a_",
      ")",
      "|",
      "|-|\n",
      "<",
      "&",
      '"',
      "\\",
      " ",
      "a",
      "b c",
    ),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      const markdown = parts.join("");
      const read = readTelegramHtml(renderHtml(markdown));
      expect(read.kind).toBe("ok");
      if (read.kind === "ok") expect(read.text.length).toBeLessThanOrEqual(markdown.length);
    }),
    { numRuns: toRuns(1_000) },
  );
});

test("long runs of marks do not take long", () => {
  // The square of the length is 16; backtracking would take hours.
  for (const mark of ["*", "_", "`", "[", "![", "**a", "_a ", "~~", "[a](", "\\", "a", "x_", "&"])
    expect(
      readGrowth(1_024, (size) => renderHtml(mark.repeat(size / mark.length))),
      mark,
    ).toBeLessThan(40);
});

// BOTHTML-2, BAREFILE-1
test.each([
  "README.md",
  "main.rs",
  "install.sh",
  "x.py",
  "a.zip",
  "Makefile.am",
  "config.ru",
  "model.pt.ml",
  "lib.so",
  "main.tf",
  "id_rsa.pub",
  "clip.mov",
  "docs/guide.md",
  "./install.sh",
  "~/bin/run.sh",
  "src\\main.rs",
  "отчёт.md",
  "CHANGELOG.MD",
])("%s is the name of a file: no link of Telegram's, letter for letter", (name) => {
  const code = `<code>${name}</code>`;
  const shown = code.replaceAll("\\\\", "\\");
  expect(
    renderHtml(`see ${name.replaceAll("\\", "\\\\")}, and (${name.replaceAll("\\", "\\\\")}).`),
  ).toBe(`see ${shown}, and (${shown}).`);
  expect(renderHtml(`**${name.replaceAll("\\", "\\\\")}**`)).toBe(`<b>${shown}</b>`);
});

test.each([
  "https://example.org/README.md",
  "http://install.sh",
  "www.example.rs/a.zip",
  "mail me@example.md",
  "example.com and youtu.be and example.co.uk",
  "Node.js, e.g. v1.2.3 and a.b()",
  "git@github.com:owner/repo",
])("%s is no name of a file", (text) => {
  expect(renderHtml(text)).toBe(text);
});

test("code in a list, indented code and dunders arrive letter for letter", () => {
  const lines = "rm *a* `b` __c__ \\d <e>";
  const html = "rm *a* `b` __c__ \\d &lt;e&gt;";
  for (const text of [
    `- do:\n\n  \`\`\`\n  ${lines}\n  \`\`\``,
    `1. do:\n   \`\`\`\n   ${lines}\n   \`\`\``,
    `- do:\n\n      ${lines}`,
    `do:\n\n    ${lines}`,
    `do:\n\n\t${lines}`,
    `> do:\n>\n>     ${lines}`,
  ])
    expect(renderHtml(text)).toContain(`<pre>${html}</pre>`);
  expect(renderHtml(`do:\n    ${lines}`)).toBe(`do:\n    ${html}`);
  expect(renderHtml('if __name__ == "__main__": __A__')).toBe(
    "if __name__ == &quot;__main__&quot;: __A__",
  );
});
