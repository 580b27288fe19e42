const PAIRING = `hash, channel, account, sender, name, chat_id AS chatId, created_at AS createdAt, expires_at AS expiresAt`;
/** Those still alive, oldest first. */
export function listPairings(db, now) {
    return db.all(`SELECT ${PAIRING} FROM pairings WHERE expires_at > ? ORDER BY created_at`, now);
}
/** Adds a pairing; one of the same sender is replaced, what is over its time goes. */
export function addPairing(db, pairing, now) {
    db.run("DELETE FROM pairings WHERE expires_at <= ?", now);
    db.run("DELETE FROM pairings WHERE channel = ? AND account = ? AND sender = ?", pairing.channel, pairing.account, pairing.sender);
    db.run("INSERT INTO pairings VALUES (?, ?, ?, ?, ?, ?, ?, ?)", pairing.hash, pairing.channel, pairing.account, pairing.sender, pairing.name, pairing.chatId, pairing.createdAt, pairing.expiresAt);
}
export function removePairing(db, hash) {
    db.run("DELETE FROM pairings WHERE hash = ?", hash);
}
/** Those still alive. */
export function listInvites(db, now) {
    return db.all("SELECT hash, channel, roles, created_at AS createdAt, expires_at AS expiresAt FROM invites WHERE expires_at > ?", now);
}
export function addInvite(db, invite, now) {
    db.run("DELETE FROM invites WHERE expires_at <= ?", now);
    db.run("INSERT INTO invites VALUES (?, ?, ?, ?, ?)", invite.hash, invite.channel, invite.roles, invite.createdAt, invite.expiresAt);
}
export function removeInvite(db, hash) {
    db.run("DELETE FROM invites WHERE hash = ?", hash);
}
/** How often a code was wrong since a time: by this sender, and on the channel. */
export function countTries(db, channel, sender, since) {
    const row = db.get("SELECT SUM(sender = ?) AS mine, COUNT(*) AS total FROM code_tries WHERE channel = ? AND at > ?", sender, channel, since);
    return { sender: row?.mine ?? 0, channel: row?.total ?? 0 };
}
export function addTry(db, channel, sender, now, forgetBefore) {
    db.run("DELETE FROM code_tries WHERE at <= ?", forgetBefore);
    db.run("DELETE FROM code_locks WHERE until <= ?", now);
    db.run("INSERT INTO code_tries (channel, sender, at) VALUES (?, ?, ?)", channel, sender, now);
}
/** Until when no code is looked at: of this sender (`sender`), or of anybody on the channel. 0 when it is not locked. */
export function readLock(db, channel, sender, now) {
    const row = db.get("SELECT MAX(until) AS until FROM code_locks WHERE channel = ? AND sender IN (?, '') AND until > ?", channel, sender, now);
    return row?.until ?? 0;
}
/** `sender` empty: the whole channel. */
export function addLock(db, channel, sender, until) {
    db.run("INSERT OR REPLACE INTO code_locks VALUES (?, ?, ?)", channel, sender, until);
}
/** Somebody there was right: what was wrong before no longer counts. */
export function clearTries(db, channel) {
    db.run("DELETE FROM code_tries WHERE channel = ?", channel);
    db.run("DELETE FROM code_locks WHERE channel = ?", channel);
}
