export const WINDOW_MS = 300_000;
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
    // Svix, who wrote the standard, and those who send by it still name the headers so: https://docs.svix.com/receiving/verifying-payloads/how-manual
    aliases: [
        {
            "webhook-id": "svix-id",
            "webhook-timestamp": "svix-timestamp",
            "webhook-signature": "svix-signature",
        },
    ],
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
    /** https://www.rfc-editor.org/rfc/rfc7617 The credential is `user:password`. */
    basic: {
        ...TOKEN,
        title: "HTTP Basic",
        encoding: "base64",
        proof: { header: "authorization", prefix: "Basic ", prefixIgnoresCase: true, separator: "" },
    },
    // For senders that can set nothing but a URL. What stands in one is seen by every proxy on the way, and kept in the sender's settings.
    query: { ...TOKEN, title: "secret in the query", proof: { query: "token" } },
    path: { ...TOKEN, title: "secret in the path", proof: { path: "first" } },
};
export function isSchemeName(name) {
    return Object.hasOwn(SCHEMES, name);
}
export function toReach({ signed }) {
    if (signed === "nothing")
        return "request";
    return signed.includes("{id}") ? "delivery" : "body";
}
/** The reach of each scheme by its name; one that is not in the table has the least, `body`. */
export const REACH_OF = new Map(Object.entries(SCHEMES).map(([name, scheme]) => [name, toReach(scheme)]));
