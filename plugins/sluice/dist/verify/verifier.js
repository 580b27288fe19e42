/**
 * The one engine that proves who sent a request, driven by the table in schemes.ts.
 *
 * Owns: the order (arity, shape, signature, window) and the reasons; comparing what a request presents with every active key, in the same
 * time whichever fits, or none.
 * Never: parses or decodes the body; it sees raw bytes. Never falls back to a weaker version or header.
 *
 * VERIFY-1 A verifier fails closed: without a usable secret there is none.
 * VERIFY-2 Every security header must appear exactly once. `req.headersDistinct` shows that; in `req.headers` node joins a repeated
 *    header into one value or keeps the first.
 * VERIFY-3 All keys are tried, in constant time.
 * VERIFY-4 The time window reaches to both sides, and is judged only after the signature: a stale but genuine request shows a wrong
 *    clock.
 */
import { createHmac, createSecretKey, hash as digestOf, randomBytes, timingSafeEqual, } from "node:crypto";
import { openEd25519Prover } from "./ed25519-prover.js";
import { parseBase64, parseHex } from "./encoding.js";
import { findScheme } from "./find-scheme.js";
import { parseKeys } from "./key.js";
import { isIdSigned, toSignedHead } from "./schemes.js";
/** Bytes of a decoded candidate; others need not be tried. Ed25519 and digests have one length each. */
const PROOF_BYTES = {
    equality: 256, // See toTokenImage.
    "hmac-sha256": 32,
    "hmac-sha1": 20,
    ed25519: 64,
};
/** More signatures than two versions under four rotating keys: not a sender but somebody who buys our CPU time. */
const MAX_ITEMS = 8;
/** @throws SluiceError `bad_config` or `bad_secret`: a verifier that cannot verify is never made (VERIFY-1). */
export function openVerifier(options) {
    const { scheme, credentials, header } = options;
    return openRow(scheme, findScheme(scheme, header), credentials);
}
/** A verifier for a row. `openVerifier` is the everyday door. */
export function openRow(name, row, credentials) {
    const prover = openProver(row.algorithm, parseKeys(row, credentials));
    const compiled = { name, row, prover, idSigned: isIdSigned(row) };
    return { begin: (headers, now) => begin(compiled, headers, now) };
}
function begin({ name, row, prover, idSigned }, headers, now) {
    const presented = readItems(headers, row.proof);
    if (presented.kind === "refused")
        return presented;
    const candidates = presented.items
        .map((item) => decode(row, item))
        .filter((bytes) => bytes !== undefined);
    if (candidates.length === 0)
        return malformed(row.proof.header);
    const stamp = row.timestamp === "none" ? undefined : readTimestamp(headers, row.timestamp);
    if (stamp?.kind === "refused")
        return stamp;
    const id = row.deliveryId === "none" ? undefined : readDeliveryId(headers, row.deliveryId, idSigned);
    if (id?.kind === "refused")
        return id;
    const fields = { id: id?.value ?? "", timestamp: stamp?.text ?? "" };
    const proof = prover(row.signed === "nothing" ? "" : toSignedHead(row, fields), candidates);
    const finish = () => {
        const keyId = proof.match();
        if (keyId === undefined)
            return {
                kind: "refused",
                reason: row.algorithm === "equality" ? "bad_token" : "bad_signature",
            };
        if (stamp !== undefined && row.timestamp !== "none") {
            const skewMs = now - stamp.sentAt;
            // Written so that a clock that is no number refuses too.
            if (!(Math.abs(skewMs) <= row.timestamp.windowMs))
                return { kind: "refused", reason: skewMs < 0 ? "future" : "stale", skewMs };
        }
        return {
            kind: "verified",
            scheme: name,
            keyId,
            ...(id && { deliveryId: id.value }),
            idSigned,
        };
    };
    return { kind: "begun", check: { update: (chunk) => proof.update(chunk), finish } };
}
function decode(row, item) {
    if (row.encoding === "text")
        return /^[\x21-\x7e]+$/.test(item) ? toTokenImage(item) : undefined;
    const bytes = row.encoding === "hex" ? parseHex(item) : parseBase64(item);
    return bytes?.length === PROOF_BYTES[row.algorithm] ? bytes : undefined;
}
function readTimestamp(headers, { place, unit }) {
    const found = readItems(headers, place);
    if (found.kind === "refused")
        return found;
    const [text = ""] = found.items;
    const digits = unit === "s" ? /^\d{1,12}$/ : /^\d{1,15}$/;
    // Two of them: which one was signed would be the sender's word against ours.
    if (found.items.length > 1 || !digits.test(text))
        return malformed(place.header);
    return { kind: "stamp", text, sentAt: Number(text) * (unit === "s" ? 1000 : 1) };
}
function readDeliveryId(headers, { header }, idSigned) {
    const one = readOne(headers, header);
    if (one.kind === "refused") {
        // An unsigned id can be left out or made up by whoever replays a request, so demanding it would prove nothing.
        return one.reason === "missing_header" && !idSigned ? undefined : one;
    }
    // The separator inside a signed id would let one signature fit two readings of id, time and body.
    const wellFormed = idSigned ? /^[\x21-\x2d\x2f-\x7e]{1,256}$/ : /^[\x21-\x7e]{1,256}$/;
    return wellFormed.test(one.value) ? one : malformed(header);
}
function malformed(header) {
    return { kind: "refused", reason: "malformed_header", header };
}
/** The value of a header that must be there once. */
function readOne(headers, header) {
    // hasOwn: a configured name such as "constructor" must not find Object.prototype.
    const found = Object.hasOwn(headers, header) ? headers[header] : undefined;
    if (typeof found === "string")
        return { kind: "one", value: found };
    const [value, ...more] = found ?? [];
    if (value === undefined)
        return { kind: "refused", reason: "missing_header", header };
    if (more.length > 0)
        return { kind: "refused", reason: "doubled_header", header };
    return { kind: "one", value };
}
/** The values at a place: one, or as many as a list holds of the row's version. Other versions are passed over, never tried. */
function readItems(headers, place) {
    const { header, prefix, separator } = place;
    const one = readOne(headers, header);
    if (one.kind === "refused")
        return one;
    if (separator === "" && one.value.startsWith(prefix) && one.value !== "")
        return { kind: "items", items: [one.value.slice(prefix.length)] };
    const parts = separator === "" ? [one.value] : one.value.split(separator);
    if (parts.includes(""))
        return { kind: "refused", reason: "malformed_header", header };
    const items = parts
        .filter((part) => startsWith(part, place))
        .map((part) => part.slice(prefix.length));
    if (items.length === 0)
        return { kind: "refused", reason: "unknown_version", header };
    if (items.length > MAX_ITEMS)
        return { kind: "refused", reason: "malformed_header", header };
    return { kind: "items", items };
}
function startsWith(part, place) {
    if (!place.prefixIgnoresCase)
        return part.startsWith(place.prefix);
    return part.slice(0, place.prefix.length).toLowerCase() === place.prefix.toLowerCase();
}
export function openProver(algorithm, keys) {
    switch (algorithm) {
        case "equality":
            return openEqualityProver(keys);
        case "hmac-sha256":
            return openHmacProver("sha256", keys);
        case "hmac-sha1":
            return openHmacProver("sha1", keys);
        case "ed25519":
            return openEd25519Prover(keys);
        default:
            return algorithm;
    }
}
/**
 * What stands for a token in comparisons: of one length for all, so that not even a secret's length shows in the time. The token itself,
 * filled up with zeros; of one that is longer than any that Sluice makes, its digest behind a byte that no token has.
 */
function toTokenImage(token) {
    const image = Buffer.allocUnsafe(PROOF_BYTES.equality).fill(0);
    if (token.length <= PROOF_BYTES.equality)
        write(image, token, 0);
    else {
        image[0] = 1;
        write(image, digestOf("sha256", token, "hex"), 1);
    }
    return image;
}
/** Tokens are printable ASCII: a character is a byte. */
function write(image, token, at) {
    if (typeof token === "string")
        image.write(token, at, "latin1");
    else
        image.set(token, at);
}
function openHmacProver(hash, keys) {
    // As key objects, once: a key given as bytes is imported anew for each HMAC, which costs more than hashing a small body.
    const secretKeys = keys.map(({ keyId, bytes }) => ({ keyId, key: createSecretKey(bytes) }));
    return (head, candidates) => {
        const macs = secretKeys.map(({ keyId, key }) => ({
            keyId,
            mac: createHmac(hash, key).update(head, "latin1"),
        }));
        return {
            update(chunk) {
                for (const { mac } of macs)
                    mac.update(chunk);
            },
            match() {
                return firstMatch(macs.map(({ keyId, mac }) => ({ keyId, digest: mac.digest() })), candidates);
            },
        };
    };
}
function openEqualityProver(keys) {
    const digests = keys.map(({ keyId, bytes }) => ({ keyId, digest: toTokenImage(bytes) }));
    const fillerKey = createSecretKey(randomBytes(32));
    return (_head, candidates) => {
        const matched = firstMatch(digests, candidates);
        if (matched !== undefined)
            return { update: () => { }, match: () => matched };
        // The body proves nothing here. Where it is refused it is hashed all the same, so that the time of a refusal does not tell a token
        // channel from a signed or an unknown one.
        const filler = createHmac("sha256", fillerKey);
        return {
            update(chunk) {
                filler.update(chunk);
            },
            match() {
                filler.digest();
                return undefined;
            },
        };
    };
}
function firstMatch(expected, candidates) {
    let matched;
    // Every key against every candidate, no early exit: the time must not tell which key is active.
    for (const { keyId, digest } of expected) {
        for (const candidate of candidates) {
            // Lengths are public; timingSafeEqual throws on unequal ones.
            if (candidate.length === digest.length && timingSafeEqual(candidate, digest))
                matched ??= keyId;
        }
    }
    return matched;
}
