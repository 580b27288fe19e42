/**
 * Copies: an event that several sessions asked for, once for each of them.
 *
 * Owns: making these rows, finding them, and how many may wait. Never: decides who gets one (flow/route/watchers.ts).
 *
 * COPY-1 An event with copies goes to nobody itself. It is as far as its copies are, and over once each of them is: done where all are,
 *    else dead or expired.
 * COPY-2 A copy is an event like any other, with attempts, receipts, a lifetime and a trace of its own. It differs by what it leads to: the
 *    event, which alone has the delivery id, files, payload and answers, and alone is listed and counted.
 * COPY-3 For one recipient at most 1,000 copies wait; the oldest beyond them expire. They count against no quota of a channel: a session
 *    that does not come takes nobody's room.
 */
import type { DeliveryState } from "../../sdk/event.ts";
import { newEventId } from "../../sdk/id.ts";
import type { Database } from "../file/database.ts";
import { COPY } from "./copied-state.ts";
import { moveEvent } from "./inbox.ts";
import { parseTarget } from "./target.ts";

/** For one session, or for one of those that subscribed without `copy`. */
export type CopyFor = { target?: string; watchers: string };

export type Copy = {
  id: string;
  state: DeliveryState;
  attempts: number;
  /** Whose it is; undefined for one of several. */
  session: string | undefined;
  address: string;
};

const WAITING_MAX = 1_000;
const TOO_MANY = `more than ${WAITING_MAX} copies wait for its session`;
/** More than come in at once. */
const TRIM_MAX = 100;
const SAME =
  "channel, kind, sender_id, sender_name, sender_role, text, quotes, meta, priority, ack, verified, delivery_id, entity, chat_id, repository, occurred_at, state_of";
const INSERT_COPY = `INSERT INTO events (id, copy_of, received_at, stored_at, state, attempts, changed_at, target, watchers, expires_at, ${SAME})
  SELECT ?, id, received_at, ?, 'stored', 0, ?, ?, ?, ? + expires_at - COALESCE(renewed_at, stored_at), ${SAME} FROM events WHERE id = ?`;
const LIST_BEYOND = `SELECT id FROM events WHERE copy_of IS NOT NULL AND state = 'stored' AND target IS ? AND watchers IS ?
  ORDER BY seq DESC LIMIT ? OFFSET ?`;

export function toCopyFor(target: string): CopyFor {
  return { target, watchers: COPY };
}

/** Makes the copies of an event that was just stored. Returns their ids. Inside `database.write`, as all that changes something here. */
export function addCopies(
  db: Database,
  event: string,
  recipients: readonly CopyFor[],
  now: number,
): string[] {
  return recipients.map(({ target = null, watchers }) => {
    const id = newEventId(now);
    db.run(INSERT_COPY, id, now, now, target, watchers, now, event);
    db.noteChange(id);
    trim(db, target, watchers, now);
    return id;
  });
}

/** COPY-3. Returns what has expired. */
function trim(db: Database, target: string | null, watchers: string, now: number): string[] {
  const beyond = db.all<{ id: string }>(LIST_BEYOND, target, watchers, TRIM_MAX, WAITING_MAX);
  for (const { id } of beyond)
    moveEvent(db, id, "expired", { at: now, stage: "expired", reason: TOO_MANY });
  return beyond.map(({ id }) => id);
}

/** Why a copy that waits again does not: it is the oldest of more than may wait for its recipient (COPY-3). */
export function trimBeside(db: Database, copy: string, now: number): string | undefined {
  const row = db.get<{ target: string | null; watchers: string }>(
    "SELECT target, watchers FROM events WHERE id = ? AND copy_of IS NOT NULL",
    copy,
  );
  if (row === undefined) return undefined;
  return trim(db, row.target, row.watchers, now).includes(copy) ? TOO_MANY : undefined;
}

/** In the order in which they were made; none of an event that is not copied. */
export function listCopiesOf(db: Database, event: string): Copy[] {
  return db
    .all<Omit<Copy, "session"> & { target: string | null }>(
      "SELECT id, state, attempts, target, address FROM events WHERE copy_of = ? ORDER BY seq",
      event,
    )
    .map(({ target, ...copy }) => ({
      ...copy,
      session: target === null ? undefined : parseTarget(target).session,
    }));
}

/** The copy of an event that a session was given. */
export function findGivenCopy(db: Database, event: string, session: string): string | undefined {
  return db.get<{ id: string }>(
    `SELECT c.id FROM events c JOIN deliveries d ON d.event = c.id WHERE c.copy_of = ? AND d.session = ?
     ORDER BY d.id DESC LIMIT 1`,
    event,
    session,
  )?.id;
}
