/** Records that people were notified of a prompt. False if that was recorded before. */
export function addEscalation(db, prompt, session, at) {
    return (db.run("INSERT OR IGNORE INTO prompt_pushes (prompt, session, at) VALUES (?, ?, ?)", prompt, session, at) === 1);
}
export function isEscalated(db, prompt) {
    return db.get("SELECT 1 FROM prompt_pushes WHERE prompt = ?", prompt) !== undefined;
}
/** When people were told of prompts of a session, within a time up to now; oldest first. What a clock that was set back left ahead counts not. */
export function listEscalationTimes(db, session, since, now) {
    return db
        .all("SELECT at FROM prompt_pushes WHERE session = ? AND at > ? AND at <= ? ORDER BY at", session, since, now)
        .map(({ at }) => at);
}
/** Prompts that people were notified of, but not of their end. */
export function listOpenEscalations(db) {
    return db
        .all("SELECT prompt FROM prompt_pushes WHERE is_open = 1")
        .map(({ prompt }) => prompt);
}
export function endEscalation(db, prompt) {
    db.run("UPDATE prompt_pushes SET is_open = 0 WHERE prompt = ?", prompt);
}
const COLUMNS = `id, handle, prompt, session, channel, account, sender, chat_id AS chatId, outbox, message, digest, changed_at AS changedAt, choice, used_at AS usedAt, at`;
export function addPost(db, post) {
    db.run(`INSERT INTO prompt_posts (handle, prompt, session, channel, account, sender, chat_id, outbox, digest, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, post.handle, post.prompt, post.session, post.channel, post.account, post.sender, post.chatId, post.outbox, post.digest, post.at);
}
export function findPostByHandle(db, handle) {
    return toPost(db.get(`SELECT ${COLUMNS} FROM prompt_posts WHERE handle = ?`, handle));
}
export function findPostByOutbox(db, outbox) {
    return toPost(db.get(`SELECT ${COLUMNS} FROM prompt_posts WHERE outbox = ?`, outbox));
}
export function findPostByMessage(db, channel, chatId, message) {
    return toPost(db.get(`SELECT ${COLUMNS} FROM prompt_posts WHERE channel = ? AND chat_id = ? AND message = ? ORDER BY id DESC LIMIT 1`, channel, chatId, message));
}
export function listPosts(db, prompt) {
    return db
        .all(`SELECT ${COLUMNS} FROM prompt_posts WHERE prompt = ? ORDER BY id`, prompt)
        .map(toPostOf);
}
/** Those that do not yet say how their prompt ended. */
export function listOpenPosts(db) {
    return db
        .all(`SELECT ${COLUMNS} FROM prompt_posts WHERE is_open = 1 ORDER BY +id`)
        .map(toPostOf);
}
/** The latest summary for one approver about a session. */
export function findSummary(db, { session, channel, sender }) {
    return toPost(db.get(`SELECT ${COLUMNS} FROM prompt_posts WHERE prompt IS NULL AND session = ? AND channel = ? AND sender = ? ORDER BY id DESC LIMIT 1`, session, channel, sender));
}
/** The platform's id of the message; a first one stays. */
export function setPostMessage(db, id, message) {
    db.run("UPDATE prompt_posts SET message = ? WHERE id = ? AND message IS NULL", message, id);
}
/** It shows other arguments from now on: what was chosen under the earlier ones, and their handle, count no more. */
export function setPostShown(db, id, { handle, digest, at }) {
    db.run("UPDATE prompt_posts SET handle = ?, digest = ?, changed_at = ?, choice = '{}' WHERE id = ?", handle, digest, at, id);
}
export function setPostChoice(db, id, choice) {
    db.run("UPDATE prompt_posts SET choice = ? WHERE id = ?", JSON.stringify(choice), id);
}
/** Its handle has given a verdict. False when it had before. */
export function usePost(db, id, now) {
    return (db.run("UPDATE prompt_posts SET used_at = ? WHERE id = ? AND used_at IS NULL", now, id) === 1);
}
/** It says how its prompt ended, or will: the change is in the outbox. False when it did before. */
export function closePost(db, id) {
    return db.run("UPDATE prompt_posts SET is_open = 0 WHERE id = ? AND is_open = 1", id) === 1;
}
export function isPostOpen(db, id) {
    return db.get("SELECT 1 FROM prompt_posts WHERE id = ? AND is_open = 1", id) !== undefined;
}
/** Somebody's own chat with us, on any of our accounts where `account` is empty. */
export function findDirectChat(db, { channel, account, sender }) {
    return db.get("SELECT chat_id AS chatId FROM direct_chats WHERE channel = ? AND sender = ? AND ? IN ('', account) LIMIT 1", channel, sender, account)?.chatId;
}
export function setDirectChat(db, { channel, account, sender, chatId }) {
    db.run("INSERT OR REPLACE INTO direct_chats (channel, account, sender, chat_id) VALUES (?, ?, ?, ?)", channel, account, sender, chatId);
}
/** A channel is removed: whoever bears its name later is another one. */
export function forgetDirectChats(db, channel) {
    db.run("DELETE FROM direct_chats WHERE channel = ?", channel);
}
export const AWAY_MODES = ["on", "off", "auto"];
export function readAway(db) {
    return db.get("SELECT mode, by, at FROM away WHERE id = 1");
}
export function setAway(db, { mode, by, at }) {
    db.run("INSERT OR REPLACE INTO away (id, mode, by, at) VALUES (1, ?, ?, ?)", mode, by, at);
}
/** Forgets summaries that are older than `before` (epoch ms); what tells of a prompt goes with it. Returns how many. */
export function purgeSummaries(db, before, limit) {
    return db.run("DELETE FROM prompt_posts WHERE id IN (SELECT id FROM prompt_posts WHERE prompt IS NULL AND at < ? LIMIT ?)", before, limit);
}
function toPost(raw) {
    return raw === undefined ? undefined : toPostOf(raw);
}
function toPostOf(raw) {
    // Written by this file only.
    return { ...raw, choice: JSON.parse(raw.choice) };
}
