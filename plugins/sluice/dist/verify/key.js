/**
 * Turns configured credentials into key bytes.
 *
 * Owns: refusing a missing, short or damaged secret at the start: with it a channel would be open to all, or refuse all.
 * Never: shows a secret; messages name the key id and what is wrong.
 */
import { SluiceError } from "../sdk/errors.js";
import { isSafePublicKey } from "./ed25519.js";
import { parseBase64, parseHex } from "./encoding.js";
/** During a rotation old and new are active together; more than four is a list nobody cleans up, and each costs a hash a body. */
const MAX_CREDENTIALS = 4;
const ED25519_BYTES = 32;
/** @throws SluiceError `bad_config` for a wrong number or naming of credentials, `bad_secret` for one that cannot be used. */
export function parseKeys(scheme, credentials) {
    if (credentials.length === 0) {
        throw new SluiceError("bad_secret", `${scheme.title}: no secret is configured; a channel without one would accept anybody, so set one`);
    }
    if (credentials.length > MAX_CREDENTIALS) {
        throw new SluiceError("bad_config", `${scheme.title}: ${credentials.length} secrets are configured; keep at most ${MAX_CREDENTIALS}`);
    }
    const seen = new Set();
    return credentials.map(({ keyId, secret }) => {
        if (keyId === "" || seen.has(keyId)) {
            throw new SluiceError("bad_config", `${scheme.title}: key id "${keyId}" is empty or used twice; give each secret its own`);
        }
        seen.add(keyId);
        const bytes = parseKey(scheme, keyId, secret, scheme.key);
        if (scheme.algorithm === "ed25519" && !isSafePublicKey(bytes)) {
            throw bad(scheme, keyId, "is not a safe Ed25519 public key; copy it again from the sender");
        }
        return { keyId, bytes };
    });
}
/** The seed or secret that signs. @throws SluiceError `bad_secret`. */
export function parseSigningKey(scheme, { keyId, secret }) {
    const bytes = parseKey(scheme, keyId, secret, scheme.signingKey ?? scheme.key);
    // Some tools write the seed and the public key one after the other, 64 bytes: the seed is what signs.
    return scheme.algorithm === "ed25519" ? bytes.subarray(0, ED25519_BYTES) : bytes;
}
function parseKey(scheme, keyId, secret, format) {
    // Callers hand in what a file or variable held; believing the type here would turn a missing secret into an open door.
    const text = secret?.reveal();
    if (typeof text !== "string" || text.trim() === "")
        throw bad(scheme, keyId, "is missing or empty; set it again");
    if (text.trim() !== text) {
        throw bad(scheme, keyId, "begins or ends with white space or a line break; set it again without (printf, not echo)");
    }
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    if (/[\u0000-\u001f\u007f]/.test(text))
        throw bad(scheme, keyId, "holds a control character or line break; set it again");
    if (scheme.algorithm === "equality" && !/^[\x21-\x7e]+$/.test(text)) {
        throw bad(scheme, keyId, "holds spaces or non-ASCII characters, which cannot travel in a header; choose another");
    }
    if (!text.startsWith(format.prefix))
        throw bad(scheme, keyId, `must begin with "${format.prefix}"; copy it whole from the sender`);
    const bytes = decode(text.slice(format.prefix.length), format);
    if (bytes === undefined)
        throw bad(scheme, keyId, `is not ${format.encoding} after "${format.prefix}"; copy it whole from the sender`);
    if (bytes.length < format.minBytes) {
        throw bad(scheme, keyId, `has ${bytes.length} bytes; at least ${format.minBytes} are needed, so make a longer one`);
    }
    return bytes;
}
function decode(text, { encoding }) {
    switch (encoding) {
        case "text":
            return Buffer.from(text, "utf8");
        case "base64":
            return parseBase64(text);
        case "hex":
            return parseHex(text);
        default:
            return encoding;
    }
}
function bad(scheme, keyId, what) {
    return new SluiceError("bad_secret", `${scheme.title}: the secret of key "${keyId}" ${what}`);
}
