/**
 * Signing a request as a sender would: for the demo, probes, samples and tests.
 *
 * Owns: the proof of one request, made from the same row that verifies it. Never: sends.
 */
import { createHash, createHmac, createPrivateKey, sign as signBytes, } from "node:crypto";
import { SluiceError } from "../sdk/errors.js";
import { toObject } from "../sdk/json.js";
import { isTemplated } from "./check-scheme.js";
import { findScheme } from "./find-scheme.js";
import { parseSigningKey } from "./key.js";
import { parseTemplate } from "./template.js";
import { toSortedForm } from "./url-form.js";
/**
 * Lower-case headers that prove `outgoing` under `scheme`. The credential is the sender's: for `standard-v1a` the `whsk_` key.
 * @throws SluiceError `bad_secret` or `bad_config`.
 */
export function sign(scheme, credential, outgoing) {
    return signRow(findScheme({ scheme, header: outgoing.header }), credential, outgoing);
}
/** The same for a row. `sign` is the everyday door. */
export function signRow(row, credential, outgoing) {
    return signParts(row, credential, outgoing).headers;
}
/** All that a sender changes about a request to prove it. */
export function signParts(row, credential, outgoing) {
    if (row.algorithm === "sns")
        throw new SluiceError("bad_config", `${row.title}: only AWS can sign; send a test from its console`);
    const key = parseSigningKey(row, credential);
    const { id, sentAt, url = "", method = "POST", headers: besides = {} } = outgoing;
    const { proof, timestamp } = row;
    const body = timestamp !== "none" && "body" in timestamp
        ? withTime(outgoing.body, timestamp, sentAt)
        : outgoing.body;
    const headers = {};
    if (row.deliveryId !== "none")
        headers[row.deliveryId.header] = id;
    if (!("header" in proof)) {
        const secret = encodeURIComponent(key.toString("latin1"));
        const suffix = "query" in proof ? `?${encodeURIComponent(proof.query)}=${secret}` : `/${secret}`;
        return { headers, suffix, body };
    }
    const stamp = timestamp !== "none" && "place" in timestamp ? timestamp : undefined;
    const time = stamp === undefined ? "" : toDigits(stamp, sentAt);
    if (stamp !== undefined)
        place(headers, stamp.place, time);
    if (row.signed === "{url}{sorted-form}") {
        const isForm = (besides["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
        const digest = createHash("sha256").update(body).digest("hex");
        const joint = url.includes("?") ? "&" : "?";
        const suffix = isForm || body.length === 0 ? "" : `${joint}${row.bodyDigest.query}=${digest}`;
        const fields = isForm ? (toSortedForm(body.toString("latin1")) ?? "") : "";
        const hash = row.algorithm.slice("hmac-".length);
        const mac = createHmac(hash, key).update(url + suffix + fields, "utf8");
        place(headers, proof, mac.digest(row.encoding));
        return { headers, suffix, body };
    }
    let message = body;
    if (isTemplated(row)) {
        const template = parseTemplate(row.signed);
        const fields = { id, timestamp: time, url, method, headers: besides };
        const [head, tail] = [template.toHead(fields), template.toTail(fields)];
        message = Buffer.concat([Buffer.from(head, "latin1"), body, Buffer.from(tail, "latin1")]);
    }
    place(headers, proof, toProof(row, key, message));
    return { headers, suffix: "", body };
}
function place(headers, { header, prefix, separator }, value) {
    const before = headers[header];
    headers[header] = (before === undefined ? "" : before + separator) + prefix + value;
}
function toProof(row, key, message) {
    switch (row.algorithm) {
        case "equality":
            return row.encoding === "base64" ? key.toString("base64") : key.toString("latin1");
        case "hmac-sha256":
        case "hmac-sha1":
        case "hmac-sha512":
            return createHmac(row.algorithm.slice("hmac-".length), key)
                .update(message)
                .digest(row.encoding);
        case "ed25519":
            return signBytes(null, message, toEd25519Key(key)).toString(row.encoding);
        case "ecdsa-p256":
            return signBytes("sha256", message, createPrivateKey({ key, format: "der", type: "pkcs8" })).toString(row.encoding);
        case "jws-hs256": {
            const digest = createHash("sha256").update(message).digest("hex");
            const parts = [
                { alg: "HS256", typ: "JWT" },
                { ...row.claims, [row.bodyClaim]: digest },
            ];
            const signed = parts
                .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
                .join(".");
            return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
        }
        default:
            return row;
    }
}
function toDigits({ unit }, sentAt) {
    return String(Math.floor(unit === "ms" ? sentAt : sentAt / 1000));
}
/** The JSON body with the time it is sent at, where its sender has it. */
function withTime(body, { body: path, unit }, sentAt) {
    const whole = toObject(JSON.parse(body.toString("utf8")));
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    let here = whole;
    for (const key of keys)
        here = toObject(here[key]);
    const time = { s: Math.floor(sentAt / 1000), ms: sentAt, iso: new Date(sentAt).toISOString() };
    here[last] = time[unit];
    return Buffer.from(JSON.stringify(whole));
}
/** DER around a 32-byte seed (RFC 8410, 7): the only way to hand node a bare one. */
function toEd25519Key(seed) {
    const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
    return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}
