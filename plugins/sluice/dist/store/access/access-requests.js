/** Those still alive, oldest first. */
export function listAccessRequests(db, now) {
    return db.all("SELECT id, change, origin, created_at AS createdAt, expires_at AS expiresAt FROM access_requests WHERE expires_at > ? ORDER BY id", now);
}
/** Its number, which no other change will ever have. */
export function addAccessRequest(db, request, now) {
    db.run("DELETE FROM access_requests WHERE expires_at <= ?", now);
    db.run("INSERT INTO access_requests (change, origin, created_at, expires_at) VALUES (?, ?, ?, ?)", request.change, request.origin, request.createdAt, request.expiresAt);
    return db.get("SELECT last_insert_rowid() AS id")?.id ?? 0;
}
export function removeAccessRequest(db, id) {
    db.run("DELETE FROM access_requests WHERE id = ?", id);
}
