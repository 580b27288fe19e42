/**
 * An event as the model reads it: the same words and marks as in the hub.
 *
 * Owns: putting them together for a channel that runs alone. Never: neutralises by itself (flow/text/shape.ts).
 */
import { toBody, toMeta, toTag } from "../../flow/text/shape.js";
/** Of what others wrote, in a notification and on a page of the inbox tool. */
const PUSHED_CHARS = 8_000;
const PAGE_CHARS = 2_000;
export function toNotification(event) {
    const attempt = toAttempt(event);
    const shaped = toShaped(event);
    return { content: toBody(shaped, attempt, PUSHED_CHARS), meta: toMeta(shaped, attempt) };
}
/** As a result of the inbox tool. */
export function toPage(events) {
    return events.map((event) => toTag(toShaped(event), toAttempt(event), PAGE_CHARS)).join("\n");
}
function toAttempt({ attempts, firstOfferedAt }) {
    return {
        attempt: Math.max(1, attempts),
        ...(firstOfferedAt === null ? {} : { firstOfferedAt }),
    };
}
/** What shape.ts reads of an event; the rest of a stored one belongs to the hub. */
function toShaped({ id, arrival, receivedAt, attempts }) {
    const { sender, chat: _, files: _files, bodyDigest: _digest, payload: _payload, ttlMs: _ttl, ...rest } = arrival;
    const isPerson = arrival.chat !== undefined;
    return {
        ...rest,
        id,
        sender: { ...sender, role: isPerson ? "chatter" : "source" },
        receivedAt,
        seq: 0,
        state: "offered",
        attempts,
        storedAt: receivedAt,
        changedAt: receivedAt,
        address: "",
    };
}
