import { listWaitingAddresses } from "./waiting.js";
import { COPIED, COPY, HELD, KNOWN } from "./copied-state.js";
import { parseTarget, toTargetText } from "./target.js";
/** What ends a subscription by itself. */
export const UNTILS = ["merged", "closed", "done"];
const COLUMNS = "id, session, channel, entity, pattern, until, copy, created_at AS createdAt, ended_at AS endedAt";
export function listSubscriptions(db) {
    return db
        .all(`SELECT ${COLUMNS} FROM subscriptions ORDER BY id`)
        .map((row) => ({ ...row, copy: row.copy === 1 }));
}
export function addSubscription(db, session, { channel, entity, pattern, until, copy = false }, now) {
    db.run("INSERT INTO subscriptions (session, channel, entity, pattern, until, copy, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)", session, channel, entity, pattern, until, copy ? 1 : 0, now);
}
export function setCopy(db, id, copy) {
    db.run("UPDATE subscriptions SET copy = ? WHERE id = ?", copy ? 1 : 0, id);
}
export function endSubscription(db, id, now) {
    db.run("UPDATE subscriptions SET ended_at = ? WHERE id = ? AND ended_at IS NULL", now, id);
}
/** A copy that nobody shares any more is its session's: nobody else asked for it. */
export function removeSubscription(db, { id, session }) {
    db.run("DELETE FROM subscriptions WHERE id = ?", id);
    const target = toTargetText({ session, name: session });
    for (const { copy } of LISTS_SHARED.flatMap((list) => db.all(list, String(id))))
        assignEvent(db, copy, { target, watchers: COPY });
}
/** Open copies that were shared by a subscription, and by none that is left. Of what waits, and of all others: each by its index. */
const LISTS_SHARED = ["c.state = 'stored'", "c.state IN ('offered', 'seen')"].map((which) => `SELECT c.id AS copy FROM events c
    WHERE c.copy_of IS NOT NULL AND ${which} AND c.target IS NULL AND ',' || c.watchers || ',' LIKE '%,' || ? || ',%'
      AND NOT EXISTS (SELECT 1 FROM subscriptions s WHERE ',' || c.watchers || ',' LIKE '%,' || s.id || ',%')`);
/** What waited for one session, or is asked for by it, is another's: a conversation took its place. */
export function moveSubscriptions(db, from, to) {
    db.run("UPDATE subscriptions SET session = ? WHERE session = ?", to, from);
    // By their few addresses: a million events may wait for others.
    for (const address of listWaitingAddresses(db)) {
        const [text] = JSON.parse(address);
        const target = text == null ? undefined : parseTarget(text);
        if (target?.session !== from)
            continue;
        const name = target.name === from ? to : target.name;
        const one = db.get("SELECT id FROM events WHERE state = 'stored' AND address = ? LIMIT 1", address);
        db.run("UPDATE events SET target = ? WHERE state = 'stored' AND address = ?", toTargetText({ session: to, name }), address);
        // All of them are at one address again.
        if (one !== undefined)
            db.noteChange(one.id);
    }
}
/** Removes those of sessions that nobody has seen since `before` (epoch ms), but for `open` ones. Returns how many. */
export function purgeSubscriptions(db, before, open) {
    return db.run(`DELETE FROM subscriptions WHERE session NOT IN (SELECT value FROM json_each(?))
       AND MAX(created_at, COALESCE((SELECT last_active_at FROM sessions s WHERE s.id = session), 0)) < ?`, JSON.stringify(open), before);
}
/** Notes anew who an event is for; without a target that stays. */
export function assignEvent(db, id, { target, watchers }) {
    db.run("UPDATE events SET target = COALESCE(?, target), watchers = ? WHERE id = ?", target ?? null, watchers === "" ? null : watchers, id);
    db.noteChange(id);
}
/**
 * The newest events that wait, on one channel or on all; but for what goes out in copies, which was shared out when it came, and what
 * will be once its text is known.
 */
export function listNewestWaiting(db, channel, limit) {
    const rows = db.all(`SELECT id, channel, kind, entity, repository, CASE WHEN json_valid(meta) THEN meta ELSE '{}' END AS meta, watchers
     FROM events WHERE state = 'stored' AND copy_of IS NULL AND watchers IS NOT '${COPIED}'
       AND watchers IS NOT '${HELD}' AND watchers IS NOT '${HELD},${KNOWN}' ${channel === undefined ? "ORDER BY seq" : "AND channel = ? ORDER BY stored_at"} DESC LIMIT ?`, ...(channel === undefined ? [] : [channel]), limit);
    return rows.map(({ entity, repository, meta, watchers, ...row }) => ({
        ...row,
        ...(entity === null ? {} : { entity }),
        ...(repository === null ? {} : { repository }),
        // Written by addEvent from the SDK's types.
        meta: JSON.parse(meta),
        watchers: watchers ?? "",
    }));
}
