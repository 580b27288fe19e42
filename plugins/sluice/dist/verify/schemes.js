/**
 * The table of signature schemes, one row for each family of senders, and the shape of a row: all differences between senders, as data.
 *
 * Owns: the facts of each scheme, with the page they come from, and the text that a row says is signed. Never: cryptography, or behaviour;
 * a row that needs code is a sign that its type lacks a column.
 * The types forbid half a row: a signed timestamp without a place to read it, an equality check that claims to sign the body.
 */
const WINDOW_MS = 300_000;
/** Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const STANDARD = {
    encoding: "base64",
    signed: "{id}.{timestamp}.{body}",
    timestamp: {
        place: { header: "webhook-timestamp", prefix: "", separator: "" },
        unit: "s",
        windowMs: WINDOW_MS,
    },
    deliveryId: { header: "webhook-id" },
};
const TOKEN = {
    algorithm: "equality",
    encoding: "text",
    signed: "nothing",
    timestamp: "none",
    key: { encoding: "text", prefix: "", minBytes: 16 },
    deliveryId: "none",
};
export const SCHEMES = {
    bearer: {
        ...TOKEN,
        title: "bearer token",
        proof: { header: "authorization", prefix: "Bearer ", prefixIgnoresCase: true, separator: "" },
    },
    "token-header": {
        ...TOKEN,
        title: "token in a header",
        proof: { header: "x-sluice-token", configurable: true, prefix: "", separator: "" },
    },
    standard: {
        ...STANDARD,
        title: "Standard Webhooks v1",
        algorithm: "hmac-sha256",
        proof: { header: "webhook-signature", prefix: "v1,", separator: " " },
        key: { encoding: "base64", prefix: "whsec_", minBytes: 24 },
    },
    "standard-v1a": {
        ...STANDARD,
        title: "Standard Webhooks v1a",
        algorithm: "ed25519",
        proof: { header: "webhook-signature", prefix: "v1a,", separator: " " },
        key: { encoding: "base64", prefix: "whpk_", minBytes: 32 },
        signingKey: { encoding: "base64", prefix: "whsk_", minBytes: 32 },
    },
    // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    // X-Hub-Signature (SHA-1) is not read at all, so nothing can fall back to it. GitHub does not sign the delivery id.
    github: {
        title: "GitHub",
        algorithm: "hmac-sha256",
        encoding: "hex",
        proof: { header: "x-hub-signature-256", prefix: "sha256=", separator: "" },
        key: { encoding: "text", prefix: "", minBytes: 16 },
        signed: "{body}",
        timestamp: "none",
        deliveryId: { header: "x-github-delivery" },
    },
};
export function isSchemeName(name) {
    return Object.hasOwn(SCHEMES, name);
}
/** Whether the delivery id is part of what was signed; an unsigned one is only the word of whoever sent the request. */
export function isIdSigned(scheme) {
    return scheme.signed === "{id}.{timestamp}.{body}";
}
function toReach(scheme) {
    if (scheme.signed === "nothing")
        return "request";
    return isIdSigned(scheme) ? "delivery" : "body";
}
/** The reach of each scheme by its name; one that is not in the table has the least, `body`. */
export const REACH_OF = new Map(Object.entries(SCHEMES).map(([name, scheme]) => [name, toReach(scheme)]));
/** The signed text in front of the body. The one place that fills a template, so that signing and verifying cannot drift. */
export function toSignedHead(scheme, fields) {
    if (scheme.signed === "nothing")
        return "";
    // The id goes in last and by function: `{timestamp}` or `$&` inside an id must stay text. (Timestamps are digits.)
    return scheme.signed
        .replace("{body}", "")
        .replace("{timestamp}", () => fields.timestamp)
        .replace("{id}", () => fields.id);
}
