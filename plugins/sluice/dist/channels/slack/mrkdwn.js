/**
 * A text in Markdown as Slack's mrkdwn.
 *
 * Owns: which blocks and spans become which marks. Never: reads Markdown (sdk/markdown), splits or sends.
 *
 * MRKDWN-1 `&`, `<` and `>` of a text are escaped wherever they stand: no text of a session names a person, a channel or everybody.
 * MRKDWN-2 mrkdwn has no escape for its marks. A word that would be taken for one (`__init__`, `*args`) is set as code, letter for letter.
 * MRKDWN-3 A mark counts only at the edge of a word: where a letter stands beside it, a space without width is put between.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
import { parseMarkdown } from "../../sdk/markdown/parse.js";
import { toWords, } from "../../sdk/markdown/tree.js";
import { escapeMrkdwn } from "./escape.js";
export function renderMrkdwn(markdown) {
    return writeBlocks(parseMarkdown(markdown), { level: 0, isQuoted: false });
}
function writeBlocks(blocks, place) {
    let text = "";
    for (const block of blocks) {
        const written = writeBlock(block, place);
        if (written === "")
            continue;
        text += (text === "" ? "" : block.isSpaced ? "\n\n" : "\n") + written;
    }
    return text;
}
function writeBlock(block, place) {
    switch (block.kind) {
        case "paragraph":
            return writeSpans(block.children);
        case "heading":
            return mark("*", writeSpans(block.children, ["*"]));
        case "code":
            return writeCode(block.text);
        case "quote": {
            const inner = writeBlocks(block.children, { ...place, isQuoted: true });
            // Quotations do not nest in Slack.
            if (place.isQuoted || inner === "")
                return inner;
            return inner
                .split("\n")
                .map((line) => `> ${line}`)
                .join("\n");
        }
        case "list":
            return writeList(block, place);
        case "table":
            // mrkdwn has no tables: one is kept as it was typed, in type of even width.
            return writeCode(block.source);
        case "rule":
            return "———";
        default:
            return block;
    }
}
/** Three backticks would end it: a space without width stands between them, and looks like nothing. */
function writeCode(text) {
    if (text.trim() === "")
        return "";
    return `\`\`\`\n${escapeMrkdwn(text).replaceAll("```", "`\u200b`\u200b`")}\n\`\`\``;
}
function writeList({ items, isLoose }, place) {
    const inner = { ...place, level: place.level + 1 };
    return items
        .map((item, index) => {
        const blank = isLoose && index > 0 ? "\n" : "";
        const content = writeBlocks(item.children, inner).trimStart();
        const indent = "    ".repeat(place.level);
        return blank + `${indent}${toMark(item)} ${content}`.trimEnd();
    })
        .join("\n");
}
function toMark({ number, isChecked }) {
    const box = isChecked === undefined ? "" : isChecked ? "☑" : "☐";
    if (number === undefined)
        return box === "" ? "•" : box;
    return `${number.value}${number.mark}${box === "" ? "" : ` ${box}`}`;
}
const MARKS = { strong: "*", emphasis: "_", strike: "~" };
const WORD = /[\p{L}\p{M}\p{N}]/u;
/** `open`: marks around it, which are not opened twice. */
function writeSpans(spans, open = []) {
    let text = "";
    for (const span of spans) {
        const written = writeSpan(span, open);
        const isMarked = span.kind !== "text" && span.kind !== "link";
        // MRKDWN-3
        const touches = WORD.test([...text].at(-1) ?? "") && isMarked && /^[*_~`]/.test(written);
        const follows = /[*_~`]$/.test(text) && WORD.test([...written][0] ?? "");
        text += (touches || follows ? "\u200b" : "") + written;
    }
    return text;
}
function writeSpan(span, open) {
    switch (span.kind) {
        case "text":
            return writeText(span.text);
        case "code":
            return writeInlineCode(span.text);
        case "strong":
        case "emphasis":
        case "strike": {
            const sign = MARKS[span.kind];
            const inner = writeSpans(span.children, [...open, sign]);
            return open.includes(sign) ? inner : mark(sign, inner);
        }
        case "link":
            return writeLink(span.address, span.isBare, toWords(span.children));
        default:
            return span;
    }
}
/** A backtick inside would end it. */
function writeInlineCode(text) {
    if (text.trim() === "")
        return text;
    return `\`${escapeMrkdwn(text.replaceAll("\n", " ").replaceAll("`", "ˋ"))}\``;
}
/** Only addresses that lead to a page; in them, what would end the link is encoded. */
function writeLink(address, isBare, words) {
    if (!/^(?:https?:|mailto:)/i.test(address))
        return writeText(words);
    const target = escapeMrkdwn(address.replaceAll("|", "%7C").replaceAll(">", "%3E").replaceAll("<", "%3C"));
    const label = escapeMrkdwn(words.replaceAll("\n", " ").replaceAll("|", "¦"));
    return isBare || label.trim() === "" ? `<${target}>` : `<${target}|${label}>`;
}
/** MRKDWN-2: a word at whose edges a mark stands that has its like elsewhere in the line. */
function writeText(text) {
    return text
        .split(/(\s+)/)
        .map((word) => (isMarkLike(word) ? writeInlineCode(word) : escapeMrkdwn(word)))
        .join("");
}
function isMarkLike(word) {
    if (word.length < 2 || word.includes("`"))
        return false;
    return (/^[("'[{]*[*_~][^\s]*[\p{L}\p{N}]/u.test(word) ||
        /[\p{L}\p{N}][*_~]+[)"'\]},.:;!?]*$/u.test(word));
}
/** Marks count only around what neither begins nor ends with a blank, and within one line. */
function mark(sign, inner) {
    return inner
        .split("\n")
        .map((line) => {
        const [, before = "", words = "", after = ""] = /^(\s*)(.*?)(\s*)$/s.exec(line) ?? [];
        return words === "" ? line : `${before}${sign}${words}${sign}${after}`;
    })
        .join("\n");
}
