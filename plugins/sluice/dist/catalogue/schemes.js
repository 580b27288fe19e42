/**
 * What the signature schemes of many senders have alike.
 *
 * Owns: those parts. Never: a sender's header; that stands in its row.
 */
/** What a sender or its user made: no shorter one is a secret; `add` warns of less than 16 bytes. */
export const THEIRS = { encoding: "text", prefix: "", minBytes: 4 };
/** HMAC-SHA-256 of the body, in hex. */
export const BODY_HEX = {
    algorithm: "hmac-sha256",
    encoding: "hex",
    key: THEIRS,
    signed: "{body}",
    timestamp: "none",
};
/** A secret in a header of its own. */
export const TOKEN = {
    algorithm: "equality",
    encoding: "text",
    signed: "nothing",
    timestamp: "none",
    key: THEIRS,
};
/** Five minutes to both sides. */
export const WINDOW_MS = 300_000;
