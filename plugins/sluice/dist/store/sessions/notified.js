/** By address: when the oldest event that waited there at the notice was accepted (epoch ms). */
export function readNotifiedSince(db) {
    const rows = db.all("SELECT address, since FROM told_waiting");
    return new Map(rows.map(({ address, since }) => [address, since]));
}
/** Replaces the notified addresses. */
export function setNotifiedSince(db, told) {
    db.run("DELETE FROM told_waiting");
    for (const [address, since] of told)
        db.run("INSERT INTO told_waiting VALUES (?, ?)", address, since);
}
