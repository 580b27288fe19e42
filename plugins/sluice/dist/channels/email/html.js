/**
 * The text of an HTML mail.
 *
 * Owns: how html-to-text is asked. Never: fetches what a mail refers to.
 *
 * MAILHTML-1 What a mail's reader would not see is left out: it would be words that only a model reads.
 */
import { convert } from "../../vendor/html-to-text.js";
/** As `toPlainStyles` writes them. A number must end there: "font-size:0.9em" is small, and seen. */
const NOTHING = ["font-size", "max-height", "opacity"].flatMap((name) => [
    `[style*="${name}:0;"]`,
    `[style*="${name}:0px"]`,
    `[style$="${name}:0"]`,
]);
const HIDDEN = [
    '[style*="display:none"]',
    '[style*="visibility:hidden"]',
    '[style*="mso-hide:all"]',
    "[hidden]",
    ...NOTHING,
];
const HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"];
const MAX_HTML_CHARS = 512 * 1024;
/** Tables in tables: some programs put a hundred around a word. */
const MAX_DEPTH = 400;
const OPTIONS = {
    wordwrap: false,
    limits: { maxInputLength: MAX_HTML_CHARS, maxDepth: MAX_DEPTH, ellipsis: "…" },
    selectors: [
        { selector: "a", options: { hideLinkHrefIfSameAsText: true, ignoreHref: false } },
        { selector: "img", format: "skip" },
        ...HEADINGS.map((selector) => ({ selector, options: { uppercase: false } })),
        ...["style", "script", "head", "title", "template", ...HIDDEN].map((selector) => ({ selector, format: "skip" })),
    ],
};
/** Lines; what was quoted begins with `> `. */
export function toText(html) {
    return convert(toPlainStyles(html.slice(0, MAX_HTML_CHARS)), OPTIONS)
        .split("\n")
        .map((line) => line.trimEnd())
        .join("\n")
        .replace(/\n{3,}/g, "\n\n")
        .trim();
}
/** In small letters and without blanks, so that selectors find what they look for. */
function toPlainStyles(html) {
    return html.replace(/\bstyle\s{0,20}=\s{0,20}(?:"[^"]*"|'[^']*')/gi, (style) => style.toLowerCase().replace(/\s+/g, ""));
}
