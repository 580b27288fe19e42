/**
 * The one place that knows the library which reads Markdown.
 *
 * Owns: which dialect is read: CommonMark and GitHub's, with `~~` alone as the mark of what is struck.
 * A text that nests so deeply that the library gives up is read as one plain paragraph.
 */
import type { Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

/** More of them in one line are no text that anybody wrote; each costs the library the square of their number. */
const MAX_CONTAINERS = 24;
const MARK = String.raw`(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))`;
const CONTAINERS = new RegExp(
  String.raw`^(?:(?:[ \t]*${MARK}){${MAX_CONTAINERS},}|[ \t]{${8 * MAX_CONTAINERS},}${MARK})`,
  "m",
);
/** One tilde is a home folder or an estimate: `~/a`, `5~10`. */
const GITHUB = gfm({ singleTilde: false });
/** A bare address of mail is text: looking for one at each letter takes half of the time, and `git@github.com:a/b` is none. */
const SYNTAX = {
  ...GITHUB,
  text: Object.fromEntries(
    Object.entries(GITHUB.text ?? {}).map(([code, constructs]) => [
      code,
      [constructs ?? []].flat().filter(({ name }) => name !== "emailAutolink"),
    ]),
  ),
};
// Its transforms look for links once more in what was read, and leave nodes without a place in the text.
const TREE = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }));

/** The tree with places in `text`, which has `\n` alone for the ends of lines. */
export function readTree(text: string): Root {
  if (!CONTAINERS.test(text)) {
    try {
      return fromMarkdown(text, { extensions: [SYNTAX], mdastExtensions: [TREE] });
    } catch (thrown) {
      // Nested across lines: the stack is the library's limit.
      if (!(thrown instanceof RangeError)) throw thrown;
    }
  }
  return toPlain(text);
}

function toPlain(text: string): Root {
  const lines = text.split("\n");
  const start = { line: 1, column: 1, offset: 0 };
  const end = {
    line: lines.length,
    column: (lines.at(-1)?.length ?? 0) + 1,
    offset: text.length,
  };
  const position = { start, end };
  const words = { type: "text", value: text, position } as const;
  return {
    type: "root",
    position,
    children: [{ type: "paragraph", position, children: [words] }],
  };
}

/** As texts are read everywhere: whole characters, and one kind of line end. */
export function toReadable(text: string): string {
  return text.toWellFormed().replaceAll(/\r\n?/g, "\n");
}
