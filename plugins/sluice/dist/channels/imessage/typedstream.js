/**
 * The text of an `attributedBody`: what Messages keeps where `text` is NULL.
 *
 * Owns: that text. Never: its attributes.
 *
 * ATTRIBUTED-1 The length is one byte below 0x80, `81` and two bytes, or `82` and four, all little-endian, and counts UTF-8 bytes. A text
 *    holds any bytes: no end mark is looked for. A length beyond the end takes what there is.
 * The form is NeXT's typedstream, as `NSArchiver` writes it; Apple documents neither.
 */
const MAGIC = Buffer.from("streamtyped", "latin1");
const CLASS = Buffer.from("NSString", "latin1");
/** Opens a value that is bytes. */
const BYTES = 0x2b;
/** Stands where a file stood. */
const OBJECT = /\uFFFC/gu;
/** The text without the marks of files; undefined where it is none of this form. Never throws. */
export function readAttributedText(body) {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    if (bytes.indexOf(MAGIC) !== 2)
        return undefined;
    const name = bytes.indexOf(CLASS);
    if (name === -1)
        return undefined;
    const mark = bytes.indexOf(BYTES, name + CLASS.length);
    if (mark === -1)
        return undefined;
    const found = readLength(bytes, mark + 1);
    if (found === undefined)
        return undefined;
    const { from, length } = found;
    return withoutObjects(bytes.toString("utf8", from, Math.min(bytes.length, from + length)));
}
export function withoutObjects(text) {
    return text.replaceAll(OBJECT, "");
}
function readLength(bytes, at) {
    const first = bytes[at];
    if (first === undefined)
        return undefined;
    if (first < 0x80)
        return { from: at + 1, length: first };
    if (first === 0x81 && at + 3 <= bytes.length)
        return { from: at + 3, length: bytes.readUInt16LE(at + 1) };
    if (first === 0x82 && at + 5 <= bytes.length)
        return { from: at + 5, length: bytes.readUInt32LE(at + 1) };
    return undefined;
}
