import { expect, test } from "vitest";
import { readExamples } from "../../../test/corpora/markdown/examples.ts";
import { readDiscord } from "../../../test/fakes/discord/fake-wire.ts";
import { renderDiscord } from "./render.ts";

// DISTEXT-3
test.each([
  ["**bold** and *soft* and ~~gone~~ and `code`", "**bold** and *soft* and ~~gone~~ and `code`"],
  ["# One\n#### Four", "# One\n**Four**"],
  ["- a\n- b\n  1. c\n  2. d", "- a\n- b\n  1. c\n  2. d"],
  ["- [x] done\n- [ ] open", "- ☑ done\n- ☐ open"],
  ["> quoted\n> twice", "> quoted\n> twice"],
  ["| a | b |\n|---|---|\n| 1 | 2 |", "```\n| a | b |\n|---|---|\n| 1 | 2 |\n```"],
  ["[words](https://example.com/a_(b))", "[words](https://example.com/a_%28b%29)"],
  ["[https://bank.example](https://evil.example)", "https://bank.example (https://evil.example)"],
  ["see https://example.com/a_b_c", "see https://example.com/a_b_c"],
  ["---", "———"],
])("%j is written as %j", (markdown, written) => {
  expect(renderDiscord(markdown)).toBe(written);
});

test.each([
  "__init__ and _x_y_ and a*b*c and x**2 + y**2",
  "||not hidden|| and ~~~",
  "<@123> <#5> </do:1> <t:1:R> <:e:1> @everyone",
  "\\# no heading",
  "C:\\dir\\file and \\\\server",
  "1\\. no list",
  "3 < 4 > 2 & snake_case",
])("DISTEXT-2: %j is shown as its words, and nothing else", (markdown) => {
  const written = renderDiscord(markdown);
  const words = markdown.replaceAll(/\\(?=[#.])/g, "");
  const plain = readDiscord(written);
  expect(plain).toBe(
    words.replaceAll("\\\\server", plain.includes("\\\\server") ? "\\\\server" : "\\server"),
  );
  // Whatever Discord could read as a mark is escaped.
  expect(written.replaceAll(/\\[^0-9A-Za-z\s]/g, "")).not.toMatch(/<[@#:/t]|\|\||~~|__|\*[^ ]/);
});

test.each(["````\n```\nyes abcde\n```\n````", "~~~\n```\n```js\n~~~", "`` a``` b ``"])(
  "DISTEXT-1: %j ends in its own code",
  (markdown) => {
    const written = renderDiscord(markdown);
    const [, fence = ""] = /^(`+)/.exec(written) ?? [];
    expect(written.slice(fence.length, -fence.length)).not.toContain(fence);
    expect(written.endsWith(fence)).toBe(true);
  },
);

// A table is shown as it was typed, with the code in its cells: they are not looked at here.
const WITH_CODE = readExamples().filter(
  ({ code, name }) => !name.includes("Tables") && code.some((one) => one.trim() !== ""),
);

test.each(WITH_CODE)("PARSE-1: $name: its code arrives letter for letter", ({ markdown, code }) => {
  const written = renderDiscord(markdown)
    .replaceAll("\u200b", "")
    .replaceAll(/^(?:> ?)+/gm, "");
  for (const one of code) {
    const bare = one.trim().replaceAll(/^(?:> ?)+/gm, "");
    if (bare !== "") expect(written).toContain(bare);
  }
});
