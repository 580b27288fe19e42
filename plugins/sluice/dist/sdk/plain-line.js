/**
 * One plain line for a text in Markdown: a title, or a short quotation.
 *
 * Owns: which line is taken, and which marks are removed. Never: renders anything.
 */
/** Longer lines are not looked at to their end: marks are searched for in all of it. */
const LOOKED_AT_CHARS = 400;
const AT_START = /^(?:#{1,6}\s+|>\s?|[-*+]\s+(?:\[[ xX]\]\s+)?|\d{1,9}[.)]\s+)+/;
const NO_WORDS = /^(?:(?:`{3,}|~{3,}).*|[\s|:*_=-]*)$/;
/** The first line with words, without its marks, at most `maxChars` long; empty where no line has any. */
export function toPlainLine(markdown, maxChars) {
    for (const line of markdown.split(/[\n\r]/)) {
        const text = line.trim();
        if (NO_WORDS.test(text))
            continue;
        const plain = withoutMarks(text.slice(0, LOOKED_AT_CHARS).replace(AT_START, "")).trim();
        if (plain === "")
            continue;
        return plain.length <= maxChars ? plain : `${plain.slice(0, maxChars - 1).toWellFormed()}…`;
    }
    return "";
}
function withoutMarks(text) {
    // What is code keeps its marks: they are none there.
    return text
        .split(/(`[^`]+`)/)
        .map((part, index) => index % 2 === 1
        ? part.slice(1, -1)
        : part
            .replace(/!?\[([^[\]]*)\]\([^()\s]*\)/g, "$1")
            .replace(/(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1(?!\.\w)/g, "$2")
            .replace(/(?<![\w*\\])([*_])(?=[^\s*_])([^*_]+)(?<=\S)\1(?![\w*])/g, "$2")
            .replace(/\\([\\`*_{}[\]()#+\-.!|~>])/g, "$1"))
        .join("");
}
