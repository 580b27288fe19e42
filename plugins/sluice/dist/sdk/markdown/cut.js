import { readTree } from "./parser.js";
import { cutCode, cutLines, cutParagraph } from "./cut-line.js";
import { inlineReferences } from "./references.js";
import { toRange } from "./spans.js";
import { toColumns } from "./verbatim.js";
/** A first piece that would be smaller than this share of a whole one is left to the next. */
const MIN_SHARE = 0.5;
const MAX_DEPTH = 12;
/** A mark of an item, with the blanks behind it that are not those of its code. */
const ITEM_MARK = /^[ \t]*(?:[-+*]|\d{1,9}[.)])(?: {1,4}(?! )|[ \t]|(?=\n)|$)/;
/** The pieces of a text, none longer than `max`. */
export function cutMarkdown(text, max) {
    const own = text.includes("]:") ? inlineReferences(text) : text;
    return cutBlocks(own, { first: max, max }, 0).filter((piece) => piece.trim() !== "");
}
/** The pieces of some blocks; the first one fits into `room.first` and may be empty. */
function cutBlocks(text, room, depth) {
    const { children } = readTree(text);
    if (depth > MAX_DEPTH || children.length === 0)
        return cutLines(text, room);
    const pieces = new Pieces(room);
    let end = 0;
    for (const block of children) {
        const [from, to] = toLineRange(text, block);
        const gap = end === 0 ? "" : text.slice(end, from);
        end = to;
        const whole = text.slice(from, to);
        pieces.add(gap, whole, (left) => cutBlock(block, whole, left, depth));
    }
    return pieces.end();
}
class Pieces {
    #room;
    #pieces = [];
    #current = "";
    constructor(room) {
        this.#room = room;
    }
    /** `gap` stands between it and the block before it. */
    add(gap, whole, cut) {
        const { max } = this.#room;
        const glue = this.#current === "" ? "" : gap;
        const left = this.#limit - this.#current.length - glue.length;
        if (whole.length <= left) {
            this.#current += glue + whole;
            return;
        }
        if (whole.length <= max) {
            this.#next(whole);
            return;
        }
        const isWorthIt = left >= max * MIN_SHARE || this.#current === "";
        const [first = "", ...others] = cut({ first: isWorthIt ? left : max, max });
        if (first === "" || !isWorthIt)
            this.#next(first);
        else
            this.#current += glue + first;
        for (const piece of others)
            this.#next(piece);
    }
    end() {
        return [...this.#pieces, this.#current];
    }
    get #limit() {
        return this.#pieces.length === 0 ? this.#room.first : this.#room.max;
    }
    #next(piece) {
        this.#pieces.push(this.#current.trimEnd());
        this.#current = piece;
    }
}
function cutBlock(block, whole, room, depth) {
    switch (block.type) {
        case "code":
            return cutCode(block, room);
        case "blockquote": {
            const inner = whole.replaceAll(/^ {0,3}>( |(\t))?/gm, (_, _blank, tab) => (tab ? "  " : ""));
            return cutWrapped(inner, room, depth, (piece) => piece.replaceAll(/^/gm, "> "));
        }
        case "list":
            return cutList(block, whole, room, depth);
        case "table":
            return cutTable(whole, room);
        case "paragraph":
            return cutParagraph(whole, room);
        case "heading": {
            const mark = `${"#".repeat(block.depth)} `;
            const words = whole.replace(/^ {0,3}#{1,6}[ \t]+/, "").replace(/\n *(?:=+|-+) *$/, "");
            const inner = { first: room.first - mark.length, max: room.max - mark.length };
            return cutParagraph(words.replaceAll("\n", " "), inner).map((line) => line === "" ? "" : mark + line);
        }
        default:
            return cutLines(whole, room);
    }
}
/** Cuts what stands in a quote or an item, so that each piece fits once it is wrapped again. */
function cutWrapped(inner, room, depth, wrap) {
    let share = Math.min(0.95, inner.length / Math.max(1, wrap(inner, 0).length));
    for (;;) {
        const limits = { first: Math.floor(room.first * share), max: Math.floor(room.max * share) };
        const cut = cutBlocks(inner, limits, depth + 1);
        const begin = cut.findIndex((piece) => piece !== "");
        const pieces = cut.map((piece, index) => (piece === "" ? "" : wrap(piece, index - begin)));
        const isFitting = pieces.every((piece, index) => piece.length <= (index === 0 ? room.first : room.max));
        if (isFitting)
            return pieces;
        share *= 0.75;
        // Lines of one letter each, deep in quotes: letters count, and the quote does not.
        if (share < 0.2)
            return cutBlocks(inner, room, MAX_DEPTH + 1);
    }
}
/** Items as blocks; one that is too long goes on without its list. */
function cutList(list, whole, room, depth) {
    const pieces = new Pieces(room);
    const base = list.position?.start.offset ?? 0;
    const lineStart = (list.position?.start.column ?? 1) - 1;
    let end = 0;
    for (const item of list.children) {
        const [start, last] = toRange(item).map((at) => at - base + lineStart);
        const from = whole.lastIndexOf("\n", start - 1) + 1;
        const gap = end === 0 ? "" : whole.slice(end, from);
        end = last;
        const own = whole.slice(from, last);
        pieces.add(gap, own, (left) => cutItem(own, left, depth));
    }
    return pieces.end();
}
function cutItem(own, room, depth) {
    const mark = ITEM_MARK.exec(own)?.[0] ?? "";
    const columns = toColumns(mark);
    const [head = "", ...others] = own.slice(mark.length).split("\n");
    const inner = [head, ...others.map((line) => dedent(line, columns))].join("\n");
    const indent = " ".repeat(columns);
    return cutWrapped(inner, room, depth, (piece, index) => index === 0 ? mark + piece.replaceAll(/\n(?=.)/g, `\n${indent}`) : piece);
}
/** The line without the first `columns` of its blanks. */
function dedent(line, columns) {
    let width = 0;
    let at = 0;
    while (width < columns && /[ \t]/.test(line.charAt(at))) {
        width += line.charAt(at) === "\t" ? 4 - (width % 4) : 1;
        at += 1;
    }
    return " ".repeat(Math.max(0, width - columns)) + line.slice(at);
}
function cutTable(whole, room) {
    const [head = "", rule = "", ...rows] = whole.split("\n");
    const top = `${head}\n${rule}`;
    if (top.length > room.max / 2)
        return cutLines(whole, room);
    const pieces = [];
    let current = top;
    for (const row of rows) {
        const limit = pieces.length === 0 ? room.first : room.max;
        if (current.length + 1 + row.length <= limit) {
            current += `\n${row}`;
            continue;
        }
        pieces.push(current === top || current.length > limit ? "" : current);
        if (top.length + 1 + row.length <= room.max)
            current = `${top}\n${row}`;
        else {
            pieces.push(...cutLines(row, { first: room.max, max: room.max }));
            current = top;
        }
    }
    return current === top ? pieces : [...pieces, current];
}
/** From the start of its first line: the blanks there belong to a list and to indented code. */
function toLineRange(text, block) {
    const [from, to] = toRange(block);
    // Before a paragraph, at the start of a piece, they would make it code.
    return [block.type === "paragraph" ? from : text.lastIndexOf("\n", from - 1) + 1, to];
}
