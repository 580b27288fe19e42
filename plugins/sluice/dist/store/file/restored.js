import { renewEpoch } from "../clients/event-feed.js";
/** SQLite's place for a mark of one's own in a file's header, which an inbox leaves at 0. */
const STAMP = 0x53_6c_42_6b;
const AT = "restored";
const LAST_EVENT = "restored-last-event";
/** Marks a copy as one. */
export function stampCopy(copy) {
    copy.exec(`PRAGMA application_id = ${STAMP}`);
}
/** Settles what a backup cannot know, once. Undefined where the inbox is no backup. @throws SluiceError store_* */
export async function settleRestored(db, now) {
    const stamp = db.get("PRAGMA application_id");
    if (stamp?.application_id !== STAMP)
        return undefined;
    return db.write(() => {
        const last = db.get("SELECT MAX(stored_at) AS at FROM events");
        const reason = "the inbox was put back from a backup: it may have been delivered since";
        db.run("INSERT INTO steps (event, at, stage, reason) SELECT id, ?, 'held', ? FROM events WHERE state = 'stored'", now, reason);
        // RESTORED-1. What is offered or seen comes back with its next attempt anyway.
        db.run("UPDATE events SET attempts = attempts + 1, attempts_before = attempts_before + 1 WHERE state = 'stored'");
        // RESTORED-2. An edit or a reaction may happen twice without harm.
        const messages = db.run(`UPDATE outbox SET state = 'maybe', reason = 'it waited in a backup that was put back'
       WHERE state IN ('queued', 'sending') AND kind NOT IN ('edit', 'react')`);
        db.run("DELETE FROM web_sessions"); // RESTORED-3
        renewEpoch(db); // Positions are given again: what a client has seen behind them was another event.
        const { count = 0 } = db.get("SELECT COUNT(*) AS count FROM events WHERE state IN ('stored', 'offered', 'seen') AND copy_of IS NULL") ?? {};
        setMark(db, AT, now);
        setMark(db, LAST_EVENT, last?.at ?? 0);
        db.run("PRAGMA application_id = 0");
        return { lastEventAt: last?.at ?? undefined, open: count, messages };
    });
}
/** When a backup was put back the last time, and the last moment that it knew; undefined where that never happened. */
export function readRestored(db) {
    const rows = db.all("SELECT name, value FROM marks WHERE name IN (?, ?)", AT, LAST_EVENT);
    const read = (name) => rows.find((row) => row.name === name)?.value;
    const at = read(AT);
    const lastEventAt = read(LAST_EVENT);
    return at === undefined
        ? undefined
        : { at, lastEventAt: lastEventAt === 0 ? undefined : lastEventAt };
}
function setMark(db, name, value) {
    db.run("INSERT OR REPLACE INTO marks VALUES (?, ?)", name, value);
}
