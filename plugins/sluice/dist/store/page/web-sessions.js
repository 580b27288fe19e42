const COLUMNS = "id, label, place, created_at AS createdAt, expires_at AS expiresAt, idle_at AS idleAt, may_allow AS mayAllow";
const LIVE = "expires_at > ? AND (idle_at IS NULL OR idle_at > ?)";
/** Adds a session; beyond `max` the oldest ones end. */
export function addWebSession(db, session, max) {
    const { id, cookie, key, label, place, createdAt, expiresAt, idleAt, mayAllow } = session;
    db.run(`DELETE FROM web_sessions WHERE NOT (${LIVE})`, createdAt, createdAt);
    db.run("INSERT INTO web_sessions (id, cookie, key, label, place, created_at, expires_at, idle_at, may_allow) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", id, cookie, key, label, place, createdAt, expiresAt, idleAt, mayAllow ? 1 : 0);
    db.run("DELETE FROM web_sessions WHERE id NOT IN (SELECT id FROM web_sessions ORDER BY created_at DESC, id LIMIT ?)", max);
}
export function findWebSession(db, cookie, now) {
    const row = db.get(`SELECT ${COLUMNS}, key FROM web_sessions WHERE cookie = ? AND ${LIVE}`, cookie, now, now);
    return row === undefined ? undefined : { ...row, mayAllow: row.mayAllow === 1 };
}
export function isWebSessionLive(db, id, now) {
    return db.get(`SELECT id FROM web_sessions WHERE id = ? AND ${LIVE}`, id, now, now) !== undefined;
}
export function listWebSessions(db, now) {
    const rows = db.all(`SELECT ${COLUMNS} FROM web_sessions WHERE ${LIVE} ORDER BY created_at DESC`, now, now);
    return rows.map((row) => ({ ...row, mayAllow: row.mayAllow === 1 }));
}
/** It was used: its idle time begins again. */
export function keepWebSession(db, id, idleAt) {
    db.run("UPDATE web_sessions SET idle_at = ? WHERE id = ? AND idle_at < ?", idleAt, id, idleAt);
}
/** Ends one session, those of one place, or all. Returns their ids. */
export function endWebSessions(db, which = {}) {
    const ended = db.all("SELECT id FROM web_sessions WHERE id = coalesce(?, id) AND place = coalesce(?, place)", which.id ?? null, which.place ?? null);
    for (const { id } of ended)
        db.run("DELETE FROM web_sessions WHERE id = ?", id);
    return ended.map(({ id }) => id);
}
