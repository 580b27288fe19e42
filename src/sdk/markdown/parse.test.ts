import { expect, test } from "vitest";
import { readGrowth } from "../growth.fixture.ts";
import { parseMarkdown } from "./parse.ts";
import { type Block, type Span, toWords } from "./tree.ts";

/** All words that a reader is shown, whatever the block. */
function read(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.kind === "code") return block.text;
      if (block.kind === "rule") return "";
      if (block.kind === "quote") return read(block.children);
      if (block.kind === "list")
        return block.items
          .map(({ number, children }) => `${number?.value ?? "*"} ${read(children)}`)
          .join("\n");
      if (block.kind === "table") return [block.head, ...block.rows].flat().map(toWords).join("|");
      return toWords(block.children);
    })
    .join("\n");
}

// LITERAL-1, LITERAL-2, SPAN-1, SPAN-2, PARSE-2
test.each([
  "__A__",
  "__init__, __main__ and __name__",
  'if __name__ == "__main__":',
  "__import__('os').system(__cmd__)",
  "f(__a, b__)",
  "_foo_bar_ and _x1_",
  "a*b*c and 2*3*4",
  "x**2 + y**2",
  "src/*.ts test/*.ts",
  "rm -rf build/* dist/*",
  "build/**/*.o and dist/**/*.o",
  "/*comment*/ int",
  'SELECT "*" or "*"',
  "~/a and ~/b, 5~10 and 3~4",
  "un*frigging*believable",
  "Array<string> and <b>typed</b>",
  "<!-- a note -->",
  "[x](javascript:alert(1)) and [y](./README.md)",
  "[ERROR]: failed",
  "regex [^a]* and [a-z]*",
  "a[0][1] and b(c)[d]",
  "Run:\n    x = `date` * *y* __z__ \\* [a](b)\n\tkill <pid>",
  "> Run:\n>     x = *y*",
])("%j is read letter for letter", (text) => {
  expect(read(parseMarkdown(text))).toBe(text.replaceAll(/^> ?/gm, ""));
});

test.each<[string, Span["kind"]]>([
  ["a **bold** word", "strong"],
  ["一些**重点**内容", "strong"],
  ["the **PR**s", "strong"],
  ["(*so*)", "emphasis"],
  ["an _it_.", "emphasis"],
  ["~~gone~~", "strike"],
])("%j has its mark", (text, kind) => {
  const [block] = parseMarkdown(text);
  expect(block?.kind === "paragraph" && block.children.map((span) => span.kind)).toContain(kind);
});

// PARSE-3
test("items keep their numbers", () => {
  expect(read(parseMarkdown("3. c\n5. e\n9. i"))).toBe("3 c\n5 e\n9 i");
  expect(read(parseMarkdown("1. a\n1. b\n1. c"))).toBe("1 a\n2 b\n3 c");
});

// PARSE-1
test.each(["> ", "- ", "1. ", "* ", "[", "**a", "`", "<", "![", "[^a]: ", "- - ", "\t"])(
  "%j without an end is read without an exception",
  (part) => {
    expect(() => parseMarkdown(part.repeat(8_000 / part.length))).not.toThrow();
    const nested = Array.from({ length: 120 }, (_, at) => `${"  ".repeat(at)}${part}x`).join("\n");
    expect(() => parseMarkdown(nested)).not.toThrow();
  },
);

// The library's work is the square of the marks in a paragraph: 30 kB of them took it 10 s.
test.each(["*a_", "*_", "a*", "]]", "](", "[a][", "[[]]", "~~a"])(
  "30 kB of %j are read as letters, in no more than a few times the work of plain words",
  (part) => {
    const text = part.repeat(30_000 / part.length);
    expect(read(parseMarkdown(text))).toBe(text);
    expect(
      readGrowth(8_192, (size) => parseMarkdown(part.repeat(size / part.length))),
    ).toBeLessThan(12);
    const code = "a = `*b*`";
    const [, block] = parseMarkdown(`${text}\n\n\`\`\`\n${code}\n\`\`\``);
    expect(block).toMatchObject({ kind: "code", text: code });
  },
);

test("a picture within a link is its words: no link holds another", () => {
  const [block] = parseMarkdown("[![built](https://a.test/b.svg)](https://c.test/d)");
  expect(block).toMatchObject({
    children: [{ address: "https://c.test/d", children: [{ kind: "text", text: "built" }] }],
  });
});

test("30 kB of headings by underlines are read as letters, and no paragraph is lost", () => {
  const text = "a\n=\n".repeat(7_500).trimEnd();
  expect(read(parseMarkdown(text))).toBe(text);
  expect(readGrowth(8_192, (size) => parseMarkdown("a\n=\n".repeat(size / 4)))).toBeLessThan(12);
});
