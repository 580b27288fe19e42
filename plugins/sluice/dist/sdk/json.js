/**
 * A strict reader for JSON that strangers wrote, and typed look-ups into what it gives.
 *
 * Owns: refusing what is no JSON (bad UTF-8 among it), leaving out what is nested too deep to be read, and reading a value without
 * trusting its shape. Never: what a field means; a refusal for size, which is the ingress's.
 *
 * JSONTEXT-1 Nothing here recurses over the input, so no depth can exhaust the stack; and no value is deeper than `MAX_DEPTH`, so who walks
 *    one or writes it as text cannot exhaust it either. What lies deeper is not parsed: a mark stands in its place, and its characters are
 *    counted.
 * JSONTEXT-2 Only own properties are read: `__proto__`, `constructor` and `toString` in a body are keys like any other.
 * JSONTEXT-3 An integer that a double cannot hold is returned as the string of its digits, so an id is never rounded.
 */
/** Deepest nesting of objects and arrays that is read. JSON.stringify, unlike JSON.parse, overflows the stack at about 10,000. */
export const MAX_DEPTH = 64;
/** Stands for an object or an array that lies too deep. */
const LEFT_OUT = '"…"';
/** Parses bytes (UTF-8, a byte order mark is dropped) or text. Bad input is a value, never a throw; the reason holds no input. */
export function parseJson(input) {
    const given = typeof input === "string" ? input : decodeUtf8(input);
    if (given === undefined)
        return { kind: "bad", reason: "the body is not valid UTF-8" };
    if (isPlainJson(given))
        return parsePlain(given);
    const { deep, isOpen, ...found } = scan(given);
    // A megabyte of open brackets need not be parsed to be known as broken.
    if (isOpen)
        return BROKEN;
    const text = deep.length === 0 ? given : replaceAll(given, deep, () => LEFT_OUT);
    const { longDigits } = text === given ? found : scan(text);
    try {
        const value = JSON.parse(text);
        const leftOut = deep.reduce((sum, { start, end }) => sum + end - start, 0);
        if (longDigits.length === 0)
            return { kind: "ok", value, leftOut };
        // Only text that already parsed is rewritten, so a rewrite cannot make broken JSON valid.
        const quoted = quoteLongIntegers(text, longDigits);
        return { kind: "ok", value: JSON.parse(quoted), leftOut };
    }
    catch {
        // The parser's message quotes the input, which is a stranger's: only the fact is passed on.
        return BROKEN;
    }
}
/** Nothing in it can lie too deep, and no number in it be too long: then there is nothing to look for. */
function isPlainJson(text) {
    let opened = 0;
    for (const sign of ["{", "["])
        for (let i = text.indexOf(sign); i !== -1; i = text.indexOf(sign, i + 1))
            if (++opened > MAX_DEPTH)
                return false;
    return !/\d{16}/.test(text);
}
function parsePlain(text) {
    try {
        const value = JSON.parse(text);
        return { kind: "ok", value, leftOut: 0 };
    }
    catch {
        return BROKEN;
    }
}
const BROKEN = Object.freeze({ kind: "bad", reason: "the body is not valid JSON" });
/** The object that a text holds; undefined where it is no JSON, or no object. Not for what strangers wrote. */
export function parseObject(text) {
    try {
        const value = JSON.parse(text);
        return isObject(value) ? value : undefined;
    }
    catch {
        return undefined; // No JSON is an answer too, and JSON.parse throws nothing else.
    }
}
/** Whether objects and arrays in a JSON text lie deeper than `max` in each other. */
export function isDeeper(text, max) {
    let depth = 0;
    for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (code === 0x22)
            i = endOfString(text, i);
        else if (code === 0x7d || code === 0x5d)
            depth--;
        else if ((code === 0x7b || code === 0x5b) && ++depth > max)
            return true;
    }
    return false;
}
/** An object as it is, anything else as an empty one: its fields stay unknown. */
export function toObject(value) {
    return isObject(value) ? value : {};
}
function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true });
/** Strict UTF-8, or undefined. A byte order mark is dropped. */
export function decodeUtf8(bytes) {
    try {
        return STRICT_UTF8.decode(bytes);
    }
    catch {
        return undefined; // The only thing `decode` throws for is the bytes.
    }
}
/** Text that survives storage and transport unchanged: no NUL, lone surrogates replaced by U+FFFD. */
export function toStorableText(text) {
    const whole = text.toWellFormed();
    return whole.includes("\0") ? whole.replaceAll("\0", "") : whole;
}
/** Text of any bytes: broken ones become U+FFFD, since half a message is worth more than none. `isWhole`: none was broken. */
export function decodeLoosely(bytes) {
    const text = decodeUtf8(bytes);
    return text === undefined
        ? { text: toStorableText(bytes.toString("utf8")), isWhole: false }
        : { text: toStorableText(text), isWhole: true };
}
/** The value at a dotted path of own properties, or undefined. */
export function at(value, path) {
    let here = value;
    for (const key of path.split(".")) {
        if (typeof here !== "object" || here === null || !Object.hasOwn(here, key))
            return undefined;
        here = here[key]; // Own property, just checked.
    }
    return here;
}
/** The non-empty string at a path, storable, or undefined. */
export function textAt(value, path) {
    const found = at(value, path);
    return typeof found === "string" && found !== "" ? toStorableText(found) : undefined;
}
/** The safe integer, zero or more, at a path, or undefined. */
export function countAt(value, path) {
    const found = at(value, path);
    return Number.isSafeInteger(found) && found >= 0 ? found : undefined;
}
/** A numeric id at a path as decimal digits, whatever its size (JSONTEXT-3), or undefined. */
export function idAt(value, path) {
    const found = at(value, path);
    if (typeof found === "string")
        return /^\d{1,40}$/.test(found) ? found : undefined;
    return countAt(value, path)?.toString();
}
/** True only for a literal `true` at a path. */
export function isTrueAt(value, path) {
    return at(value, path) === true;
}
/** The array at a path; empty when there is none. */
export function listAt(value, path) {
    const found = at(value, path);
    return Array.isArray(found) ? found : [];
}
/** The time at a path as epoch ms: an ISO 8601 string, or a number of epoch seconds. */
export function timeAt(value, path) {
    const found = at(value, path);
    const isIso = typeof found === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(found);
    const ms = isIso ? Date.parse(found) : typeof found === "number" ? found * 1000 : Number.NaN;
    return Number.isSafeInteger(ms) && ms > 0 ? ms : undefined;
}
/** One pass outside strings. */
function scan(text) {
    const found = { deep: [], isOpen: false, longDigits: [] };
    let depth = 0;
    let digits = 0;
    let start = 0;
    // One step past the end, where the code is NaN, closes a number that ends the text.
    for (let i = 0; i <= text.length; i++) {
        const code = text.charCodeAt(i);
        if (code >= 0x30 && code <= 0x39) {
            digits++;
            continue;
        }
        // 2^53 has sixteen digits.
        if (digits >= 16)
            found.longDigits.push({ start: i - digits, end: i });
        digits = 0;
        if (code === 0x22) {
            i = endOfString(text, i);
        }
        else if (code === 0x7b || code === 0x5b) {
            if (depth++ === MAX_DEPTH)
                start = i;
        }
        else if ((code === 0x7d || code === 0x5d) && --depth === MAX_DEPTH) {
            found.deep.push({ start, end: i + 1 });
        }
    }
    found.isOpen = depth > MAX_DEPTH;
    return found;
}
/** Index of the quote that closes the string opened at `start`, or the end of the text. */
function endOfString(text, start) {
    let i = start + 1;
    while (i < text.length) {
        const code = text.charCodeAt(i);
        if (code === 0x22)
            return i;
        i += code === 0x5c ? 2 : 1;
    }
    return i;
}
/** JSONTEXT-3. Several times faster than a reviver with source text, which is called for every value. */
function quoteLongIntegers(text, spans) {
    const long = spans.flatMap(({ start, end }) => {
        const first = text[start - 1] === "-" ? start - 1 : start;
        const isInteger = !/[.eE+]/.test(text[first - 1] ?? "") && !/[.eE]/.test(text[end] ?? "");
        if (!isInteger || Number.isSafeInteger(Number(text.slice(first, end))))
            return [];
        return [{ start: first, end }];
    });
    return replaceAll(text, long, (digits) => `"${digits}"`);
}
function replaceAll(text, spans, replace) {
    const parts = [];
    let done = 0;
    for (const { start, end } of spans) {
        parts.push(text.slice(done, start), replace(text.slice(start, end)));
        done = end;
    }
    return parts.join("") + text.slice(done);
}
