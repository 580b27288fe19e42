/**
 * One event as a client of MCP Events gets it.
 *
 * Owns: its id, its time and its data. Never: more than a session's model would read of it.
 *
 * OCCURRENCE-1 `eventId` is the sender's own id of the delivery, so that a client which hears of it by another way as well knows it again;
 *    where that id names two events, or cannot stand in a header, it is ours. It is the same whenever the event is read.
 * OCCURRENCE-2 Text and values are those that a session's model reads: neutralised, marked, capped.
 */
import { toMeta, toMetaValue, toText } from "../flow/text/shape.js";
import { isIdTaken } from "../store/clients/event-feed.js";
const QUOTE_MAX_CHARS = 4_000;
const META_MAX_KEYS = 64;
/** Facts that stand beside the channel's own. */
const FACTS = new Set([
    "channel",
    "event_id",
    "kind",
    "ts",
    "verified",
    "trust",
    "priority",
    "entity",
    "chat_id",
]);
/** It goes out as the header webhook-id. */
const HEADER_SAFE = /^[\x21-\x7e]{1,256}$/;
/** The last moment whose ISO form has a year of four digits. */
const LAST_MS = Date.UTC(9999, 11, 31);
/** `channels` are all that there are. */
export function toOccurrence(db, name, event, channels) {
    return {
        eventId: toEventId(db, event, channels),
        name,
        timestamp: toTime(event),
        data: toData(event),
    };
}
/** OCCURRENCE-1 */
function toEventId(db, event, channels) {
    const { id, deliveryId } = event;
    if (deliveryId === undefined || !HEADER_SAFE.test(deliveryId))
        return id;
    return isIdTaken(db, event, channels) ? id : deliveryId;
}
function toTime({ occurredAt, receivedAt }) {
    const at = occurredAt !== undefined && occurredAt >= 0 && occurredAt < LAST_MS;
    return new Date(at ? occurredAt : receivedAt).toISOString();
}
/** OCCURRENCE-2 */
function toData(event) {
    const { sender, entity, repository, chatId } = event;
    const meta = Object.entries(toMeta(event, { attempt: 1 }))
        .filter(([key]) => !FACTS.has(key))
        .slice(0, META_MAX_KEYS);
    return {
        id: event.id,
        channel: event.channel,
        kind: toMetaValue(event.kind),
        text: toText(event, QUOTE_MAX_CHARS),
        trust: "untrusted",
        verified: event.verified,
        sender: {
            id: toMetaValue(sender.id),
            ...(sender.name === undefined ? {} : { name: toMetaValue(sender.name) }),
        },
        priority: event.priority,
        ...(entity === undefined ? {} : { entity: toMetaValue(entity) }),
        ...(repository === undefined ? {} : { repository }),
        ...(chatId === undefined ? {} : { chat: toMetaValue(chatId) }),
        receivedAt: new Date(event.receivedAt).toISOString(),
        meta: Object.fromEntries(meta),
    };
}
