/** The user's own word for a session, if it has one. */
export function readLabel(db, session) {
    const row = db.get("SELECT label FROM sessions WHERE id = ?", session);
    return row?.label ?? undefined;
}
/** Null takes the label back. */
export function setLabel(db, session, label, now) {
    db.run(`INSERT INTO sessions (id, attachment, cwd, lane, started_at, last_active_at, label) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET label = excluded.label`, session.id, session.attachment, session.cwd, session.lane, now, now, label);
}
export function setEndReason(db, session, reason) {
    db.run("UPDATE sessions SET end_reason = ? WHERE id = ?", reason, session);
}
export function readEndReason(db, session) {
    const row = db.get("SELECT end_reason AS reason FROM sessions WHERE id = ? AND ended_at IS NOT NULL", session);
    return row?.reason ?? undefined;
}
/** `to` took the place of `from` in the same client: it is called the same. */
export function setSuccessor(db, from, to) {
    db.run("UPDATE sessions SET successor = ? WHERE id = ?", to, from);
    db.run("UPDATE sessions SET label = COALESCE(label, (SELECT label FROM sessions WHERE id = ?)) WHERE id = ?", from, to);
}
const COLUMNS = "id, label, name, cwd, successor, last_active_at AS lastActiveAt";
export function findSession(db, id) {
    return db.get(`SELECT ${COLUMNS} FROM sessions WHERE id = ?`, id);
}
/** Sessions that are or were called so, the last active first; those that another took the place of are left out. */
export function listCalled(db, name) {
    return db.all(`SELECT ${COLUMNS} FROM sessions WHERE successor IS NULL AND COALESCE(label, name) = ? ORDER BY last_active_at DESC`, name);
}
/** Of a long succession of /clear, so many steps are followed. */
const SUCCESSORS_MAX = 100;
/** The conversation that took a session's place by /clear, or one that took that one's; itself where none did. */
export function findSuccessor(db, id) {
    let at = id;
    for (let step = 0; step < SUCCESSORS_MAX; step++) {
        const next = findSession(db, at)?.successor;
        if (next == null)
            return at;
        at = next;
    }
    return at;
}
