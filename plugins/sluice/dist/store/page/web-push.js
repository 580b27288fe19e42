const COLUMNS = "s.id, s.session, s.endpoint, s.p256dh, s.auth, s.created_at AS createdAt";
/** Adds a subscription. A browser has one: an earlier one of its session, or of its endpoint, goes. */
export function addWebSubscription(db, subscription) {
    const { id, session, endpoint, p256dh, auth, createdAt } = subscription;
    db.run("DELETE FROM web_push WHERE session = ? OR endpoint = ?", session, endpoint);
    db.run("INSERT INTO web_push (id, session, endpoint, p256dh, auth, created_at) VALUES (?, ?, ?, ?, ?, ?)", id, session, endpoint, p256dh, auth, createdAt);
}
export function findWebSubscription(db, session) {
    return db.get(`SELECT ${COLUMNS} FROM web_push s WHERE session = ?`, session);
}
/** All, also those whose sign-in is over. */
export function listWebSubscriptions(db) {
    return db.all(`SELECT ${COLUMNS} FROM web_push s ORDER BY created_at, id`);
}
/** False when it was gone already. */
export function removeWebSubscription(db, id) {
    return db.run("DELETE FROM web_push WHERE id = ?", id) === 1;
}
/** A prompt goes to a browser; what was shown of it there before counts no longer. */
export function addShown(db, shown) {
    db.run("INSERT OR REPLACE INTO web_push_shown (prompt, subscription, digest, handle) VALUES (?, ?, ?, ?)", shown.prompt, shown.subscription, shown.digest, shown.handle ?? null);
}
/** Where a prompt was shown, and with which arguments. */
export function listShown(db, prompt) {
    return db.all(`SELECT ${COLUMNS}, w.digest FROM web_push_shown w JOIN web_push s ON s.id = w.subscription WHERE w.prompt = ?`, prompt);
}
/**
 * Uses a handle up, where it was given to a browser of this session. Undefined for one that was used, replaced, or is another's.
 */
export function takeHandle(db, handle, session) {
    const found = db.get(`SELECT w.prompt, w.subscription, w.digest FROM web_push_shown w JOIN web_push s ON s.id = w.subscription
     WHERE w.handle = ? AND s.session = ?`, handle, session);
    if (found === undefined)
        return undefined;
    // With the row: its own notification is closed there, so nobody has to be told of the end.
    db.run("DELETE FROM web_push_shown WHERE prompt = ? AND subscription = ?", found.prompt, found.subscription);
    return { prompt: found.prompt, digest: found.digest };
}
/** It is over, everywhere. */
export function removeShown(db, prompt) {
    db.run("DELETE FROM web_push_shown WHERE prompt = ?", prompt);
}
