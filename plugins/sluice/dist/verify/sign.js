/**
 * Signing a request as a sender would: for the demo, probes and tests.
 *
 * Owns: the headers of one signed request, made from the same row that verifies it. Never: sends.
 */
import { createHmac, createPrivateKey, sign as signEd25519 } from "node:crypto";
import { findScheme } from "./find-scheme.js";
import { parseSigningKey } from "./key.js";
import { toSignedHead } from "./schemes.js";
/**
 * Lower-case headers that prove `outgoing` under `scheme`. The credential is the sender's: for `standard-v1a` the `whsk_` key.
 * @throws SluiceError `bad_secret` or `bad_config`.
 */
export function sign(scheme, credential, outgoing) {
    return signRow(findScheme(scheme, outgoing.header), credential, outgoing);
}
/** The same for a row. `sign` is the everyday door. */
export function signRow(row, credential, { id, sentAt, body }) {
    const key = parseSigningKey(row, credential);
    const timestamp = row.timestamp === "none"
        ? ""
        : String(Math.floor(row.timestamp.unit === "s" ? sentAt / 1000 : sentAt));
    const message = Buffer.concat([
        Buffer.from(toSignedHead(row, { id, timestamp }), "latin1"),
        body,
    ]);
    const headers = {};
    if (row.deliveryId !== "none")
        headers[row.deliveryId.header] = id;
    if (row.timestamp !== "none")
        place(headers, row.timestamp.place, timestamp);
    place(headers, row.proof, toProof(row, key, message));
    return headers;
}
function place(headers, { header, prefix, separator }, value) {
    const before = headers[header];
    headers[header] = (before === undefined ? "" : before + separator) + prefix + value;
}
function toProof(row, key, message) {
    switch (row.algorithm) {
        case "equality":
            return key.toString("latin1");
        case "hmac-sha256":
            return createHmac("sha256", key).update(message).digest(row.encoding);
        case "hmac-sha1":
            return createHmac("sha1", key).update(message).digest(row.encoding);
        case "ed25519":
            return signEd25519(null, message, toPrivateKey(key)).toString(row.encoding);
        default:
            return row;
    }
}
/** DER around a 32-byte seed (RFC 8410, 7): the only way to hand node a bare one. */
function toPrivateKey(seed) {
    const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
    return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}
