/**
 * Codes that people read, type and send.
 *
 * Owns: their alphabet, making, recognising and comparing them. Never: keeps one, or decides what it opens.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
/** Crockford's base 32, https://www.crockford.com/base32.html: no I, L, O or U; what looks alike is read as the same. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** Every code has such a digit, which no letter is read as: "hello bot" is no code, and its writer hears nothing. */
const NO_WORD = /[2-9]/;
/** 30 bits: it only counts where the owner types it beside the identity it stands for. */
export const PAIRING_CHARS = 6;
/** 40 bits: whoever sends it in time is linked. */
export const INVITE_CHARS = 8;
export function mintCode(chars) {
    let code = "";
    // Five bits of each byte: no bias, since 32 divides 256.
    for (const byte of randomBytes(chars))
        code += ALPHABET[byte & 31];
    return NO_WORD.test(code) ? code : mintCode(chars);
}
/** The code that `text` is as a whole, as typed by a person; undefined when it is something else. A chat's `/start CODE` is one too. */
export function parseCode(text, chars) {
    // Longer texts are not worth a look, however long they are.
    if (text.length > 64)
        return undefined;
    const code = text
        .trim()
        .replace(/^\/start(?:@\w+)?\s+/i, "")
        .replace(/[\s-]/g, "")
        .toUpperCase()
        .replace(/[IL]/g, "1")
        .replaceAll("O", "0");
    const isCode = code.length === chars && [...code].every((char) => ALPHABET.includes(char));
    return isCode && NO_WORD.test(code) ? code : undefined;
}
/** In two halves, as people copy it: `ABCD-EFGH`. */
export function showCode(code) {
    const half = code.length / 2;
    return `${code.slice(0, half)}-${code.slice(half)}`;
}
/** What is kept of a code. `bound` are the facts that it stands for: a row that claims others matches no code. */
export function hashCode(code, bound) {
    return createHash("sha256")
        .update(JSON.stringify([code, ...bound]))
        .digest("hex");
}
/** In constant time. */
export function isSameHash(one, other) {
    const [a, b] = [Buffer.from(one), Buffer.from(other)];
    return a.length === b.length && timingSafeEqual(a, b);
}
