import { readTree } from "./parser.js";
import { toRange } from "./spans.js";
/** A first piece of code with fewer letters is left to the next message. */
const MIN_CODE = 16;
/** How many words a cut may move back, so that the rest does not begin like a block. */
const MAX_BACK = 40;
const BLOCK_START = /^(?:(?:[-+*]|\d{1,9}[.)]|#{1,6})(?:\s|$)|>|`{3}|~{3}|\||<|(?:=+|-+|_{3,}|\*{3,})\s*$)/;
/** CHUNK-3: code blocks with fences of their own, letter for letter. */
export function cutCode({ value, lang, meta }, room) {
    const info = [lang, meta].filter(Boolean).join(" ");
    const own = info.includes("`") ? "~" : "`";
    const runs = value.match(own === "~" ? /~+/g : /`+/g) ?? [];
    const mark = own.repeat(1 + Math.max(2, ...runs.map((marks) => marks.length)));
    // A fence that leaves no room for code: the code alone.
    if (2 * mark.length + MIN_CODE + 2 > room.max)
        return cutLines(value, room);
    const isRoomy = 2 * mark.length + info.length + MIN_CODE + 3 <= room.max;
    // A blank keeps a tilde of the name out of the fence.
    const name = info.startsWith(own) ? ` ${info}` : info;
    const opening = mark + (isRoomy && info.length <= room.max / 4 ? name : "");
    const around = opening.length + mark.length + 2;
    const pieces = cutText(value, { first: room.first - around, max: room.max - around });
    return pieces.map((piece, index) => piece === undefined || (index === 0 && piece === "" && pieces.length > 1)
        ? ""
        : `${opening}\n${piece}\n${mark}`);
}
/** Whole lines where they fit; nothing is dropped but the line feed at a cut. */
function cutText(text, { first, max }) {
    const pieces = [];
    let current;
    const limit = () => (pieces.length === 0 ? first : max);
    if (first < MIN_CODE)
        pieces.push("");
    for (const line of text.split("\n")) {
        let rest = line;
        if (current !== undefined && current.length + 1 + rest.length <= limit()) {
            current += `\n${rest}`;
            continue;
        }
        if (current !== undefined)
            pieces.push(current);
        while (rest.length > limit()) {
            const at = toCharacterStart(rest, limit());
            pieces.push(rest.slice(0, at));
            rest = rest.slice(at);
        }
        current = rest;
    }
    return [...pieces, current ?? ""];
}
/** Lines that are no block by themselves, as they are. */
export function cutLines(text, room) {
    return packAtoms(toWords(text), room);
}
/** A paragraph between its lines or words, its spans whole where they fit. */
export function cutParagraph(text, room) {
    const [only, another] = readTree(text).children;
    if (only?.type !== "paragraph" || another !== undefined)
        return cutLines(text, room);
    return packAtoms(toAtoms(text, only.children, [0, text.length], room.max), room);
}
function toAtoms(text, nodes, [begin, last], max) {
    const atoms = [];
    let end = begin;
    for (const node of nodes) {
        const [from, to] = toRange(node);
        atoms.push(...toWords(text.slice(end, from)));
        end = to;
        const whole = text.slice(from, to);
        atoms.push(...(node.type === "text" || node.type === "break" || node.type === "html"
            ? toWords(whole)
            : whole.length <= max
                ? [whole]
                : cutSpan(text, node, max)));
    }
    return [...atoms, ...toWords(text.slice(end, last))];
}
/** A span that is longer than a piece: its marks stand around each part. */
function cutSpan(text, node, max) {
    const [from, to] = toRange(node);
    if (node.type === "inlineCode") {
        const marks = /^`+/.exec(text.slice(from, to))?.[0] ?? "`";
        const inner = max - 2 * marks.length - 2;
        if (inner < MIN_CODE)
            return toWords(text.slice(from, to));
        return cutText(node.value, { first: inner, max: inner }).map((part) => `${marks}${/^`|`$|^ .*\S.* $/.test(part) ? ` ${part} ` : part}${marks}`);
    }
    const isMarked = node.type === "strong" || node.type === "emphasis" || node.type === "delete";
    const isLink = node.type === "link";
    if ((!isMarked && !isLink) || node.children.length === 0)
        return toWords(text.slice(from, to));
    const first = toRange(node.children[0])[0];
    const last = toRange(node.children.at(-1))[1];
    const [open, close] = [text.slice(from, first), text.slice(last, to)];
    const inner = max - open.length - close.length;
    if (inner < MIN_CODE)
        return toWords(text.slice(from, to));
    return packAtoms(toAtoms(text, node.children, [first, last], inner), { first: inner, max: inner })
        .filter((part) => part.trim() !== "")
        .map((part) => open + part.trim() + close);
}
/** Words with the blanks behind them. */
function toWords(text) {
    return text.match(/\s+|\S+[ \t]*\n?/g) ?? [];
}
/** The atoms in as few pieces as they need; the first may be empty. */
function packAtoms(given, { first, max }) {
    const pieces = [];
    let current = [];
    let length = 0;
    const atoms = [...given].toReversed();
    for (let atom = atoms.pop(); atom !== undefined; atom = atoms.pop()) {
        const limit = pieces.length === 0 ? first : max;
        if (length + atom.trimEnd().length <= limit) {
            current.push(atom);
            length += atom.length;
            continue;
        }
        if (atom.trimEnd().length > max || (length === 0 && pieces.length > 0)) {
            // Longer than any piece: between two of its characters.
            const left = limit - length;
            if (left >= max / 2 || (length === 0 && left > 0)) {
                const at = toCharacterStart(atom, left);
                atoms.push(atom.slice(at), atom.slice(0, at));
                continue;
            }
        }
        const kept = toCut(current, atom, limit);
        atoms.push(atom, ...current.slice(kept).toReversed());
        pieces.push(current.slice(0, kept).join("").trimEnd());
        current = [];
        length = 0;
        while (atoms.at(-1)?.trim() === "")
            atoms.pop();
    }
    pieces.push(current.join("").trimEnd());
    return pieces;
}
/** How many atoms stay: up to a line's end in the second half, else to a word's, unless the rest would begin like a block. */
function toCut(atoms, next, limit) {
    let length = atoms.reduce((sum, { length: one }) => sum + one, 0);
    let word;
    for (let kept = atoms.length; kept > 0 && length > limit / 2; kept -= 1) {
        const atom = atoms[kept - 1] ?? "";
        const rest = `${[...atoms.slice(kept, kept + 2), next].join("")}\n`;
        const isSafe = /\s$/.test(atom) && !BLOCK_START.test(rest.slice(0, rest.indexOf("\n")));
        if (isSafe && atom.endsWith("\n"))
            return kept;
        if (isSafe && atoms.length - kept <= MAX_BACK)
            word ??= kept;
        length -= atom.length;
    }
    return word ?? atoms.length;
}
/** CHUNK-2: the start of the character that stands at `at`, as people see characters. Never 0. */
function toCharacterStart(text, at) {
    if (at >= text.length)
        return text.length;
    const from = Math.max(0, at - 64);
    // A slice may begin in the middle of a character; the boundaries behind the first one are true.
    const segments = new Intl.Segmenter().segment(text.slice(from, at + 64));
    const start = from + (segments.containing(at - from)?.index ?? at - from);
    if (start > from)
        return start;
    // One character of 64 units and more is no character that anybody sees whole.
    const end = (text.charCodeAt(at) & 0xfc00) === 0xdc00 ? at - 1 : at;
    return Math.max(1, end);
}
