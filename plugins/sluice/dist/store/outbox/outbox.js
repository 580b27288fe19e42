import { freeOldKey, toKey } from "./outbox-key.js";
const COLUMNS = `id, kind, event, channel, chat_id AS chatId, thread_id AS threadId, reply_to AS replyTo, target, session, text, files,
  state, attempts, due_at AS dueAt, reason, message_ids AS messageIds, created_at AS createdAt, sent_at AS sentAt`;
/** Each index is known to SQLite by its own words (schema 005, 017). */
const OPEN = "state IN ('queued', 'sending')";
const UNSENT = "(state = 'queued' OR state = 'sending' OR state = 'failed' OR state = 'maybe')";
/**
 * Queues an effect, or finds the same one (OUTBOX-1). `row` is the one that counts.
 * One that failed is known not to have happened: asked for again, it is queued again.
 */
export function addEffect(db, effect, now) {
    const key = toKey(db, effect);
    freeOldKey(db, effect, key, now);
    const known = findByKey(db, key);
    if (known !== undefined) {
        if (known.state !== "failed")
            return { row: known, duplicate: true };
        db.run(`UPDATE outbox SET state = 'queued', attempts = 0, due_at = 0, reason = NULL, created_at = ?, files = ? WHERE id = ?`, now, JSON.stringify(effect.files ?? []), known.id);
        return { row: findEffect(db, known.id) ?? known, duplicate: false };
    }
    db.run(`INSERT INTO outbox (key, kind, event, channel, chat_id, thread_id, reply_to, target, session, text, files, state, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?)`, key, effect.kind, effect.event, effect.channel, effect.chatId, effect.threadId ?? null, effect.replyTo ?? null, effect.target ?? null, effect.session, effect.text, JSON.stringify(effect.files ?? []), now);
    const row = findByKey(db, key);
    if (row === undefined)
        throw new TypeError("an outbox row vanished inside its own transaction");
    return { row, duplicate: false };
}
export function findEffect(db, id) {
    const row = db.get(`SELECT ${COLUMNS} FROM outbox WHERE id = ?`, id);
    return row === undefined ? undefined : toRow(row);
}
/** The answers to an event, oldest first. */
export function listAnswers(db, event) {
    return db
        .all(`SELECT ${COLUMNS} FROM outbox WHERE event = ? AND kind = 'reply' ORDER BY id`, event)
        .map(toRow);
}
/** What became of the latest answer to an event, where it is not there or may not be. */
export function findUnsentAnswer(db, event) {
    const row = db.get("SELECT state FROM outbox WHERE event = ? AND kind = 'reply' ORDER BY id DESC LIMIT 1", event);
    return row?.state === "failed" || row?.state === "maybe" ? row.state : undefined;
}
/** The newest `limit` rows by filter, oldest first. */
export function listOutbox(db, filter) {
    const { state, channel, limit } = filter;
    const isUnsent = state !== undefined && state !== "sent";
    const conditions = [
        ...(isUnsent ? [`state = '${state}'`] : []),
        ...(state === "sent" ? ["+state = 'sent'"] : []),
        ...(channel === undefined ? [] : [isUnsent ? "+channel = ?" : "channel = ?"]),
    ];
    const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
    return db
        .all(`SELECT ${COLUMNS} FROM outbox ${where} ORDER BY id DESC LIMIT ?`, ...(channel === undefined ? [] : [channel]), limit)
        .map(toRow)
        .toReversed();
}
/** The first open row of each chat of a channel, oldest first: a chat's messages leave in their order, one at a time. */
export function listHeads(db, channel, limit) {
    return db
        .all(`SELECT ${COLUMNS} FROM outbox WHERE id IN (
         SELECT MIN(id) FROM outbox WHERE channel = ? AND state IN ('queued', 'sending') GROUP BY chat_id
       ) AND state = 'queued' ORDER BY id LIMIT ?`, channel, limit)
        .map(toRow);
}
/** Commits that a message is about to leave (OUTBOX-2). False where it is no longer queued. */
export function markSending(db, id) {
    return (db.run("UPDATE outbox SET state = 'sending', attempts = attempts + 1, reason = NULL WHERE id = ? AND state = 'queued'", id) === 1);
}
/** The platform, or a listener, has it. */
export function markSent(db, id, now, messageIds = []) {
    db.run(`UPDATE outbox SET state = 'sent', sent_at = ?, reason = NULL, message_ids = ? WHERE id = ? AND state IN ('queued', 'sending')`, now, JSON.stringify(messageIds), id);
}
/** It has not happened but for these parts, and will be tried at `dueAt`. */
export function markWaiting(db, id, dueAt, reason, messageIds = []) {
    db.run("UPDATE outbox SET state = 'queued', due_at = ?, reason = ?, message_ids = ? WHERE id = ? AND state IN ('queued', 'sending')", dueAt, reason, JSON.stringify(messageIds), id);
}
/** The end without a confirmation: known not to have happened, or not known. */
export function markUnsent(db, id, state, reason, messageIds = []) {
    db.run("UPDATE outbox SET state = ?, reason = ?, message_ids = ? WHERE id = ? AND state IN ('queued', 'sending')", state, reason, JSON.stringify(messageIds), id);
    noteAnswer(db, id);
}
/** The platform had it, and says now that it did not arrive. Returns the message, where it counted as sent. */
export function failDelivered(db, channel, messageId, reason) {
    const [row] = db.all(`SELECT ${COLUMNS} FROM outbox WHERE channel = ? AND state IN ('sent', 'maybe')
       AND EXISTS (SELECT 1 FROM json_each(message_ids) WHERE value = ?)`, channel, messageId);
    if (row === undefined)
        return undefined;
    // Sent again, it is sent whole: its other parts may have arrived, and nobody can tell which.
    db.run("UPDATE outbox SET state = 'failed', reason = ?, message_ids = '[]' WHERE id = ?", reason, row.id);
    noteAnswer(db, row.id);
    return { ...toRow(row), state: "failed", reason };
}
/** At a start: what an earlier life was sending (OUTBOX-2, OUTBOX-3). Returns what may have been sent. */
export function recoverSending(db) {
    db.run(`UPDATE outbox SET state = 'queued' WHERE ${OPEN} AND state = 'sending' AND kind IN ('edit', 'react')`);
    const rows = db.all(`SELECT ${COLUMNS} FROM outbox WHERE ${OPEN} AND state = 'sending'`);
    const reason = "the hub ended while it was being sent";
    db.run(`UPDATE outbox SET state = 'maybe', reason = ? WHERE ${OPEN} AND state = 'sending'`, reason);
    return rows.map((row) => ({ ...toRow(row), state: "maybe", reason }));
}
/** By the owner's hand: sent again, whatever became of it before. False where it is on its way or arrived. */
export function retryEffect(db, id, now) {
    const isQueued = db.run(`UPDATE outbox SET state = 'queued', attempts = 0, due_at = 0, reason = NULL, created_at = ?
       WHERE id = ? AND state IN ('failed', 'maybe')`, now, id) === 1;
    if (isQueued)
        noteAnswer(db, id);
    return isQueued;
}
/** What is shown of the event that it answers is not so any more. */
function noteAnswer(db, id) {
    const row = findEffect(db, id);
    if (row?.event != null)
        db.noteChange(row.event, "chats");
}
/** What waited too long on these channels has failed. Returns how many. */
export function expireQueued(db, channels, before, reason) {
    return db.run(`UPDATE outbox SET state = 'failed', reason = ? || COALESCE(': ' || reason, '')
     WHERE ${OPEN} AND state = 'queued' AND created_at < ? AND channel IN (SELECT value FROM json_each(?))`, reason, before, JSON.stringify(channels));
}
/** Nothing of what waits on this channel will leave. */
export function failQueued(db, channel, reason) {
    db.run(`UPDATE outbox SET state = 'failed', reason = ? WHERE channel = ? AND ${OPEN} AND state = 'queued'`, reason, channel);
}
/** Forgets what was over before a time, and what nobody has come for since. Returns how many. */
export function purgeOutbox(db, before) {
    return db.run("DELETE FROM outbox WHERE state IN ('sent', 'failed', 'queued') AND created_at < ? AND event IS NULL", before);
}
/** Paths of the copies that may still be sent. */
export function listCopies(db) {
    return db
        .all(`SELECT json_extract(f.value, '$.path') AS path FROM outbox, json_each(outbox.files) f WHERE ${UNSENT}`)
        .map(({ path }) => path);
}
export function countOutbox(db) {
    const counts = { queued: 0, sending: 0, sent: 0, failed: 0, maybe: 0 };
    // Nearly all were sent: they are what is left.
    const all = db.get("SELECT COUNT(*) AS count FROM outbox");
    counts.sent = all?.count ?? 0;
    for (const row of db.all(`SELECT state, COUNT(*) AS count FROM outbox WHERE ${UNSENT} GROUP BY state`)) {
        counts[row.state] = row.count;
        counts.sent -= row.count;
    }
    return counts;
}
/** Replies of a channel after a given id, oldest first: what a listener that comes back has missed. */
export function listReplies(db, channel, afterId, limit) {
    return db.all(`SELECT id, kind, event, channel, chat_id AS chatId, target, text, state, created_at AS createdAt FROM outbox
     WHERE channel = ? AND id > ? AND kind <> 'react' AND state <> 'failed' ORDER BY id LIMIT ?`, channel, afterId, limit);
}
/** The id before the first queued reply: where a listener without a cursor starts. */
export function readQueuedFrom(db, channel) {
    const row = db.get(`SELECT (SELECT MIN(id) FROM outbox INDEXED BY outbox_open WHERE channel = ? AND ${OPEN} AND state = 'queued') AS first,
       (SELECT MAX(id) FROM outbox WHERE channel = ?) AS last`, channel, channel);
    return row?.first == null ? (row?.last ?? 0) : row.first - 1;
}
function findByKey(db, key) {
    const row = db.get(`SELECT ${COLUMNS} FROM outbox WHERE key = ?`, key);
    return row === undefined ? undefined : toRow(row);
}
function toRow(row) {
    // Both columns are written by this file only.
    const files = JSON.parse(row.files);
    const messageIds = JSON.parse(row.messageIds);
    return { ...row, files, messageIds };
}
/** When answers and messages of sessions to a chat were queued since `since` (epoch ms), oldest first; the last 200 of its channel at most. */
export function listAnswerTimes(db, { channel, chatId }, since) {
    return db
        .all(`SELECT at FROM (
         SELECT created_at AS at, chat_id, kind FROM outbox WHERE channel = ? ORDER BY id DESC LIMIT 200
       ) WHERE chat_id = ? AND kind IN ('reply', 'send') AND at > ? ORDER BY at`, channel, chatId, since)
        .map(({ at }) => at);
}
