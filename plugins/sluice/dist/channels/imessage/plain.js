/**
 * A text in Markdown as plain text: Messages shows letters alone.
 *
 * Owns: what stands for a mark. Never: reads Markdown (sdk/markdown), splits or sends.
 */
import { parseMarkdown } from "../../sdk/markdown/parse.js";
import { toWords } from "../../sdk/markdown/tree.js";
/** Code is letter for letter what was written; a link shows its address behind its words. */
export function renderPlain(markdown) {
    return writeBlocks(parseMarkdown(markdown));
}
function writeBlocks(blocks) {
    let text = "";
    for (const block of blocks) {
        const written = writeBlock(block);
        if (written.trim() === "")
            continue;
        text += (text === "" ? "" : block.isSpaced ? "\n\n" : "\n") + written;
    }
    return text;
}
function writeBlock(block) {
    switch (block.kind) {
        case "paragraph":
        case "heading":
            return writeSpans(block.children);
        case "code":
            return block.text;
        case "quote":
            return prefix(writeBlocks(block.children), "> ");
        case "list":
            return block.items
                .map((item, index) => (block.isLoose && index > 0 ? "\n" : "") + writeItem(item))
                .join("\n");
        case "table":
            return block.source;
        case "rule":
            return "———";
        default:
            return block;
    }
}
function writeItem(item) {
    const box = item.isChecked === undefined ? "" : item.isChecked ? "☑ " : "☐ ";
    const mark = item.number === undefined ? "•" : `${item.number.value}${item.number.mark}`;
    const [first = "", ...rest] = writeBlocks(item.children).split("\n");
    return [`${mark} ${box}${first}`, ...rest.map((line) => `  ${line}`)].join("\n");
}
function prefix(text, mark) {
    return text
        .split("\n")
        .map((line) => mark + line)
        .join("\n");
}
function writeSpans(spans) {
    return spans
        .map((span) => {
        if (span.kind === "text" || span.kind === "code")
            return span.text;
        const words = writeSpans(span.children);
        if (span.kind !== "link" || span.isBare)
            return words;
        return toWords(span.children).trim() === "" ? span.address : `${words} (${span.address})`;
    })
        .join("");
}
