/**
 * What a page says, as lines of text.
 *
 * Owns: leaving out what nobody reads: tags, scripts, styles, comments. Never: the meaning of a tag. Pure, in linear time.
 */
const HIDDEN = ["script", "style", "noscript", "template", "svg"];
const BLOCK = /^\/?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|tr|td|th|table|h[1-6]|section|article|header|footer|main|nav|aside|pre|blockquote|title|option|form|figure|details|summary)$/;
const NAMED = {
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: " ",
    ndash: "–",
    mdash: "—",
    hellip: "…",
    copy: "©",
};
export function isHtml(type, text) {
    return /\bx?html\b/i.test(type) || (type === "" && /^\s*<(?:!doctype html|html)\b/i.test(text));
}
export function toPageText(html) {
    const lower = html.toLowerCase();
    const parts = [];
    let at = 0;
    while (at < html.length) {
        const open = html.indexOf("<", at);
        if (open === -1)
            break;
        parts.push(html.slice(at, open));
        if (!/[a-z/!?]/.test(lower.charAt(open + 1))) {
            // "1 < 2" opens nothing.
            parts.push("<");
            at = open + 1;
            continue;
        }
        if (html.startsWith("<!--", open)) {
            at = toEnd(html.indexOf("-->", open + 4), 3, html.length);
            continue;
        }
        const close = findTagEnd(html, open);
        const [, name = ""] = /^(\/?[a-z0-9-]*)/.exec(lower.slice(open + 1, open + 41)) ?? [];
        at = Math.min(close + 1, html.length);
        if (HIDDEN.includes(name)) {
            const end = lower.indexOf(`</${name}`, at);
            at = end === -1 ? html.length : Math.min(findTagEnd(html, end) + 1, html.length);
        }
        parts.push(BLOCK.test(name) ? "\n" : "");
    }
    parts.push(html.slice(at));
    return parts
        .join("")
        .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{1,8}));/gi, toCharacter)
        .split("\n")
        .map((line) => line.replace(/\s+/g, " ").trim())
        .filter((line) => line !== "")
        .join("\n");
}
/** Behind a `>` that stands in no quotes; the end of the text where there is none. */
function findTagEnd(html, open) {
    let quote = "";
    for (let at = open + 1; at < html.length; at++) {
        const char = html.charAt(at);
        if (quote !== "")
            quote = char === quote ? "" : quote;
        else if (char === ">")
            return at;
        else if ((char === '"' || char === "'") && html.charAt(at - 1) === "=")
            quote = char;
    }
    return html.length;
}
function toEnd(found, length, end) {
    return found === -1 ? end : found + length;
}
function toCharacter(all, decimal, hex, name) {
    if (name !== undefined)
        return NAMED[name.toLowerCase()] ?? all;
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : all;
}
