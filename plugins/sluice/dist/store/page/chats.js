const SELECT_MESSAGES = `SELECT m.*, e.state,
  (SELECT o.state FROM outbox o WHERE o.event = m.event AND o.kind = 'reply' ORDER BY o.id DESC LIMIT 1) AS answer
  FROM chat_messages m LEFT JOIN events e ON e.id = m.event`;
export function listChats(db) {
    return db.all("SELECT id, title, created_at AS createdAt, changed_at AS changedAt FROM chats ORDER BY changed_at DESC, id");
}
export function findChat(db, id) {
    return db.get("SELECT id, title, created_at AS createdAt, changed_at AS changedAt FROM chats WHERE id = ?", id);
}
export function addChat(db, id, title, now) {
    db.run("INSERT INTO chats VALUES (?, ?, ?, ?)", id, title, now, now);
}
export function renameChat(db, id, title) {
    return db.run("UPDATE chats SET title = ? WHERE id = ?", title, id) > 0;
}
export function addChatMessage(db, message, now) {
    db.run(`INSERT INTO chat_messages (id, chat, author, text, reply_to, event, files, reactions, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, '[]', ?)`, message.id, message.chat, message.author, message.text, message.replyTo ?? null, message.event ?? null, JSON.stringify(message.files), now);
    db.run("UPDATE chats SET changed_at = ? WHERE id = ?", now, message.chat);
}
/** False when there is no such message of this author in this chat: nobody edits another's words. */
export function editChatMessage(db, key, text, now) {
    const changed = db.run("UPDATE chat_messages SET text = ?, edited_at = ? WHERE id = ? AND chat = ? AND author = ?", text, now, key.id, key.chat, key.author);
    return changed > 0;
}
/** Sets what `by` thinks of a message; an empty reaction takes it back. False when there is no such message. */
export function reactToChatMessage(db, key, { by, reaction }) {
    const found = findChatMessage(db, key.id);
    if (found === undefined || found.chat !== key.chat)
        return false;
    const others = found.reactions.filter((one) => one.by !== by);
    const after = reaction === "" ? others : [...others, { by, reaction }];
    db.run("UPDATE chat_messages SET reactions = ? WHERE id = ?", JSON.stringify(after), key.id);
    return true;
}
export function findChatMessage(db, id) {
    const row = db.get(`${SELECT_MESSAGES} WHERE m.id = ?`, id);
    return row === undefined ? undefined : toMessage(row);
}
/** The message that became this event. */
export function findMessageOfEvent(db, event) {
    const row = db.get(`${SELECT_MESSAGES} WHERE m.event = ?`, event);
    return row === undefined ? undefined : toMessage(row);
}
/** The event that a delivery id has become. */
export function findEventOfDelivery(db, channel, deliveryId) {
    return db.get("SELECT event FROM delivery_ids WHERE channel = ? AND delivery_id = ?", channel, deliveryId)?.event;
}
/** The last `limit` messages before `before`, oldest first. */
export function listChatMessages(db, chat, before, limit) {
    return db
        .all(`${SELECT_MESSAGES} WHERE m.chat = ? AND m.seq < ? ORDER BY m.seq DESC LIMIT ?`, chat, before, limit)
        .map(toMessage)
        .toReversed();
}
export function addChatFile(db, file, now) {
    db.run("INSERT INTO chat_files VALUES (?, ?, ?, ?, ?)", file.id, file.name, file.mime, file.bytes, now);
}
export function findChatFile(db, id) {
    return db.get("SELECT id, name, mime, bytes FROM chat_files WHERE id = ?", id);
}
/** Bytes of all files: what the cap counts. */
export function sumChatFiles(db) {
    return db.get("SELECT SUM(bytes) AS sum FROM chat_files")?.sum ?? 0;
}
/** Deletes messages written before `before`, but not one that a session may still answer. Returns how many. */
export function purgeChatMessages(db, before, limit) {
    return db.run(`DELETE FROM chat_messages WHERE seq IN (
       SELECT m.seq FROM chat_messages m LEFT JOIN events e ON e.id = m.event
       WHERE m.created_at < ? AND (e.state IS NULL OR e.state IN ('done', 'expired', 'dead'))
       ORDER BY m.seq LIMIT ?)`, before, limit);
}
/** Deletes chats that nothing stands in and nothing happened in since `before`. */
export function purgeEmptyChats(db, before) {
    return db.run("DELETE FROM chats WHERE changed_at < ? AND NOT EXISTS (SELECT 1 FROM chat_messages m WHERE m.chat = chats.id)", before);
}
/** Forgets files kept before `before` that no message has. Returns their ids. */
export function forgetUnusedFiles(db, before, limit) {
    return db
        .all(`SELECT id FROM chat_files WHERE created_at < ? AND id NOT IN (
         SELECT file.value ->> 'id' FROM chat_messages m, json_each(m.files) file WHERE m.files <> '[]'
       ) LIMIT ?`, before, limit)
        .map(({ id }) => {
        db.run("DELETE FROM chat_files WHERE id = ?", id);
        return id;
    });
}
function toMessage(row) {
    return {
        id: row.id,
        seq: row.seq,
        chat: row.chat,
        author: row.author,
        text: row.text,
        ...(row.reply_to === null ? {} : { replyTo: row.reply_to }),
        ...(row.event === null ? {} : { event: row.event }),
        ...(row.state === null ? {} : { state: row.state }),
        ...(row.answer === "failed" || row.answer === "maybe" ? { answer: row.answer } : {}),
        // Written by addChatMessage and reactToChatMessage alone.
        files: JSON.parse(row.files),
        reactions: JSON.parse(row.reactions),
        createdAt: row.created_at,
        ...(row.edited_at === null ? {} : { editedAt: row.edited_at }),
    };
}
