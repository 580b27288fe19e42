/**
 * A text in Markdown as Discord shows it.
 *
 * Owns: which blocks and spans Discord has, and which characters it would read as marks. Never: reads Markdown (sdk/markdown), splits or
 * sends.
 *
 * DISTEXT-1 No text ends its code: three backticks within a block are kept apart by a blank that nobody sees.
 * DISTEXT-2 What is no mark in the Markdown is none at Discord: `__init__`, `a*b*c`, `||`, `<@1>`, a line that begins with `#`.
 * DISTEXT-3 A table is kept as it was typed, in type of even width; deep headings are bold.
 * https://docs.discord.com/developers/reference#message-formatting https://support.discord.com/hc/en-us/articles/210298617
 */
import { parseMarkdown } from "../../sdk/markdown/parse.js";
import { toWords, } from "../../sdk/markdown/tree.js";
/** Shows nothing, and is no part of a mark. */
const APART = "\u200b";
const MAX_LEVEL = 3;
/** One message's worth of Markdown as the `content` of a message. */
export function renderDiscord(markdown) {
    return writeBlocks(parseMarkdown(markdown), 0);
}
function writeBlocks(blocks, level) {
    let text = "";
    for (const block of blocks) {
        const written = writeBlock(block, level);
        if (written === "")
            continue;
        text += (text === "" ? "" : block.isSpaced ? "\n\n" : "\n") + written;
    }
    return text;
}
function writeBlock(block, level) {
    switch (block.kind) {
        case "paragraph":
            return escapeLines(writeSpans(block.children));
        case "heading":
            return writeHeading(block, level);
        case "code":
            return writeCode(block.text, block.language);
        case "quote":
            return writeBlocks(block.children, level)
                .split("\n")
                .map((line) => `> ${line}`)
                .join("\n");
        case "list":
            return writeList(block, level);
        case "table":
            return writeCode(block.source, "");
        case "rule":
            return "———";
        default:
            return block;
    }
}
function writeHeading({ level: depth, children }, level) {
    const words = writeSpans(children);
    if (words.trim() === "")
        return "";
    // In a list a heading's mark is text.
    if (depth <= MAX_LEVEL && level === 0 && !words.includes("\n"))
        return `${"#".repeat(depth)} ${words}`;
    return `**${writeSpans(children, ["strong"])}**`;
}
/** DISTEXT-1. An empty block shows its own marks. */
function writeCode(text, language) {
    if (text.trim() === "")
        return "";
    const kept = text.replaceAll(/`{3,}/g, (run) => [...run].join(APART));
    // One that ends with a backtick would make the fence longer.
    return `\`\`\`${language}\n${kept}\n\`\`\``;
}
function writeList({ items, isLoose }, level) {
    return items
        .map((item, index) => {
        const blank = isLoose && index > 0 ? "\n" : "";
        const content = writeBlocks(item.children, level + 1).trimStart();
        return blank + `${"  ".repeat(level)}${toMark(item)} ${content}`.trimEnd();
    })
        .join("\n");
}
function toMark({ number, isChecked }) {
    const box = isChecked === undefined ? "" : isChecked ? " ☑" : " ☐";
    return `${number === undefined ? "-" : `${number.value}.`}${box}`;
}
const MARKS = { strong: "**", emphasis: "*", strike: "~~" };
/** `open`: marks around it, which are not opened twice. */
function writeSpans(spans, open = []) {
    return spans.map((span) => writeSpan(span, open)).join("");
}
function writeSpan(span, open) {
    switch (span.kind) {
        case "text":
            return escapeText(span.text);
        case "code":
            return writeInlineCode(span.text);
        case "strong":
        case "emphasis":
        case "strike": {
            const inner = writeSpans(span.children, [...open, span.kind]);
            if (open.includes(span.kind) || inner.trim() === "")
                return inner;
            return `${MARKS[span.kind]}${inner}${MARKS[span.kind]}`;
        }
        case "link":
            return writeLink(span, open);
        default:
            return span;
    }
}
function writeInlineCode(text) {
    if (text.trim() === "")
        return text;
    if (!text.includes("`"))
        return `\`${text}\``;
    const kept = text.replaceAll(/`{2,}/g, (run) => [...run].join(APART));
    return `\`\`${kept.startsWith("`") ? " " : ""}${kept}${kept.endsWith("`") ? " " : ""}\`\``;
}
/** Discord makes links of bare addresses, and of words with an address of the web; what it does not is written out. */
function writeLink(span, open) {
    const { address, isBare, children } = span;
    if (isBare)
        return toWords(children);
    const words = writeSpans(children, open);
    if (!/^https?:\/\/[^\s<>]+$/.test(address))
        return `${words} (${escapeText(address)})`;
    const target = address.replaceAll("(", "%28").replaceAll(")", "%29");
    // An address as the words of a link that leads elsewhere is shown as it is written.
    if (/https?:\/\//.test(toWords(children)))
        return `${words} (${address})`;
    return `[${words}](${target})`;
}
/** DISTEXT-2. A mark without its other half is a letter to Discord, too; so those that may have one are escaped. */
function escapeText(text) {
    return text
        .replaceAll(/\\(?=[^0-9A-Za-z\s])/g, "\\\\")
        .replaceAll(/[*`]|\|(?=\|)|(?<=\|)\||~(?=~)|(?<=~)~/g, "\\$&")
        .replaceAll(/__+|(?<![\p{L}\p{N}/:._-])_|_(?![\p{L}\p{N}/])/gu, (run) => [...run].map((mark) => `\\${mark}`).join(""))
        .replaceAll(/<(?=[@#:/a-z])/gi, "\\<")
        .replaceAll(/\[(?=[^\]\n]*\]\()/g, "\\[");
}
/** What at the beginning of a line would be a mark. */
function escapeLines(text) {
    return text
        .replaceAll(/^([ \t]*)(#{1,3}(?= )|-#(?= )|>{1,3}(?= )|[-+](?= ))/gm, "$1\\$2")
        .replaceAll(/^([ \t]*\d{1,9})([.)])(?= )/gm, "$1\\$2");
}
