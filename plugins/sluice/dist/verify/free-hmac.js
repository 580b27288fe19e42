/**
 * A signature scheme in one line, for a sender that nobody has described: `sha256:hex:X-Signature:{body}`.
 *
 * Owns: reading that line. Never: a window that the user did not ask for; a line with `{timestamp}` has five minutes.
 *
 * Its parts: the hash (`sha1`, `sha256`, `sha512`), how the signature is written (`hex`, `base64`), the header it stands in, with the text
 * in front of it behind an `=` (`X-Signature=sha256=`), and the signed text. `{timestamp:X-Time}` reads a time from a header, in seconds
 * or milliseconds, `{id:X-Id}` an id; `{header:X-Name}`, `{url}`, `{method}` and `{body}` are what they say. `\\n` is a line break.
 */
import { SluiceError } from "../sdk/errors.js";
import { checkScheme } from "./check-scheme.js";
import { WINDOW_MS } from "./schemes.js";
export const FREE_HMAC = "hmac";
const LINE = /^(sha1|sha256|sha512):(hex|base64):([A-Za-z0-9-]{1,64})(?:=([!-~]{0,32}?))?:(.+)$/s;
const EXAMPLE = "write it as sha256:hex:X-Signature:{body}, or sha256:hex:X-Signature=v0=:v0:{timestamp:X-Time}:{body}";
/** @throws SluiceError `bad_config`. */
export function parseFreeHmac(line) {
    const [, hash, encoding, header = "", prefix = "", text = ""] = LINE.exec(line) ?? [];
    if (hash === undefined || encoding === undefined)
        throw new SluiceError("bad_config", `--hmac "${line}" is not understood; ${EXAMPLE}`);
    const places = {};
    // `{timestamp:X-Time}` is two columns of a row: the field, and where it is read.
    const signed = text
        .replaceAll("\\n", "\n")
        .replace(/\{(timestamp|id):([A-Za-z0-9-]{1,64})\}/g, (_whole, field, name) => {
        places[field === "id" ? "id" : "timestamp"] = name.toLowerCase();
        return `{${field}}`;
    })
        .replace(/\{header:([A-Za-z0-9-]{1,64})\}/g, (_whole, name) => `{header:${name.toLowerCase()}}`);
    const timestamp = places.timestamp === undefined
        ? "none"
        : {
            place: { header: places.timestamp, prefix: "", separator: "" },
            unit: "s-or-ms",
            windowMs: WINDOW_MS,
        };
    // The line is checked below, as any row is.
    const row = {
        title: "HMAC",
        algorithm: `hmac-${hash}`,
        encoding,
        proof: { header: header.toLowerCase(), prefix, separator: "" },
        key: { encoding: "text", prefix: "", minBytes: 4 },
        signed,
        timestamp,
        deliveryId: places.id === undefined ? "none" : { header: places.id },
    };
    checkScheme(row);
    return row;
}
