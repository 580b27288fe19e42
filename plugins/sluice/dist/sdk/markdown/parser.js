import { fromMarkdown } from "../../vendor/mdast-util-from-markdown.js";
import { gfmFromMarkdown } from "../../vendor/mdast-util-gfm.js";
import { gfm } from "../../vendor/micromark-extension-gfm.js";
/** More of them in one line are no text that anybody wrote; each costs the library the square of their number. */
const MAX_CONTAINERS = 24;
const MARK = String.raw `(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))`;
const CONTAINERS = new RegExp(String.raw `^(?:(?:[ \t]*${MARK}){${MAX_CONTAINERS},}|[ \t]{${8 * MAX_CONTAINERS},}${MARK})`, "m");
/** More of them without a blank line between are no paragraph that anybody wrote; all of them cost the library their square. */
const MAX_MARKS = 2_000;
const MARKS = /[[\]]|\*+|_+|~+/g;
/** Headings by underlines: each costs the library the whole text before it. */
const MAX_UNDERLINES = 1_000;
const UNDERLINES = /^[ \t>]*(?:=+|-+)[ \t]*$/gm;
/** One tilde is a home folder or an estimate: `~/a`, `5~10`. */
const GITHUB = gfm({ singleTilde: false });
/** A bare address of mail is text: looking for one at each letter takes half of the time, and `git@github.com:a/b` is none. */
const SYNTAX = {
    ...GITHUB,
    text: Object.fromEntries(Object.entries(GITHUB.text ?? {}).map(([code, constructs]) => [
        code,
        [constructs ?? []].flat().filter(({ name }) => name !== "emailAutolink"),
    ])),
};
const BLOCKS = {
    ...SYNTAX,
    text: {},
    disable: {
        null: [
            "attention",
            "autolink",
            "htmlText",
            "labelEnd",
            "labelStartImage",
            "labelStartLink",
            "setextUnderline",
        ],
    },
};
// Its transforms look for links once more in what was read, and leave nodes without a place in the text.
const TREE = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }));
/** The tree with places in `given`, which has `\n` alone for the ends of lines. */
export function readTree(given) {
    // The library skips the mark of a byte order and does not count it: every place would be one too early.
    const text = given.replace(/^\uFEFF/, "\u2060");
    if (!CONTAINERS.test(text)) {
        try {
            const syntax = hasTooManyMarks(text) ? BLOCKS : SYNTAX;
            return fromMarkdown(text, { extensions: [syntax], mdastExtensions: [TREE] });
        }
        catch (thrown) {
            // Nested across lines: the stack is the library's limit.
            if (!(thrown instanceof RangeError))
                throw thrown;
        }
    }
    return toPlain(text);
}
function hasTooManyMarks(text) {
    const isOver = (part, marks, most) => (part.match(marks)?.length ?? 0) > most;
    return (isOver(text, UNDERLINES, MAX_UNDERLINES) ||
        text.split(/\n[ \t>]*\n/).some((part) => isOver(part, MARKS, MAX_MARKS)));
}
function toPlain(text) {
    const lines = text.split("\n");
    const start = { line: 1, column: 1, offset: 0 };
    const end = {
        line: lines.length,
        column: (lines.at(-1)?.length ?? 0) + 1,
        offset: text.length,
    };
    const position = { start, end };
    const words = { type: "text", value: text, position };
    return {
        type: "root",
        position,
        children: [{ type: "paragraph", position, children: [words] }],
    };
}
/** As texts are read everywhere: whole characters, one kind of line end, and no mark of a byte order before them. */
export function toReadable(text) {
    return text
        .toWellFormed()
        .replace(/^\uFEFF+/, "")
        .replaceAll(/\r\n?/g, "\n");
}
