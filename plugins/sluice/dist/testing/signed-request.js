/**
 * Requests as a sender makes them: signed under any of the schemes that channels are verified with, and secrets to sign them with.
 *
 * Owns: the defaults of such a request. Never: sends; signs by rules of its own (verify/sign.ts).
 */
import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { Secret } from "../sdk/secret.js";
import { findScheme } from "../verify/find-scheme.js";
import { SCHEMES } from "../verify/schemes.js";
import { signParts } from "../verify/sign.js";
/** The names of all schemes. */
export const SIGNATURE_SCHEMES = Object.keys(SCHEMES);
/** A request that is genuine under a scheme, by its name or by its row. @throws SluiceError `bad_secret` or `bad_config`. */
export function signRequest(scheme, options) {
    const { secret, id = `msg_${randomUUID()}`, sentAt = Date.now(), header, url = "" } = options;
    const row = typeof scheme === "string" ? findScheme({ scheme, header }) : scheme;
    const contentType = typeof options.body === "string" ? "text/plain" : "application/json";
    const headers = { "content-type": contentType, ...toLowerCase(options.headers) };
    const signed = signParts(row, { keyId: "test", secret: new Secret(secret) }, { id, sentAt, body: toBytes(options.body), url, headers });
    return {
        method: "POST",
        headers: { ...headers, ...signed.headers },
        body: new Uint8Array(signed.body),
        suffix: signed.suffix,
    };
}
/**
 * A new secret that the scheme takes: what a channel is configured with, and what its sender signs with. Most schemes have one for both.
 * @throws SluiceError `bad_config` for a scheme that there is not.
 */
export function makeSecret(scheme) {
    const row = findScheme({ scheme });
    if (row.algorithm !== "ed25519") {
        const user = row.algorithm === "equality" && row.encoding === "base64" ? "test:" : "";
        const secret = user + toText(row.key, randomBytes(row.key.minBytes));
        return { secret, signing: secret };
    }
    const { x, d } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
    return {
        secret: toText(row.key, Buffer.from(x ?? "", "base64url")),
        signing: toText(row.signingKey ?? row.key, Buffer.from(d ?? "", "base64url")),
    };
}
function toText({ prefix, encoding }, bytes) {
    // A secret of text counts by its characters, of which hex has two for each byte.
    return prefix + bytes.toString(encoding === "text" ? "hex" : encoding);
}
/** `Content-Type` and `content-type` in one object would both be sent. */
function toLowerCase(headers = {}) {
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
function toBytes(body) {
    if (body === undefined)
        return Buffer.alloc(0);
    if (typeof body === "string")
        return Buffer.from(body, "utf8");
    if (body instanceof Uint8Array)
        return Buffer.from(body);
    return Buffer.from(JSON.stringify(body), "utf8");
}
