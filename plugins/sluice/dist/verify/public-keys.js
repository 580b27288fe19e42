/**
 * Public keys as node takes them.
 *
 * Owns: making one of its bytes. Never: says whether it is a safe one (ed25519.ts).
 */
import { createPublicKey } from "node:crypto";
export function toEd25519Key(bytes) {
    const jwk = { kty: "OKP", crv: "Ed25519", x: bytes.toString("base64url") };
    return createPublicKey({ key: jwk, format: "jwk" });
}
/** @throws what node throws for bytes that are no such key. */
export function toP256Key(bytes) {
    const key = createPublicKey({ key: bytes, format: "der", type: "spki" });
    if (key.asymmetricKeyDetails?.namedCurve === "prime256v1")
        return key;
    throw new TypeError("the key is not one of the curve P-256");
}
