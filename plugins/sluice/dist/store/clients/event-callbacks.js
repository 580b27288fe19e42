const COLUMNS = `id, client, url, name, arguments AS args, scope, secret, old_secret AS oldSecret, old_until AS oldUntil, since, position, attempts,
  retry_at AS retryAt, active, failed_since AS failedSince, last_error AS lastError, last_at AS lastAt, verified_at AS verifiedAt, expires_at AS expiresAt`;
/** Puts it in the place of an earlier one of its id. */
export function saveCallback(db, callback) {
    db.run(`INSERT OR REPLACE INTO event_callbacks (id, client, url, name, arguments, scope, secret, old_secret, old_until, since, position, attempts, retry_at, active,
       failed_since, last_error, last_at, verified_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, callback.id, callback.client, callback.url, callback.name, callback.args, callback.scope, callback.secret, callback.oldSecret, callback.oldUntil, callback.since, callback.position, callback.attempts, callback.retryAt, callback.active ? 1 : 0, callback.failedSince, callback.lastError, callback.lastAt, callback.verifiedAt, callback.expiresAt);
}
export function findCallback(db, id) {
    const row = db.get(`SELECT ${COLUMNS} FROM event_callbacks WHERE id = ?`, id);
    return row && toCallback(row);
}
export function listCallbacks(db) {
    return db
        .all(`SELECT ${COLUMNS} FROM event_callbacks ORDER BY client, id`)
        .map(toCallback);
}
export function countCallbacks(db, client) {
    return (db.get("SELECT count(*) AS count FROM event_callbacks WHERE client = ?", client)?.count ?? 0);
}
/** When this client last proved that it answers at this address; undefined where it never did. */
export function readVerified(db, client, url) {
    return (db.get("SELECT max(verified_at) AS at FROM event_callbacks WHERE client = ? AND url = ?", client, url)?.at ?? undefined);
}
/** False where there was none. */
export function removeCallback(db, id) {
    return db.run("DELETE FROM event_callbacks WHERE id = ?", id) === 1;
}
/** Only from the position that was read: where the client has moved it meanwhile, its word counts. */
export function noteProgress(db, { id, position: from }, progress) {
    return (db.run(`UPDATE event_callbacks SET position = ?, attempts = ?, retry_at = ?, active = ?, failed_since = ?, last_error = ?, last_at = ?
       WHERE id = ? AND position = ?`, progress.position, progress.attempts, progress.retryAt, progress.active ? 1 : 0, progress.failedSince, progress.lastError, progress.lastAt, id, from) === 1);
}
function toCallback({ active, ...row }) {
    return { ...row, active: active === 1 };
}
