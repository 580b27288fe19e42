/**
 * The text of an HTML mail.
 *
 * Owns: how html-to-text is asked. Never: fetches what a mail refers to.
 *
 * MAILHTML-1 What a mail's reader would not see is left out: it would be words that only a model reads.
 */
import { convert } from "../../vendor/html-to-text.js";
const HIDDEN = [
    '[style*="display:none"]',
    '[style*="display: none"]',
    '[style*="visibility:hidden"]',
    '[style*="visibility: hidden"]',
    '[style*="mso-hide:all"]',
    '[style*="mso-hide: all"]',
    '[style*="font-size:0"]',
    '[style*="font-size: 0"]',
    '[style*="opacity:0;"]',
    "[hidden]",
];
const HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"];
const MAX_HTML_CHARS = 512 * 1024;
const MAX_DEPTH = 60;
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
    return convert(html.slice(0, MAX_HTML_CHARS), OPTIONS)
        .split("\n")
        .map((line) => line.trimEnd())
        .join("\n")
        .replace(/\n{3,}/g, "\n\n")
        .trim();
}
