import { moveEvent } from "./inbox.js";
import { IS_OVER } from "./states.js";
export function addLife(db, event, endsAt) {
    db.run("INSERT INTO lives (event, ends_at) VALUES (?, ?)", event, endsAt);
}
export function hasEnded(db, now) {
    return db.get("SELECT 1 FROM lives WHERE ends_at < ? LIMIT 1", now) !== undefined;
}
/** Expires what still waits after its own end, and forgets the ends of what is over. Returns how many ended. */
export function expireEnded(db, now, limit) {
    db.run(`DELETE FROM lives WHERE event IN (
       SELECT l.event FROM lives l JOIN events ON events.id = l.event WHERE l.ends_at < ? AND ${IS_OVER} LIMIT ?)`, now, limit);
    const rows = db.all(`SELECT events.id AS id FROM lives l JOIN events ON events.id = l.event
     WHERE l.ends_at < ? AND events.state = 'stored' ORDER BY l.ends_at LIMIT ?`, now, limit);
    const end = { at: now, stage: "expired", reason: "its sender gave it no more time" };
    for (const { id } of rows)
        moveEvent(db, id, "expired", end);
    return rows.length;
}
