/**
 * In `watchers`: of an event that goes out in copies; and of a copy, for the session that its `target` names, or for one of those whose
 * subscriptions stand behind it.
 */
export const COPIED = "copies";
export const COPY = "copy";
/** In `watchers`: of an event that no session may have yet, since its text is not known (transcriptions.ts). */
export const HELD = "held";
/** In `watchers`: none but the owner's own wrote and caused it. Events from before this word do not have it. */
export const KNOWN = "known";
/** In SQL: the event that a copy leads to, or that itself; takes its id twice. */
export const ORIGINAL = "COALESCE((SELECT copy_of FROM events WHERE id = ?), ?)";
const COUNTS = `SELECT COUNT(*) AS total, SUM(state = 'stored') AS stored, SUM(state = 'offered') AS offered, SUM(state = 'seen') AS seen,
  SUM(state = 'done') AS done, SUM(state = 'expired') AS expired, SUM(state = 'dead') AS dead FROM events WHERE copy_of`;
/** What an event has come to, after one of its copies changed; `end` says so of one that is over by that. Inside `database.write`. */
export function followCopies(db, event, now) {
    const counts = db.get(`${COUNTS} = ?`, event);
    const before = db.get("SELECT state FROM events WHERE id = ?", event);
    if (counts === undefined || before === undefined)
        throw new TypeError(`a copy of ${event}, which is not there`);
    const state = toCopiedState(counts);
    if (state === before.state)
        return { state };
    db.run("UPDATE events SET state = ?, changed_at = ? WHERE id = ?", state, now, event);
    return isOpen(state) ? { state } : { state, end: toEnd(counts) };
}
/** How many copies there are, by state. */
export function countCopies(db) {
    const counts = db.get(`${COUNTS} IS NOT NULL`);
    return counts === undefined || counts.total === 0 ? undefined : counts;
}
/** COPY-1. Handed out counts more than waiting: a closed session does not make an event one that nobody reads. */
function toCopiedState({ total, stored, offered, seen, done, expired, dead, }) {
    if (done + expired + dead === total)
        return dead > 0 ? "dead" : expired > 0 ? "expired" : "done";
    if (offered + seen + done === 0)
        return "stored";
    return stored + offered > 0 ? "offered" : "seen";
}
function isOpen(state) {
    return state === "stored" || state === "offered" || state === "seen";
}
function toEnd({ total, done, expired, dead }) {
    if (done === total)
        return total === 1 ? "its copy is done" : `all ${total} copies are done`;
    const parts = [
        ...(done > 0 ? [`${done} done`] : []),
        ...(expired > 0 ? [`${expired} expired`] : []),
        ...(dead > 0 ? [`${dead} without a receipt`] : []),
    ];
    return `of ${total} ${total === 1 ? "copy" : "copies"}: ${parts.join(", ")}`;
}
