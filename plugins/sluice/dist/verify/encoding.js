/**
 * Strict decoding of signatures and keys.
 *
 * Owns: one text for one value. Never: leniency; `Buffer.from` stops silently at the first bad digit and takes base64url
 * for base64, so that many texts would mean one signature.
 */
/** Bytes of lower-case hex, or undefined. */
export function parseHex(text) {
    return /^(?:[0-9a-f]{2})+$/.test(text) ? Buffer.from(text, "hex") : undefined;
}
/** Bytes of canonical base64 (RFC 4648, 4: padded, unused bits zero), or undefined. */
export function parseBase64(text) {
    const bytes = Buffer.from(text, "base64");
    // Encoding again and comparing refuses base64url, missing padding, white space and stray bits alike.
    return bytes.toString("base64") === text ? bytes : undefined;
}
