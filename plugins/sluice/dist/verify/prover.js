/**
 * Proofs under keys that sender and verifier share, and under public keys: what a request presents against every active key.
 *
 * Owns: comparing in the same time whichever key fits, or none (VERIFY-3). Never: headers, clocks, reasons (verifier.ts).
 */
import { createHmac, createSecretKey, hash as digestOf, randomBytes, timingSafeEqual, verify, } from "node:crypto";
/** Bytes that stand for a token: see toTokenImage. */
export const TOKEN_IMAGE_BYTES = 256;
export function openHmacProver(algorithm, keys) {
    const hash = algorithm.slice("hmac-".length);
    // As key objects, once: a key given as bytes is imported anew for each HMAC, which costs more than hashing a small body.
    const secretKeys = keys.map(({ keyId, bytes }) => ({ keyId, key: createSecretKey(bytes) }));
    return ({ head, tail, candidates }) => {
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
                if (tail !== "")
                    for (const { mac } of macs)
                        mac.update(tail, "latin1");
                return firstMatch(macs.map(({ keyId, mac }) => ({ keyId, digest: mac.digest() })), candidates);
            },
        };
    };
}
export function openEqualityProver(keys) {
    const digests = keys.map(({ keyId, bytes }) => ({ keyId, digest: toTokenImage(bytes) }));
    const fillerKey = createSecretKey(randomBytes(32));
    return ({ candidates }) => {
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
/** `hash` null: the algorithm has its own. */
export function openPublicKeyProver(hash, keys, toKey) {
    const publicKeys = keys.map(({ keyId, bytes }) => ({ keyId, key: toKey(bytes) }));
    return ({ head, tail, candidates }) => {
        // Ed25519 reads its message twice (RFC 8032, 5.1.6), so it cannot stream.
        const chunks = [Buffer.from(head, "latin1")];
        return {
            update(chunk) {
                chunks.push(chunk);
            },
            match() {
                const message = Buffer.concat([...chunks, Buffer.from(tail, "latin1")]);
                let matched;
                for (const { keyId, key } of publicKeys) {
                    for (const candidate of candidates) {
                        if (verify(hash, message, key, candidate))
                            matched ??= keyId;
                    }
                }
                return matched;
            },
        };
    };
}
/**
 * What stands for a token in comparisons: of one length for all, so that not even a secret's length shows in the time. The token itself,
 * filled up with zeros; of one that is longer than any that Sluice makes, its digest behind a byte that no token has.
 */
export function toTokenImage(token) {
    const image = Buffer.allocUnsafe(TOKEN_IMAGE_BYTES).fill(0);
    if (token.length <= TOKEN_IMAGE_BYTES)
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
export function firstMatch(expected, candidates) {
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
