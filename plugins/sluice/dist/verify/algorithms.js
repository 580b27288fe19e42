import { Certificates } from "./certificates.js";
import { parseBase64, parseHex } from "./encoding.js";
import { openJwsProver } from "./jws.js";
import { openEqualityProver, openHmacProver, openPublicKeyProver } from "./prover.js";
import { toEd25519Key, toP256Key } from "./public-keys.js";
import { openSnsProver } from "./sns.js";
import { TOKEN_IMAGE_BYTES, toTokenImage } from "./token.js";
import { openUrlFormProver } from "./url-form.js";
/** Bytes of a decoded candidate; others need not be tried. */
const PROOF_BYTES = {
    equality: TOKEN_IMAGE_BYTES,
    "hmac-sha256": 32,
    "hmac-sha1": 20,
    "hmac-sha512": 64,
    ed25519: 64,
};
/** DER of two numbers of at most 33 bytes. */
const MAX_ECDSA_BYTES = 72;
export function openProver(row, keys, { url = "", certificates }) {
    switch (row.algorithm) {
        case "equality":
            return openEqualityProver(keys);
        case "hmac-sha1":
        case "hmac-sha256":
        case "hmac-sha512":
            return row.signed === "{url}{sorted-form}"
                ? openUrlFormProver(row, keys, url)
                : openHmacProver(row.algorithm, keys);
        case "ed25519":
            return openPublicKeyProver(null, keys, toEd25519Key);
        case "ecdsa-p256":
            return openPublicKeyProver("sha256", keys, toP256Key);
        case "jws-hs256":
            return openJwsProver(row, keys);
        case "sns":
            return openSnsProver(row, keys, certificates ?? new Certificates());
        default:
            return row;
    }
}
/** The bytes of a presented value; undefined for one that can be no proof. */
export function decode(row, item) {
    const { encoding, algorithm } = row;
    if (algorithm === "sns" || encoding === "jws")
        return /^[\x21-\x7e]{1,4096}$/.test(item) ? Buffer.from(item, "latin1") : undefined;
    if (algorithm === "equality") {
        if (encoding === "text")
            return (row.blanks === true ? /^[\x20-\x7e]+$/ : /^[\x21-\x7e]+$/).test(item)
                ? toTokenImage(item)
                : undefined;
        const token = parseBase64(item);
        return token === undefined || token.length === 0 ? undefined : toTokenImage(token);
    }
    const bytes = encoding === "hex" ? parseHex(item) : parseBase64(item);
    if (algorithm === "ecdsa-p256")
        return bytes !== undefined && bytes.length <= MAX_ECDSA_BYTES ? bytes : undefined;
    return bytes?.length === PROOF_BYTES[algorithm] ? bytes : undefined;
}
