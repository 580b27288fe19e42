import { readTree, toReadable } from "./parser.js";
import { toRange, toSpans } from "./spans.js";
import { NO_INDENTS, readIndents } from "./verbatim.js";
const MAX_DEPTH = 16;
/** The blocks of a text, in order; none for a blank one. */
export function parseMarkdown(given) {
    const text = toReadable(given);
    const tree = readTree(text);
    const { definitions, used } = readReferences(tree.children);
    return toBlocks(tree.children, { reader: { text, definitions, used }, quotes: 0, depth: 0 });
}
/** What references mean, the first definition of a name counts; and which are used. */
export function readReferences(nodes) {
    const definitions = new Map();
    const used = new Set();
    const rest = nodes.toReversed();
    for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
        if (node.type === "definition" && !definitions.has(node.identifier))
            definitions.set(node.identifier, node.url);
        if (node.type === "linkReference" || node.type === "imageReference")
            used.add(node.identifier);
        if ("children" in node)
            rest.push(...node.children.toReversed());
    }
    return { definitions, used };
}
function toBlocks(nodes, where) {
    let end = Number.POSITIVE_INFINITY;
    return nodes.flatMap((node) => {
        const { start, end: last } = node.position ?? { start: { line: 0 }, end: { line: 0 } };
        const contents = toContents(node, where);
        const isSpaced = start.line - end > 1;
        if (contents.length > 0)
            end = last.line;
        return contents.map((content, index) => ({ ...content, isSpaced: index === 0 && isSpaced }));
    });
}
function toContents(node, where) {
    const { reader, quotes, depth } = where;
    const inline = { indents: NO_INDENTS, quotes, depth: 0 };
    if (depth > MAX_DEPTH)
        return [paragraph(toSource(node, where))];
    const deeper = { ...where, depth: depth + 1 };
    switch (node.type) {
        case "paragraph":
            return [{ kind: "paragraph", children: toLines(node, where) }];
        case "heading": {
            const children = toSpans(node.children, reader, inline);
            return [{ kind: "heading", level: node.depth, children }];
        }
        case "code":
            return [{ kind: "code", text: node.value, language: toLanguage(node.lang) }];
        case "html":
            return [paragraph(node.value)];
        case "thematicBreak":
            return [{ kind: "rule" }];
        case "blockquote":
            return [
                { kind: "quote", children: toBlocks(node.children, { ...deeper, quotes: quotes + 1 }) },
            ];
        case "list":
            return [toList(node, deeper)];
        case "table": {
            const [head = [], ...rows] = node.children.map((row) => row.children.map((cell) => toSpans(cell.children, reader, inline)));
            return [{ kind: "table", head, rows, source: toSource(node, where) }];
        }
        case "definition":
            return isShown(node, where) ? [paragraph(toSource(node, where))] : [];
        case "footnoteDefinition":
            return [
                paragraph(`[^${node.label ?? node.identifier}]:`),
                ...toBlocks(node.children, deeper),
            ];
        default:
            // Nothing else stands at the top of a tree; if the library learns more, it is text.
            return [paragraph(toSource(node, where))];
    }
}
function paragraph(text) {
    return { kind: "paragraph", children: [{ kind: "text", text }] };
}
function toLines(node, { reader, quotes }) {
    const indents = readIndents(reader.text, node, quotes);
    return toSpans(node.children, reader, { indents, quotes, depth: 0 });
}
/** PARSE-2 */
function isShown({ identifier }, { reader }) {
    return !reader.used.has(identifier);
}
function toLanguage(info) {
    return /^[A-Za-z0-9+#._-]{1,32}$/.exec(info ?? "")?.[0] ?? "";
}
function toList(node, where) {
    const { text } = where.reader;
    const marks = node.children.map((item) => {
        const [from] = toRange(item);
        const [, digits, mark] = /^(\d{1,9})([.)])/.exec(text.slice(from, from + 10)) ?? [];
        return { value: Number(digits), mark: mark === ")" ? ")" : ".", from };
    });
    const isAscending = marks.every(({ value }, at) => value > (marks[at - 1]?.value ?? -1));
    const first = node.start ?? 1;
    const items = node.children.map((item, at) => {
        const { value, mark, from } = marks[at] ?? { value: at, mark: ".", from: 0 };
        // PARSE-3
        const number = { value: isAscending ? value : first + at, mark };
        return {
            ...(node.ordered === true ? { number } : {}),
            ...(typeof item.checked === "boolean" ? { isChecked: item.checked } : {}),
            indent: from - (text.lastIndexOf("\n", from - 1) + 1),
            children: toBlocks(item.children, where),
        };
    });
    const isLoose = node.spread === true || node.children.some(({ spread }) => spread === true);
    return { kind: "list", isLoose, items };
}
/** As it was written, without the marks of the quotes around its lines. */
function toSource(node, { reader, quotes }) {
    const mark = new RegExp(`^(?:[ \\t]*>[ \\t]?){0,${quotes}}`);
    const lines = reader.text.slice(...toRange(node)).split("\n");
    return lines.map((line, index) => (index === 0 ? line : line.replace(mark, ""))).join("\n");
}
