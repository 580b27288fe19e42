/**
 * Proofs under keys that sender and verifier share, and under public keys: what a request presents against every active key.
 *
 * Owns: comparing in the same time whichever key fits, or none (VERIFY-3). Never: headers, clocks, reasons (verifier.ts).
 */
import { createHmac, createSecretKey, verify } from "node:crypto";
import { firstMatch, openTokenProof } from "./token.js";
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
    const prove = openTokenProof(keys);
    return ({ candidates }) => prove(candidates);
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
