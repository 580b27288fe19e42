import { IS_OVER } from "./states.js";
const MARK = "ends-told";
/** Those not yet reported, after the step `after` or after the last reported one; oldest first. */
export function listUnreported(db, limit, after = readMark(db)) {
    return db.all(`SELECT s.id, s.event, e.channel, s.stage, COALESCE(s.reason, '') AS reason, e.stored_at AS storedAt
     FROM steps s JOIN events e ON e.id = s.event
     WHERE s.id > ? AND s.stage IN ('expired', 'dead') AND e.copy_of IS NULL ORDER BY s.id LIMIT ?`, after, limit);
}
export function markReported(db, id) {
    db.run("INSERT INTO marks VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", MARK, id);
}
/** How many events ended so since `from`, and when the first of them was accepted (epoch ms). */
export function countTerminalEvents(db, state, from) {
    const row = db.get(`SELECT COUNT(*) AS count, MIN(stored_at) AS storedAt FROM events WHERE ${IS_OVER} AND state = ? AND changed_at >= ? AND copy_of IS NULL`, state, from);
    return { count: row?.count ?? 0, storedAt: row?.storedAt ?? from };
}
/** Step ids start again once every step was purged: a mark beyond the last one would hide what follows. */
function readMark(db) {
    const row = db.get("SELECT MIN(value, (SELECT COALESCE(MAX(id), 0) FROM steps)) AS value FROM marks WHERE name = ?", MARK);
    return row?.value ?? 0;
}
