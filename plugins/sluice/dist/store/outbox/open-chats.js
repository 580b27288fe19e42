import { IS_ON_CHANNEL, IS_OVER } from "../events/states.js";
/** Open messages of these channels, oldest first; one with copies once for each. */
export function listOpenMessages(db, channels, limit) {
    if (channels.length === 0)
        return [];
    return db
        .all(`SELECT e.id AS event, e.channel, e.chat_id AS chatId, CASE WHEN json_valid(e.meta) THEN e.meta ->> '$.message_id' END AS messageId,
       CASE WHEN json_valid(e.meta) THEN e.meta ->> '$.transcription' END AS transcription,
       CASE WHEN json_valid(e.meta) THEN e.meta ->> '$.thread_id' END AS threadId,
       COALESCE(k.address, e.address) AS address, e.state, d.attachment, e.received_at AS receivedAt
     FROM json_each(?) c JOIN events e ON e.channel = c.value
     LEFT JOIN events k ON k.copy_of = e.id
     LEFT JOIN deliveries d ON d.event = COALESCE(k.id, e.id) AND d.ended_at IS NULL
     WHERE e.copy_of IS NULL AND e.chat_id IS NOT NULL AND (e.state = 'stored' OR e.state = 'offered' OR e.state = 'seen') AND e.ack = 'reply' ORDER BY e.seq LIMIT ?`, JSON.stringify(channels), limit)
        .map(({ transcription, ...message }) => transcription === "failed" ? { ...message, isUnheard: true } : message);
}
/** Messages that ended within `withinMs` before the last thing that happened to any event, the latest `limit` of them. */
export function listLatelyEnded(db, withinMs, limit) {
    return db.all(`SELECT id AS event, channel, chat_id AS chatId, CASE WHEN json_valid(meta) THEN meta ->> '$.message_id' END AS messageId FROM events
     WHERE ${IS_OVER} AND changed_at >= (SELECT at FROM steps ORDER BY id DESC LIMIT 1) - ?
       AND chat_id IS NOT NULL AND ack = 'reply' AND messageId IS NOT NULL AND copy_of IS NULL
     ORDER BY changed_at DESC LIMIT ?`, withinMs, limit);
}
/** Messages whose last answer may not have arrived, the latest `limit` of them. */
export function listUnsure(db, limit) {
    return db.all(`SELECT e.id AS event, e.channel, e.chat_id AS chatId, CASE WHEN json_valid(e.meta) THEN e.meta ->> '$.message_id' END AS messageId
     FROM outbox o JOIN events e ON e.id = o.event
     WHERE o.state = 'maybe' AND o.kind = 'reply' AND e.chat_id IS NOT NULL AND messageId IS NOT NULL ORDER BY o.id DESC LIMIT ?`, limit);
}
export function findEnding(db, event) {
    const row = db.get(`SELECT state,
       (SELECT o.state FROM outbox o WHERE o.event = e.id AND o.kind = 'reply' ORDER BY o.id DESC LIMIT 1) AS reply,
       EXISTS (SELECT 1 FROM outbox o WHERE o.event = e.id AND o.kind = 'react' AND o.state <> 'failed') AS marked
     FROM events e WHERE id = ?`, event);
    return row === undefined
        ? undefined
        : { state: row.state, reply: row.reply, isMarked: row.marked === 1 };
}
/** Whether anything came into a chat after `seq`. What waits, and all others: each by its index. */
export function hasLaterMessage(db, channel, chatId, seq) {
    return ["state = 'stored'", IS_ON_CHANNEL].some((which) => db.get(`SELECT 1 FROM events WHERE ${which} AND channel = ? AND chat_id = ? AND seq > ? AND copy_of IS NULL LIMIT 1`, channel, chatId, seq) !== undefined);
}
/** The last event of a sender, by its place in the order of acceptance. What waits, and all others: each by its index. */
export function findLastFrom(db, { channel, id }) {
    const found = ["state = 'stored'", IS_ON_CHANNEL].flatMap((which) => db.get(`SELECT seq FROM events WHERE ${which} AND channel = ? AND sender_id = ? AND copy_of IS NULL ORDER BY seq DESC LIMIT 1`, channel, id)?.seq ?? []);
    return found.length === 0 ? undefined : Math.max(...found);
}
