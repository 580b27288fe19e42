/** Undefined before the first. */
export function readLook(db) {
    const row = db.get("SELECT wall_at AS wallAt, since_boot_ms AS sinceBootMs, boot FROM clock_look");
    if (row === undefined)
        return undefined;
    const { wallAt, sinceBootMs, boot } = row;
    return { wallAt, sinceBootMs: sinceBootMs ?? undefined, boot: boot ?? undefined };
}
export function saveLook(db, { wallAt, sinceBootMs, boot }) {
    db.run("INSERT OR REPLACE INTO clock_look VALUES (1, ?, ?, ?)", wallAt, sinceBootMs === undefined ? null : Math.round(sinceBootMs), boot ?? null);
}
/** The newest moment that an inbox knows of itself (epoch ms): for one that has kept no look yet. */
export function readNewestTime(db) {
    const row = db.get(`SELECT MAX(at) AS at FROM (
       SELECT * FROM (SELECT stored_at AS at FROM events ORDER BY seq DESC LIMIT 1)
       UNION ALL SELECT * FROM (SELECT at FROM steps ORDER BY id DESC LIMIT 1)
       UNION ALL SELECT MAX(received_at) FROM delivery_ids)`);
    return row?.at ?? undefined;
}
export function listGaps(db) {
    return db.all("SELECT id, from_at AS 'from', to_at AS 'to', after_seq AS afterSeq FROM clock_gaps ORDER BY id");
}
export function addGap(db, { from, to }) {
    db.run("INSERT INTO clock_gaps (from_at, to_at, after_seq) VALUES (?, ?, (SELECT COALESCE(MAX(seq), 0) FROM events))", from, to);
}
export function removeGap(db, id) {
    db.run("DELETE FROM clock_gaps WHERE id = ?", id);
}
/**
 * What was written by a clock that had gone forward, and is set back now, is of now: with a time that lies ahead it would be new for as
 * long as the clock was wrong. `afterSeq`: later events may be such.
 */
export function takeBackTimes(db, afterSeq, now) {
    db.run(`UPDATE events SET stored_at = MIN(stored_at, ?), received_at = MIN(received_at, ?), changed_at = MIN(changed_at, ?),
       renewed_at = MIN(renewed_at, ?),
       expires_at = expires_at - MAX(0, COALESCE(renewed_at, stored_at) - ?) WHERE seq > ?`, now, now, now, now, now, afterSeq);
    for (const table of ["delivery_ids", "delivery_bodies"])
        db.run(`UPDATE ${table} SET received_at = ? WHERE received_at > ?`, now, now);
    db.run("UPDATE sessions SET last_active_at = MIN(last_active_at, ?) WHERE last_active_at > ?", now, now);
    db.run(`UPDATE outbox SET created_at = MIN(created_at, ?), due_at = MIN(due_at, ?)
     WHERE (state = 'queued' OR state = 'sending' OR state = 'failed' OR state = 'maybe') AND (created_at > ? OR due_at > ?)`, now, now, now, now);
}
