import { addCopies } from "./copies.js";
import { HELD, KNOWN } from "./copied-state.js";
import { addStep } from "./inbox.js";
import { assignEvent } from "./subscriptions.js";
const HELD_AND_KNOWN = `${HELD},${KNOWN}`;
/** Who it is for until then: nobody. Whether it is known to be of the owner's own stands with it. */
export function toHeldAssignment(isKnown) {
    return { watchers: isKnown ? HELD_AND_KNOWN : HELD };
}
/** Whether it is known to be so, of an event that is held. */
export function isHeldAndKnown(db, event) {
    const found = db.get("SELECT 1 FROM events WHERE id = ? AND watchers = ?", event, HELD_AND_KNOWN);
    return found !== undefined;
}
export function addTranscription(db, event, notes) {
    db.run("INSERT INTO transcriptions (event, notes, attempts) VALUES (?, ?, 0)", event, JSON.stringify(notes));
}
/** Oldest first. */
export function listTranscriptions(db, limit) {
    return db
        .all(`SELECT t.event, e.channel, t.notes, t.attempts, e.stored_at AS storedAt
       FROM transcriptions t JOIN events e ON e.id = t.event ORDER BY t.event LIMIT ?`, limit)
        .map((row) => ({ ...row, notes: JSON.parse(row.notes) }));
}
export function countAttempt(db, event) {
    db.run("UPDATE transcriptions SET attempts = attempts + 1 WHERE event = ?", event);
}
/** False once it has its text, or was forgotten. */
export function isTranscribing(db, event) {
    return db.get("SELECT 1 FROM transcriptions WHERE event = ?", event) !== undefined;
}
/**
 * HEARD-1. `isOpen`: it waits still. Returns what waits for sessions from now on: the event, or its copies.
 */
export function settleTranscription(db, event, { heard, assignment, isOpen, reason }, now) {
    db.run("UPDATE events SET text = ?, quotes = ?, meta = ? WHERE id = ?", heard.text, JSON.stringify(heard.quotes), JSON.stringify(heard.meta), event);
    db.run("DELETE FROM transcriptions WHERE event = ?", event);
    const isKnown = isHeldAndKnown(db, event);
    const { copies, ...own } = assignment;
    // One that is over has nobody to go to; should it be replayed, it is for whoever is there.
    if (!isOpen)
        assignEvent(db, event, { watchers: isKnown ? KNOWN : "" });
    else
        assignEvent(db, event, own);
    addStep(db, event, { at: now, stage: "held", reason });
    if (!isOpen)
        return [];
    return copies === undefined ? [event] : addCopies(db, event, copies, now);
}
