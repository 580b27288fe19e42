import { isLiteral } from "./literal.js";
import { toWords } from "./tree.js";
import { readPrefix } from "./verbatim.js";
const MAX_DEPTH = 16;
export function toSpans(nodes, reader, place) {
    const spans = [];
    for (const node of nodes) {
        for (const span of toSpan(node, reader, place)) {
            const last = spans.at(-1);
            if (span.kind !== "text" || last?.kind !== "text")
                spans.push(span);
            else
                spans[spans.length - 1] = { kind: "text", text: last.text + span.text };
        }
    }
    return spans;
}
/** The place of a node in the text. */
export function toRange({ position }) {
    const [from, to] = [position?.start.offset, position?.end.offset];
    if (from === undefined || to === undefined)
        throw new TypeError("a node of Markdown without its place in the text");
    return [from, to];
}
function toSpan(node, reader, place) {
    const isIndented = place.indents.has(node.position?.start.line ?? 0);
    if (node.type === "text")
        return text(toText(node, reader, place));
    if (node.type === "break")
        return text(`\n${place.indents.get((node.position?.start.line ?? 0) + 1) ?? ""}`);
    if (isIndented || place.depth > MAX_DEPTH)
        return text(toSource(node, reader, place));
    switch (node.type) {
        case "inlineCode":
            // The end of a line within code is a blank.
            return [{ kind: "code", text: node.value.replaceAll("\n", " ") }];
        case "html":
            return text(node.value);
        case "strong":
        case "emphasis":
        case "delete":
            return toMarked(node, reader, place);
        case "link":
            return toLink(node, node.url, reader, place);
        case "linkReference":
            return toLink(node, reader.definitions.get(node.identifier) ?? "", reader, place);
        case "image":
            return toImage(node, node.url, reader, place);
        case "imageReference":
            return toImage(node, reader.definitions.get(node.identifier) ?? "", reader, place);
        case "footnoteReference":
            return text(toSource(node, reader, place));
        default:
            return node;
    }
}
function toMarked(node, reader, place) {
    const [from, to] = toRange(node);
    const [open, close] = toInner(node);
    const children = toSpans(node.children, reader, { ...place, depth: place.depth + 1 });
    const kind = node.type === "delete" ? "strike" : node.type;
    if (kind === "strike" || !isLiteral(reader.text, { from, open, close, to }))
        return [{ kind, children }];
    return [
        ...text(reader.text.slice(from, open)),
        ...children,
        ...text(reader.text.slice(close, to)),
    ];
}
/** Where the content of a node with children begins and ends. */
function toInner(node) {
    const [from, to] = toRange(node);
    const [first, last] = [node.children[0], node.children.at(-1)];
    return [
        first === undefined ? to : toRange(first)[0],
        last === undefined ? to : toRange(last)[1],
    ].map((at) => Math.min(Math.max(at, from), to));
}
function toLink(node, address, reader, place) {
    const [from, to] = toRange(node);
    const isLink = isAddress(address);
    const children = toSpans(node.children, reader, { ...place, depth: place.depth + 1, isLink });
    if (!isLink) {
        const [open, close] = toInner(node);
        const { text: all } = reader;
        return [...text(all.slice(from, open)), ...children, ...text(all.slice(close, to))];
    }
    const words = toWords(children);
    if (words.trim() === "")
        return [toBare(address)];
    const isBare = [words, `http://${words}`, `mailto:${words}`].includes(address);
    return [{ kind: "link", address, isBare, children }];
}
/** A picture is not loaded: it is a link to it, and within a link, which holds no other, its words. */
function toImage(node, address, reader, place) {
    if (!isAddress(address))
        return text(toSource(node, reader, place));
    const alt = node.alt ?? "";
    if (place.isLink === true)
        return text(alt.trim() === "" ? address : alt);
    if (alt.trim() === "" || alt === address)
        return [toBare(address)];
    return [{ kind: "link", address, isBare: false, children: text(alt) }];
}
function toBare(address) {
    return { kind: "link", address, isBare: true, children: text(address) };
}
/** SPAN-1: other schemes do things in the programs that people read with. */
function isAddress(address) {
    const url = URL.parse(address);
    return url !== null && ["http:", "https:", "mailto:"].includes(url.protocol);
}
function text(words) {
    return words === "" ? [] : [{ kind: "text", text: words }];
}
/** The words of a text; of its indented lines all letters as they were written. */
function toText(node, { text: all }, { indents, quotes }) {
    if (indents.size === 0)
        return node.value;
    const [from, to] = toRange(node);
    const first = node.position?.start.line ?? 0;
    const written = all.slice(from, to).split("\n");
    const lines = node.value.split("\n");
    return lines
        .map((line, index) => {
        const indent = indents.get(first + index);
        const source = written[index];
        if (indent === undefined || source === undefined)
            return line;
        if (index === 0)
            return source;
        return indent + source.slice(readPrefix(source, quotes).length);
    })
        .join("\n");
}
/** As it was written, without the marks of the quotes around its lines. */
function toSource(node, { text: all }, { indents, quotes }) {
    const first = node.position?.start.line ?? 0;
    return all
        .slice(...toRange(node))
        .split("\n")
        .map((line, index) => index === 0
        ? line
        : (indents.get(first + index) ?? "") + line.slice(readPrefix(line, quotes).length))
        .join("\n");
}
