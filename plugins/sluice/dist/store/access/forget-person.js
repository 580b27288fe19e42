import { COPIED } from "../events/copied-state.js";
import { moveEvent } from "../events/inbox.js";
const GONE = "(forgotten)";
const NOBODY = "somebody who was forgotten";
/** People and programs under one id: whoever is known only from events, or only from the list of who may speak. */
const MAX_FOUND = 20;
/** People whose id, or whose name as it is written, is `text`; on one channel where it is named. */
export function findPeople(db, text, channel) {
    return db.all(`SELECT channel, id, MAX(name) AS name, SUM(events) AS events FROM (
       SELECT channel, sender_id AS id, MAX(sender_name) AS name, COUNT(*) AS events FROM events
         WHERE copy_of IS NULL AND (sender_id = ? OR sender_name = ?) GROUP BY channel, sender_id
       UNION ALL SELECT channel, id, NULLIF(name, ''), 0 FROM senders WHERE id = ? OR name = ?
       UNION ALL SELECT channel, sender, name, 0 FROM pairings WHERE sender = ? OR name = ?)
     WHERE (? IS NULL OR channel = ?) AND id <> ?
     GROUP BY channel, id ORDER BY channel, id LIMIT ${MAX_FOUND}`, text, text, text, text, text, text, channel ?? null, channel ?? null, GONE);
}
export function findTraces(db, person) {
    const { channel, id } = person;
    const rows = db.all("SELECT id, state, watchers FROM events WHERE channel = ? AND sender_id = ?", channel, id);
    const chats = listDirectChats(db, person);
    const ids = JSON.stringify(rows.map((row) => row.id));
    const sent = db.all(`SELECT id, state FROM outbox WHERE event IN (SELECT value FROM json_each(?))
       OR (channel = ? AND chat_id IN (SELECT value FROM json_each(?)))`, ids, channel, JSON.stringify(chats));
    const folders = db
        .all("SELECT DISTINCT event FROM files WHERE path IS NOT NULL AND event IN (SELECT value FROM json_each(?))", ids)
        .map(({ event }) => event);
    const copies = db
        .all(`SELECT json_extract(f.value, '$.path') AS path FROM outbox, json_each(outbox.files) f
       WHERE outbox.id IN (SELECT value FROM json_each(?))`, JSON.stringify(sent.map((row) => row.id)))
        .flatMap(({ path }) => path ?? []);
    return {
        rows,
        sent,
        chats,
        folders,
        copies,
        events: rows.length,
        files: folders.length + copies.length,
        messages: sent.length,
        quotes: listQuoting(db, person).length,
        prompts: count(db, `SELECT COUNT(*) AS n FROM prompts WHERE ${IS_BY}`, toBy(person)),
    };
}
/** Takes them out. Returns what `findTraces` had found. */
export function forgetPerson(db, person, now) {
    const { channel, id } = person;
    const found = findTraces(db, person);
    for (const quoting of listQuoting(db, person))
        forgetQuotes(db, quoting);
    for (const { id: event, state, watchers } of found.rows) {
        const isOpen = state === "stored" && watchers !== COPIED;
        const step = { at: now, stage: "done", reason: "its sender was forgotten" };
        if (isOpen)
            moveEvent(db, event, "done", step); // FORGET-2
        forgetEvent(db, event, found.chats);
    }
    for (const message of found.sent)
        forgetMessage(db, message);
    const named = [channel, id];
    db.run("DELETE FROM pairings WHERE channel = ? AND sender = ?", ...named);
    db.run("DELETE FROM code_tries WHERE channel = ? AND sender = ?", ...named);
    db.run("DELETE FROM code_locks WHERE channel = ? AND sender = ?", ...named);
    db.run("DELETE FROM direct_chats WHERE channel = ? AND sender = ?", ...named);
    db.run("DELETE FROM prompt_posts WHERE channel = ? AND sender = ? AND is_open = 0", ...named);
    const by = toBy(person);
    db.run(`UPDATE prompts SET outcome = json_set(outcome, '$.by', ?) WHERE ${IS_BY}`, NOBODY, by);
    db.run("UPDATE prompt_holds SET by = ? WHERE by LIKE ? ESCAPE '\\'", NOBODY, by);
    db.run("UPDATE prompt_rules SET created_by = ? WHERE created_by LIKE ? ESCAPE '\\'", NOBODY, by);
    db.run("UPDATE away SET by = ? WHERE by LIKE ? ESCAPE '\\'", NOBODY, by);
    return found;
}
/** FORGET-3 */
function forgetQuotes(db, event) {
    const row = db.get("SELECT text, quotes, json_extract(meta, '$.forwarded_from') AS \"from\" FROM events WHERE id = ?", event);
    if (row === undefined)
        return;
    const { text, from } = row;
    // Of a forward all the words are theirs; of an answer only those that it answers.
    const quotes = JSON.parse(row.quotes).filter(({ label }) => from === null && label !== "in reply to");
    db.run("UPDATE events SET meta = json_remove(meta, '$.reply_to_text', '$.forwarded_from'), quotes = ?, text = ? WHERE id = ?", JSON.stringify(quotes), from === null ? text : text.replaceAll(from, GONE), event);
    db.noteChange(event);
}
/** FORGET-1. */
function forgetEvent(db, event, chats) {
    db.run("DELETE FROM payloads WHERE event = ?", event);
    db.run("DELETE FROM files WHERE event = ?", event);
    db.run("DELETE FROM transcriptions WHERE event = ?", event);
    db.run("UPDATE chat_messages SET text = ?, files = '[]' WHERE event = ?", GONE, event);
    db.run("UPDATE steps SET reason = NULL WHERE event = ? AND stage <> 'done'", event);
    db.run(`UPDATE events SET text = ?, quotes = '[]', meta = '{"forgotten":"true"}', sender_id = ?, sender_name = NULL,
       entity = NULL, state_of = NULL,
       chat_id = CASE WHEN chat_id IN (SELECT value FROM json_each(?)) THEN NULL ELSE chat_id END
     WHERE id = ?`, GONE, GONE, JSON.stringify(chats), event);
    db.noteChange(event, "chats");
}
/** One that is being sent keeps its state: what became of it is not known yet. */
function forgetMessage(db, { id, state }) {
    const isUnsent = state === "queued";
    db.run(
    // Its key as well: by that the same message, asked for again, would be this row.
    `UPDATE outbox SET key = 'forgotten ' || id, text = ?, files = '[]', message_ids = '[]', reply_to = NULL, target = NULL,
       state = ?, reason = CASE WHEN ? THEN 'its person was forgotten' ELSE reason END WHERE id = ?`, GONE, isUnsent ? "failed" : state, isUnsent ? 1 : 0, id);
}
/** Where they alone write to us; a platform may call such a chat by the person's own id. */
function listDirectChats(db, { channel, id }) {
    return db
        .all(`SELECT chat_id AS chat FROM senders WHERE channel = ? AND id = ? AND chat_id <> ''
       UNION SELECT chat_id FROM direct_chats WHERE channel = ? AND sender = ?
       UNION SELECT chat_id FROM pairings WHERE channel = ? AND sender = ? AND chat_id IS NOT NULL
       UNION SELECT DISTINCT chat_id FROM events WHERE channel = ? AND sender_id = ? AND chat_id = ?`, channel, id, channel, id, channel, id, channel, id, id)
        .map(({ chat }) => chat);
}
/** Other people's events in whose facts stands a text of theirs, or their name as that of who wrote what was forwarded. */
function listQuoting(db, { channel, id }) {
    return db
        .all(`SELECT other.id FROM events other WHERE other.channel = ? AND other.sender_id <> ? AND (
         (json_extract(other.meta, '$.reply_to_text') IS NOT NULL AND EXISTS (
           SELECT 1 FROM events own WHERE own.channel = other.channel AND own.sender_id = ?
             AND json_extract(own.meta, '$.message_id') = json_extract(other.meta, '$.reply_to_id')
             AND json_extract(own.meta, '$.chat_id') IS json_extract(other.meta, '$.chat_id')))
         OR json_extract(other.meta, '$.forwarded_from') IN (
           SELECT sender_name FROM events WHERE channel = ? AND sender_id = ? AND sender_name IS NOT NULL))`, channel, id, id, channel, id)
        .map((row) => row.id);
}
/** As who answered is written down (flow/prompt/chat/speaker.ts): `Ann (telegram 4242)`. */
const IS_BY = "json_extract(outcome, '$.by') LIKE ? ESCAPE '\\'";
function toBy({ channel, id }) {
    return `%(${`${channel} ${id}`.replace(/[\\%_]/g, "\\$&")})`;
}
/** Lines of the audit that name them: nobody changes one. */
export function countAudit(db, { channel, id }) {
    const words = `${channel} ${id}`.replace(/[\\%_]/g, "\\$&");
    return count(db, "SELECT COUNT(*) AS n FROM audit WHERE ' ' || detail || ' ' LIKE ? ESCAPE '\\'", `% ${words} %`);
}
function count(db, sql, ...values) {
    return db.get(sql, ...values)?.n ?? 0;
}
