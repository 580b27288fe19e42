import { newEventId } from "../../sdk/id.js";
import { COPY } from "./copied-state.js";
import { moveEvent } from "./inbox.js";
import { parseTarget } from "./target.js";
const WAITING_MAX = 1_000;
const TOO_MANY = `more than ${WAITING_MAX} copies wait for its session`;
/** More than come in at once. */
const TRIM_MAX = 100;
const SAME = "channel, kind, sender_id, sender_name, sender_role, text, quotes, meta, priority, ack, verified, delivery_id, entity, chat_id, repository, occurred_at, state_of";
const INSERT_COPY = `INSERT INTO events (id, copy_of, received_at, stored_at, state, attempts, changed_at, target, watchers, expires_at, ${SAME})
  SELECT ?, id, received_at, ?, 'stored', 0, ?, ?, ?, ? + expires_at - COALESCE(renewed_at, stored_at), ${SAME} FROM events WHERE id = ?`;
const LIST_BEYOND = `SELECT id FROM events WHERE copy_of IS NOT NULL AND state = 'stored' AND target IS ? AND watchers IS ?
  ORDER BY seq DESC LIMIT ? OFFSET ?`;
export function toCopyFor(target) {
    return { target, watchers: COPY };
}
/** Makes the copies of an event that was just stored. Returns their ids. Inside `database.write`, as all that changes something here. */
export function addCopies(db, event, recipients, now) {
    return recipients.map(({ target = null, watchers }) => {
        const id = newEventId(now);
        db.run(INSERT_COPY, id, now, now, target, watchers, now, event);
        db.noteChange(id);
        trim(db, target, watchers, now);
        return id;
    });
}
/** COPY-3. Returns what has expired. */
function trim(db, target, watchers, now) {
    const beyond = db.all(LIST_BEYOND, target, watchers, TRIM_MAX, WAITING_MAX);
    for (const { id } of beyond)
        moveEvent(db, id, "expired", { at: now, stage: "expired", reason: TOO_MANY });
    return beyond.map(({ id }) => id);
}
/** Why a copy that waits again does not: it is the oldest of more than may wait for its recipient (COPY-3). */
export function trimBeside(db, copy, now) {
    const row = db.get("SELECT target, watchers FROM events WHERE id = ? AND copy_of IS NOT NULL", copy);
    if (row === undefined)
        return undefined;
    return trim(db, row.target, row.watchers, now).includes(copy) ? TOO_MANY : undefined;
}
/** In the order in which they were made; none of an event that is not copied. */
export function listCopiesOf(db, event) {
    return db
        .all("SELECT id, state, attempts, target, address FROM events WHERE copy_of = ? ORDER BY seq", event)
        .map(({ target, ...copy }) => ({
        ...copy,
        session: target === null ? undefined : parseTarget(target).session,
    }));
}
/** The copy of an event that a session was given. */
export function findGivenCopy(db, event, session) {
    return db.get(`SELECT c.id FROM events c JOIN deliveries d ON d.event = c.id WHERE c.copy_of = ? AND d.session = ?
     ORDER BY d.id DESC LIMIT 1`, event, session)?.id;
}
