/**
 * Splits a text in Markdown into pieces that a platform takes.
 *
 * Owns: the size of pieces, and when a text is cut. Never: where (markdown/cut.ts), or renders it.
 *
 * CHUNK-1 A piece is never longer than asked, in UTF-16 units, which is what chat platforms count, or by the measure that is given.
 * CHUNK-2 No character is cut: no half surrogate pair, no emoji without its other half.
 * CHUNK-3 A code block that is cut is two whole code blocks, wherever it stands: in a list, in a quote, indented or fenced; and what
 *    stands in them is letter for letter what stood in it.
 * CHUNK-4 A cut prefers the end of a block, then of a line, then of a word; bold text, inline code and links stay whole where they fit.
 */
import { cutMarkdown } from "./markdown/cut.js";
import { toReadable } from "./markdown/parser.js";
const MIN_CHARS = 64;
/** Four bytes a character. */
const MIN_LIMIT = MIN_CHARS / 4;
/**
 * The pieces, in order; none for a blank text. Outside of code blocks, blank lines at a cut are dropped.
 * @param measure how long a piece is; by default its UTF-16 units.
 * @throws RangeError below 64 characters: a piece must hold a fence and some text.
 */
export function chunkMarkdown(text, maxChars, measure = (piece) => piece.length) {
    if (!Number.isSafeInteger(maxChars) || maxChars < MIN_CHARS) {
        throw new RangeError(`a piece needs at least ${MIN_CHARS} characters, got ${maxChars}`);
    }
    const whole = toReadable(text).trimEnd();
    if (whole.trim() === "")
        return [];
    const size = measure(whole);
    if (size <= maxChars)
        return [whole];
    const cut = (piece, limit) => cutMarkdown(piece, limit).flatMap((part) => measure(part) <= maxChars || limit <= MIN_LIMIT
        ? [part]
        : cut(part, Math.max(MIN_LIMIT, Math.floor(limit * 0.8))));
    // Where a character counts several times, fewer of them fit.
    const share = Math.min(1, whole.length / size);
    return cut(whole, Math.max(MIN_LIMIT, Math.floor(maxChars * share)));
}
