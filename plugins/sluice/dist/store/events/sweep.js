import { COPIED } from "./copied-state.js";
import { IS_ON_CHANNEL, IS_OVER } from "./states.js";
import { moveEvent } from "./inbox.js";
/** Channels on which something waits. Jumps from one to the next: the waiting events themselves are not read. */
export function listWaitingChannels(db) {
    return db
        .all(`WITH RECURSIVE waiting (channel) AS (
         SELECT MIN(channel) FROM events WHERE state = 'stored'
         UNION ALL
         SELECT (SELECT MIN(channel) FROM events WHERE state = 'stored' AND channel > waiting.channel)
         FROM waiting WHERE waiting.channel IS NOT NULL
       ) SELECT channel FROM waiting WHERE channel IS NOT NULL`)
        .map((row) => row.channel);
}
/**
 * Expires what has waited on a channel since before `before` (epoch ms), oldest first, but for alerts that fire. A copy of one is only kept
 * while nobody has read any copy. An event with copies ends by theirs. Returns how many.
 */
export function expireWaiting(db, channel, { before, reason, limit }, now) {
    const rows = db.all(`SELECT id FROM events WHERE state = 'stored' AND channel = ? AND stored_at < ?
       AND (renewed_at IS NULL OR renewed_at < ?) AND watchers IS NOT '${COPIED}'
       AND NOT EXISTS (SELECT 1 FROM firing f WHERE f.event = COALESCE(events.copy_of, events.id) AND NOT EXISTS (
         SELECT 1 FROM events other WHERE other.copy_of = events.copy_of AND other.state IN ('seen', 'done')))
     ORDER BY stored_at LIMIT ?`, channel, before, before, limit);
    for (const { id } of rows)
        moveEvent(db, id, "expired", { at: now, stage: "expired", reason });
    return rows.length;
}
/** What waits and whose own end has come by the clock, the earliest first, but for alerts that fire; those after `last`. */
export function listEnded(db, last, limit, now) {
    return db.all(`SELECT id, seq, expires_at AS endsAt, COALESCE(renewed_at, stored_at) AS since,
       expires_at - COALESCE(renewed_at, stored_at) AS lifeMs FROM events
     WHERE state = 'stored' AND expires_at IS NOT NULL AND expires_at <= ? AND (expires_at, seq) > (?, ?)
       AND watchers IS NOT '${COPIED}'
       AND NOT EXISTS (SELECT 1 FROM firing f WHERE f.event = COALESCE(events.copy_of, events.id) AND NOT EXISTS (
         SELECT 1 FROM events other WHERE other.copy_of = events.copy_of AND other.state IN ('seen', 'done')))
     ORDER BY expires_at, seq LIMIT ?`, now, last?.endsAt ?? 0, last?.seq ?? 0, limit);
}
/** One that still waits expires. */
export function expireOne(db, id, reason, now) {
    const waits = db.get("SELECT 1 FROM events WHERE id = ? AND state = 'stored'", id) !== undefined;
    if (waits)
        moveEvent(db, id, "expired", { at: now, stage: "expired", reason });
}
/** Expires what a session has seen before `before` and never answered. Returns how many. */
export function expireUnanswered(db, channel, { before, reason, limit }, now) {
    const rows = db.all(
    // The first condition is the index's own, without which it is not used.
    `SELECT id FROM events WHERE state IN ('offered', 'seen') AND state = 'seen' AND channel = ? AND changed_at < ?
       AND watchers IS NOT '${COPIED}' LIMIT ?`, channel, before, limit);
    for (const { id } of rows) {
        db.run("UPDATE deliveries SET ended_at = ? WHERE event = ? AND ended_at IS NULL", now, id);
        moveEvent(db, id, "expired", { at: now, stage: "expired", reason });
    }
    return rows.length;
}
/** Channels with events that were seen and are not yet answered. */
export function listUnansweredChannels(db) {
    return db
        .all("SELECT DISTINCT channel FROM events WHERE state IN ('offered', 'seen') AND state = 'seen'")
        .map((row) => row.channel);
}
/** Deletes events that have been over since before `before`. Their delivery ids stay. Returns how many. */
export function purgeHistory(db, before, limit) {
    return db.run(`DELETE FROM events WHERE seq IN (
       SELECT seq FROM events WHERE ${IS_OVER} AND changed_at < ? AND copy_of IS NULL LIMIT ?)`, before, limit);
}
/**
 * Deletes wakes, and conversations that ended or were last active before `before`, but for `open` ones. Returns how many.
 * Most of them never end: a client that leaves, or is killed, does not say so.
 */
export function purgeSessions(db, before, limit, open) {
    const wakes = db.run("DELETE FROM wakes WHERE id IN (SELECT id FROM wakes WHERE at < ? LIMIT ?)", before, limit);
    return (wakes +
        db.run(`DELETE FROM sessions WHERE id IN (
         SELECT id FROM sessions WHERE COALESCE(ended_at, last_active_at) < ?
           AND id NOT IN (SELECT value FROM json_each(?)) LIMIT ?)`, before, JSON.stringify(open), limit));
}
/** What waits, and all others: each by its index. */
const OF_CHANNEL = ["state = 'stored'", IS_ON_CHANNEL];
export function hasEvents(db, channel) {
    return OF_CHANNEL.some((which) => db.get(`SELECT 1 FROM events WHERE ${which} AND channel = ? LIMIT 1`, channel) !== undefined);
}
/** Deletes all that is known of a channel's events, open ones too: as if there had never been one. */
export function removeChannelEvents(db, channel) {
    for (const which of OF_CHANNEL)
        db.run(`DELETE FROM events WHERE ${which} AND channel = ?`, channel);
    db.run("DELETE FROM delivery_ids WHERE channel = ?", channel);
    db.run("DELETE FROM delivery_bodies WHERE channel = ?", channel);
    db.run("DELETE FROM counters WHERE channel = ?", channel);
}
export const DELIVERY_ID_LIFE_MS = 30 * 24 * 3_600_000;
/** Forgets ids and bodies older than their life, at most `limit` of each. Returns how many: of ids or of bodies, whichever are more. */
export function purgeDeliveryIds(db, now, limit) {
    const before = now - DELIVERY_ID_LIFE_MS;
    const ids = db.run(`DELETE FROM delivery_ids WHERE (channel, delivery_id) IN (
       SELECT channel, delivery_id FROM delivery_ids WHERE received_at < ? LIMIT ?)`, before, limit);
    const bodies = db.run(`DELETE FROM delivery_bodies WHERE (channel, digest) IN (
       SELECT channel, digest FROM delivery_bodies WHERE received_at < ? LIMIT ?)`, before, limit);
    return Math.max(ids, bodies);
}
