/**
 * Ed25519 signatures under the configured public keys.
 *
 * Owns: trying every key on every candidate. Never: headers, clocks, reasons (verifier.ts).
 */
import { createPublicKey, verify } from "node:crypto";
/** Starts a proof over a head and the body, as `Prover` of verifier.ts. */
export function openEd25519Prover(keys) {
    const publicKeys = keys.map(({ keyId, bytes }) => ({
        keyId,
        key: createPublicKey({
            key: { kty: "OKP", crv: "Ed25519", x: bytes.toString("base64url") },
            format: "jwk",
        }),
    }));
    return (head, candidates) => {
        // Ed25519 reads its message twice (RFC 8032, 5.1.6), so it cannot stream.
        const chunks = [Buffer.from(head, "latin1")];
        return {
            update(chunk) {
                chunks.push(chunk);
            },
            match() {
                const message = Buffer.concat(chunks);
                let matched;
                for (const { keyId, key } of publicKeys) {
                    for (const candidate of candidates) {
                        if (verify(null, message, key, candidate))
                            matched ??= keyId;
                    }
                }
                return matched;
            },
        };
    };
}
