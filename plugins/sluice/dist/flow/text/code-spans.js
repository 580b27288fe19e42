/**
 * Where a text holds code, as Markdown writes it: in fences, indented, in backticks.
 *
 * Owns: finding it. Pure, linear time. Never: decides what may stand there (tags.ts); it reads a stranger's text, so code is a matter of
 * how it looks, not of whether it is safe.
 */
/** Quotes, list signs and indents may stand before a fence. */
const FENCE = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})([^\n]*)$/;
const INDENTED = /^(?: {4}| {0,3}\t)[ \t]*\S/;
const BLANK = /^[ \t>]*$/;
/** Says of a place whether code stands there; ask in rising order. */
export function findCode(text) {
    const spans = /`|~~~|\t| {4}/.test(text) ? listSpans(text) : [];
    let next = 0;
    return (at) => {
        while ((spans[next]?.to ?? Infinity) <= at)
            next++;
        return (spans[next]?.from ?? Infinity) <= at;
    };
}
function listSpans(text) {
    const spans = [];
    let fence;
    let paragraph;
    let isAfterBlank = true;
    let at = 0;
    const endParagraph = (to) => {
        if (paragraph !== undefined)
            spans.push(...listInline(text, paragraph, to));
        paragraph = undefined;
    };
    for (const line of text.split("\n")) {
        const from = at;
        at += line.length + 1;
        const [, sign, after = ""] = FENCE.exec(line) ?? [];
        if (fence !== undefined) {
            const isEnd = sign !== undefined &&
                sign[0] === fence.sign[0] &&
                sign.length >= fence.sign.length &&
                after.trim() === "";
            if (isEnd)
                spans.push({ from: fence.from, to: from });
            if (isEnd)
                fence = undefined;
            isAfterBlank = true;
        }
        else if (sign !== undefined && !(sign.startsWith("`") && after.includes("`"))) {
            endParagraph(from);
            fence = { sign, from: at };
        }
        else if (isAfterBlank && INDENTED.test(line)) {
            endParagraph(from);
            spans.push({ from, to: at });
        }
        else if (BLANK.test(line)) {
            endParagraph(from);
            isAfterBlank = true;
        }
        else {
            paragraph ??= from;
            isAfterBlank = false;
        }
    }
    endParagraph(text.length);
    if (fence !== undefined)
        spans.push({ from: fence.from, to: text.length });
    return spans;
}
/** Between two runs of equally many backticks. */
function listInline(text, from, to) {
    const runs = [...text.slice(from, to).matchAll(/`+/g)].map(({ 0: { length }, index }) => ({
        length,
        at: from + index,
    }));
    const byLength = new Map();
    for (const [i, { length }] of runs.toReversed().entries()) {
        const places = byLength.get(length) ?? [];
        places.push(runs.length - 1 - i);
        byLength.set(length, places);
    }
    const spans = [];
    for (let i = 0; i < runs.length; i++) {
        const open = runs[i];
        const places = byLength.get(open?.length ?? 0) ?? [];
        while ((places.at(-1) ?? Infinity) <= i)
            places.pop();
        const closing = places.at(-1);
        const close = closing === undefined ? undefined : runs[closing];
        if (open === undefined || close === undefined || closing === undefined)
            continue;
        spans.push({ from: open.at + open.length, to: close.at });
        i = closing;
    }
    return spans;
}
