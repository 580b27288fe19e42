/**
 * A text in Markdown in WhatsApp's own marks.
 *
 * Owns: which marks. Never: reads Markdown (sdk/markdown), splits or sends.
 *
 * WARENDER-1 The text is never longer than the Markdown by more than the marks that WhatsApp needs; code is letter for letter.
 * Marks: https://faq.whatsapp.com/539178204879377
 */
import { parseMarkdown } from "../../sdk/markdown/parse.js";
import { toWords } from "../../sdk/markdown/tree.js";
export function renderWhatsApp(markdown) {
    return writeBlocks(parseMarkdown(markdown), 0);
}
function writeBlocks(blocks, level) {
    let text = "";
    for (const block of blocks) {
        const written = writeBlock(block, level);
        if (written.trim() === "")
            continue;
        text += (text === "" ? "" : block.isSpaced ? "\n\n" : "\n") + written;
    }
    return text;
}
function writeBlock(block, level) {
    switch (block.kind) {
        case "paragraph":
            return writeSpans(block.children);
        case "heading":
            return wrap("*", toWords(block.children));
        case "code":
            return fence(block.text);
        case "quote":
            return writeBlocks(block.children, level)
                .split("\n")
                .map((line) => `> ${line}`)
                .join("\n");
        case "list":
            return block.items
                .map((item, index) => (block.isLoose && index > 0 ? "\n" : "") + writeItem(item, level))
                .join("\n");
        case "table":
            return fence(block.source);
        case "rule":
            return "———";
        default:
            return block;
    }
}
/** What holds the mark itself stands without it: WhatsApp would end it there. */
function fence(text) {
    return text.trim() === "" ? "" : text.includes("```") ? text : `\`\`\`\n${text}\n\`\`\``;
}
function writeItem(item, level) {
    const box = item.isChecked === undefined ? "" : item.isChecked ? "☑ " : "☐ ";
    const mark = item.number === undefined ? "•" : `${item.number.value}${item.number.mark}`;
    const indent = "  ".repeat(level);
    return `${indent}${mark} ${box}${writeBlocks(item.children, level + 1).trimStart()}`.trimEnd();
}
const MARKS = { strong: "*", emphasis: "_", strike: "~" };
function writeSpans(spans) {
    return spans
        .map((span) => {
        if (span.kind === "text")
            return span.text;
        if (span.kind === "code")
            return span.text.includes("`") || span.text.includes("\n") ? span.text : `\`${span.text}\``;
        const words = writeSpans(span.children);
        if (span.kind !== "link")
            return wrap(MARKS[span.kind], words);
        if (span.isBare)
            return words;
        return words.trim() === "" ? span.address : `${words} (${span.address})`;
    })
        .join("");
}
/** A mark counts only around a text that neither begins nor ends with a blank, within one line. */
function wrap(mark, text) {
    const [, before = "", inner = "", after = ""] = /^(\s*)([^]*?)(\s*)$/.exec(text) ?? [];
    return inner === "" || inner.includes("\n") || inner.includes(mark)
        ? text
        : `${before}${mark}${inner}${mark}${after}`;
}
