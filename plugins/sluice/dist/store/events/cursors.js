export function readCursor(db, channel) {
    return db.get("SELECT cursor FROM cursors WHERE channel = ?", channel)
        ?.cursor;
}
export function saveCursor(db, channel, cursor, now) {
    db.run(`INSERT INTO cursors VALUES (?, ?, ?)
     ON CONFLICT (channel) DO UPDATE SET cursor = excluded.cursor, changed_at = excluded.changed_at`, channel, cursor, now);
}
/** The channel is removed: another one of its name begins anew. */
export function forgetCursor(db, channel) {
    db.run("DELETE FROM cursors WHERE channel = ?", channel);
}
