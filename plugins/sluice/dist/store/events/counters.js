/** Counts an arrival that was refused or dropped. Its content is not kept anywhere. */
export function addCount(db, channel, reason, now, count = 1) {
    db.run(`INSERT INTO counters VALUES (?, ?, ?, ?)
     ON CONFLICT (channel, reason) DO UPDATE SET count = count + excluded.count, last_at = excluded.last_at`, channel, reason, count, now);
}
export function forgetCounters(db, channel) {
    db.run("DELETE FROM counters WHERE channel = ?", channel);
}
export function readCounters(db) {
    return db.all("SELECT channel, reason, count, last_at AS lastAt FROM counters ORDER BY channel, reason");
}
