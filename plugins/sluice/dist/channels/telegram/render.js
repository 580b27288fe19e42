/**
 * A text in Markdown as Telegram's HTML.
 *
 * Owns: which blocks and spans become which tags. Never: reads Markdown (sdk/markdown), splits or sends.
 *
 * BOTHTML-1 Every tag that opens is closed, in order, and every `<`, `>` and `&` of the text is escaped: Telegram refuses a message
 *    with one fault in it.
 * BOTHTML-2 The name of a file is no link: Telegram makes one of each bare word that ends like a domain (file-names.ts).
 * BOTHTML-3 The text that people see is never longer than the Markdown: Telegram's limit counts the text without its tags.
 * Tags: https://core.telegram.org/bots/api#html-style
 */
import { parseMarkdown } from "../../sdk/markdown/parse.js";
import { toWords, } from "../../sdk/markdown/tree.js";
import { markFileNames } from "./file-names.js";
/** One message's worth of Markdown as HTML for `parse_mode: "HTML"`. */
export function renderHtml(markdown) {
    return writeBlocks(parseMarkdown(markdown), { level: 0, isQuoted: false });
}
export function escapeHtml(text) {
    return text
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll('"', "&quot;");
}
function writeBlocks(blocks, place) {
    let html = "";
    for (const block of blocks) {
        const written = writeBlock(block, place);
        if (written === "")
            continue;
        html += (html === "" ? "" : block.isSpaced ? "\n\n" : "\n") + written;
    }
    return html;
}
function writeBlock(block, place) {
    switch (block.kind) {
        case "paragraph":
            return writeSpans(block.children);
        case "heading":
            return wrap("b", writeSpans(block.children, ["b"]));
        case "code":
            return writeCode(block);
        case "quote": {
            const inner = writeBlocks(block.children, { ...place, isQuoted: true });
            // Quotations do not nest in Telegram.
            return place.isQuoted ? inner : wrap("blockquote", inner);
        }
        case "list":
            return writeList(block, place);
        case "table":
            // Telegram has no tables: one is kept as it was typed, in type of even width.
            return `<pre>${escapeHtml(block.source)}</pre>`;
        case "rule":
            return "———";
        default:
            return block;
    }
}
/** An empty `pre` is refused by some clients and shows nothing in the others. */
function writeCode({ text, language }) {
    if (text.trim() === "")
        return "";
    const code = escapeHtml(text);
    return language === ""
        ? `<pre>${code}</pre>`
        : `<pre><code class="language-${language}">${code}</code></pre>`;
}
function writeList({ items, isLoose }, place) {
    const inner = { ...place, level: place.level + 1 };
    return items
        .map((item, index) => {
        const blank = isLoose && index > 0 ? "\n" : "";
        const content = writeBlocks(item.children, inner).trimStart();
        // No wider than it was typed (BOTHTML-3).
        const indent = " ".repeat(Math.min(item.indent, 2 * place.level));
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
const TAGS = { strong: "b", emphasis: "i", strike: "s" };
/** `open`: tags around it, which are not opened twice. */
function writeSpans(spans, open = []) {
    return spans.map((span) => writeSpan(span, open)).join("");
}
function writeSpan(span, open) {
    switch (span.kind) {
        case "text":
            return open.includes("a")
                ? escapeHtml(span.text)
                : markFileNames(span.text, escapeHtml, (name) => wrap("code", escapeHtml(name)));
        case "code":
            return wrap("code", escapeHtml(span.text));
        case "strong":
        case "emphasis":
        case "strike": {
            const tag = TAGS[span.kind];
            const inner = writeSpans(span.children, [...open, tag]);
            return open.includes(tag) ? inner : wrap(tag, inner);
        }
        case "link":
            // A bare address is text to Telegram, which makes a link of it.
            if (span.isBare)
                return escapeHtml(toWords(span.children));
            return `<a href="${escapeHtml(span.address)}">${writeSpans(span.children, [...open, "a"])}</a>`;
        default:
            return span;
    }
}
function wrap(tag, inner) {
    return inner.trim() === "" ? inner : `<${tag}>${inner}</${tag}>`;
}
