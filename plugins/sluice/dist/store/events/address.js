/**
 * The address of an event: all that routing knows of it, as one text.
 *
 * Owns: making it as the table `events` does (schema 003), without asking the table. Never: reads an address.
 */
/** Characters that JSON writes as they are, whoever writes it. */
const PLAIN = /^[ !#-[\]-~]*$/;
let last;
/** Undefined where only the table is sure to write it so. */
export function toAddress(...parts) {
    // Many events come to one place.
    if (last !== undefined && parts.every((part, index) => part === last?.parts[index]))
        return last.address;
    const isPlain = parts.every((part) => part === null || PLAIN.test(part));
    last = { parts, address: isPlain ? JSON.stringify(parts) : undefined };
    return last.address;
}
