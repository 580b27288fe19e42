/**
 * The passphrase of the page: whether it is strong enough, and how it is kept and compared.
 *
 * Owns: its rules and its hash. Never: where the hash lies or how often somebody may try (remote.ts).
 *
 * PASSPHRASE-1 The passphrase is kept as scrypt with a salt of its own. N=2^15, r=8, p=3 is OWASP's setting for 32 MiB:
 *    https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt
 * PASSPHRASE-2 It is compared in constant time, after the same work for every text that was typed.
 */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { z } from "../../../vendor/zod.js";
const PARAMETERS = { N: 2 ** 15, r: 8, p: 3 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const MIN_CHARS = 14;
const MAX_CHARS = 256;
/** How many characters must be no continuation of those before. */
const MIN_SURPRISES = 10;
const MIN_DISTINCT = 6;
/** As it lies on disk: base64url. The parameters stand beside it, so that later ones can be stronger. */
export const keptPassphraseSchema = z.strictObject({
    salt: z.string().min(16).max(128),
    hash: z.string().min(32).max(128),
    N: z.literal(PARAMETERS.N),
    r: z.literal(PARAMETERS.r),
    p: z.literal(PARAMETERS.p),
    setAt: z.int().positive(),
});
/** Why a passphrase is refused, for people; undefined where it may be used. */
export function findWeakness(typed) {
    const text = toPlain(typed);
    const chars = [...text];
    if (chars.length < MIN_CHARS)
        return `it has ${chars.length} characters, ${MIN_CHARS} are needed: four or five words that do not belong together`;
    if (chars.length > MAX_CHARS)
        return `it has ${chars.length} characters, at most ${MAX_CHARS} are taken`;
    const folded = toUnit(text.toLowerCase());
    if (new Set(folded).size < MIN_DISTINCT)
        return "it is made of a few characters, over and over";
    const surprises = countSurprises(KNOWN.reduce((rest, word) => rest.replaceAll(word, "_"), folded));
    return surprises < MIN_SURPRISES
        ? "it is made of a well-known phrase, of rows of keys or of repetitions; take words that nobody would put together"
        : undefined;
}
export async function keepPassphrase(typed, setAt, derive = deriveByScrypt) {
    const salt = randomBytes(SALT_BYTES);
    const hash = await derive(toPlain(typed), salt);
    return {
        salt: salt.toString("base64url"),
        hash: hash.toString("base64url"),
        ...PARAMETERS,
        setAt,
    };
}
/** PASSPHRASE-2 */
export async function isPassphrase(typed, kept, derive = deriveByScrypt) {
    const expected = Buffer.from(kept.hash, "base64url");
    const actual = await derive(toPlain(typed), Buffer.from(kept.salt, "base64url"));
    return actual.length === expected.length && timingSafeEqual(actual, expected);
}
/** PASSPHRASE-1. Off the event loop: in a thread of libuv's pool. */
function deriveByScrypt(plain, salt) {
    const options = { ...PARAMETERS, maxmem: 64 * 1024 ** 2 };
    return new Promise((resolve, reject) => {
        scrypt(plain, salt, KEY_BYTES, options, (fault, key) => fault === null ? resolve(key) : reject(fault));
    });
}
/** The same letters, whichever keyboard made them. */
function toPlain(typed) {
    return typed.normalize("NFKC").trim();
}
/** What a text repeats, where it is nothing but repetitions: `abcabcabc` is `abc`. */
function toUnit(text) {
    const at = (text + text).indexOf(text, 1);
    return text.slice(0, at);
}
const ROWS = [
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azerty",
];
/** Characters that do not follow from the one before: as in `aaaa`, `abcd`, `4321`, `asdf`. */
function countSurprises(text) {
    let count = 0;
    for (let at = 0; at < text.length; at++) {
        const [before = "", char = ""] = [text[at - 1], text[at]];
        const step = char.charCodeAt(0) - before.charCodeAt(0);
        const isNext = before !== "" && Math.abs(step) <= 1;
        const isOnRow = before !== "" &&
            ROWS.some((row) => row.includes(before + char) || row.includes(char + before));
        if (!isNext && !isOnRow)
            count++;
    }
    return count;
}
/** Each counts as one character: what lists of guesses begin with. */
const KNOWN = [
    "correct horse battery staple",
    "correcthorsebatterystaple",
    "password",
    "passphrase",
    "passwort",
    "passw0rd",
    "p@ssw0rd",
    "letmein",
    "let me in",
    "iloveyou",
    "i love you",
    "welcome",
    "dragon",
    "monkey",
    "football",
    "baseball",
    "princess",
    "sunshine",
    "superman",
    "batman",
    "trustno1",
    "changeme",
    "secret",
    "sluice",
    "claude",
    "anthropic",
    "administrator",
    "admin",
    "the quick brown fox jumps over the lazy dog",
    "the quick brown fox",
    "hello world",
    "to be or not to be",
    "master",
    "login",
];
