/** Adds a session or notes that it is alive again, perhaps in another attachment (resume). */
export function saveSession(db, session) {
    db.run(`INSERT INTO sessions (id, attachment, cwd, repository, lane, started_at, last_active_at, name) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET attachment = excluded.attachment, cwd = excluded.cwd, repository = excluded.repository,
       lane = excluded.lane, last_active_at = excluded.last_active_at, ended_at = NULL, name = excluded.name`, session.id, session.attachment, session.cwd, session.repository, session.lane, session.startedAt, session.lastActiveAt, session.name);
}
export function endSession(db, id, now) {
    db.run("UPDATE sessions SET ended_at = ? WHERE id = ?", now, id);
}
export function addWake(db, session, wake) {
    db.run("INSERT INTO wakes (session, at, urgent, chars, bell) VALUES (?, ?, ?, ?, ?)", session, wake.at, wake.urgent ? 1 : 0, wake.chars, wake.bell);
}
/** Adds the characters of what a wake carried, once they are known. */
export function addWakeChars(db, bell, chars) {
    db.run("UPDATE wakes SET chars = chars + ? WHERE bell = ?", chars, bell);
}
/** True for a bell that was rung in this attachment, whichever conversation was open in it then. */
export function isRung(db, attachment, session, bell) {
    const row = db.get(`SELECT 1 FROM wakes WHERE bell = ?
       AND (session = ? OR EXISTS (SELECT 1 FROM sessions s WHERE s.id = wakes.session AND s.attachment = ?)) LIMIT 1`, bell, session, attachment);
    return row !== undefined;
}
/** Wakes of a session since `from` (epoch ms), oldest first. */
export function readWakes(db, session, from) {
    return db
        .all("SELECT at, urgent, chars, bell FROM wakes WHERE session = ? AND at >= ? ORDER BY id", session, from)
        .map((row) => ({ ...row, urgent: row.urgent === 1 }));
}
/** Only when they were (epoch ms): asked for whenever something may be due. */
export function readWakeTimes(db, session, from) {
    return db
        .all("SELECT at FROM wakes WHERE session = ? AND at >= ? ORDER BY id", session, from)
        .map(({ at }) => at);
}
