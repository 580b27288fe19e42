/**
 * A backup that was put in the inbox's place: events and messages since it was made are not in it.
 *
 * Owns: the stamp that identifies a copy, and the changes that such a copy needs. Never: makes a copy or puts one back.
 *
 * RESTORED-1 An event that waits in a backup may have been delivered since: its next delivery says `replayed`, and five attempts are
 *    left.
 * RESTORED-2 A message that was on its way out may have arrived since: nobody knows, so it is `maybe` and is sent again by the owner's
 *    hand only.
 * RESTORED-3 A browser that was signed out since would be signed in again, so nobody is signed in.
 */
import type { DatabaseSync } from "node:sqlite";
import { renewEpoch } from "../clients/event-feed.ts";
import type { Database } from "./database.ts";

/** SQLite's place for a mark of one's own in a file's header, which an inbox leaves at 0. */
const STAMP = 0x53_6c_42_6b;
const AT = "restored";
const LAST_EVENT = "restored-last-event";

/** What was done to a backup that was put back. Times are epoch ms. */
export type Restored = {
  /** The last moment that the backup knows of an event; undefined where it holds none. */
  lastEventAt: number | undefined;
  /** Events that may come again. */
  open: number;
  /** Messages that may have been sent. */
  messages: number;
};

/** Marks a copy as one. */
export function stampCopy(copy: DatabaseSync): void {
  copy.exec(`PRAGMA application_id = ${STAMP}`);
}

/** Settles what a backup cannot know, once. Undefined where the inbox is no backup. @throws SluiceError store_* */
export async function settleRestored(db: Database, now: number): Promise<Restored | undefined> {
  const stamp = db.get<{ application_id: number }>("PRAGMA application_id");
  if (stamp?.application_id !== STAMP) return undefined;
  return db.write(() => {
    const last = db.get<{ at: number | null }>("SELECT MAX(stored_at) AS at FROM events");
    const reason = "the inbox was put back from a backup: it may have been delivered since";
    db.run(
      "INSERT INTO steps (event, at, stage, reason) SELECT id, ?, 'held', ? FROM events WHERE state = 'stored'",
      now,
      reason,
    );
    // RESTORED-1. What is offered or seen comes back with its next attempt anyway.
    db.run(
      "UPDATE events SET attempts = attempts + 1, attempts_before = attempts_before + 1 WHERE state = 'stored'",
    );
    // RESTORED-2. An edit or a reaction may happen twice without harm.
    const messages = db.run(
      `UPDATE outbox SET state = 'maybe', reason = 'it waited in a backup that was put back'
       WHERE state IN ('queued', 'sending') AND kind NOT IN ('edit', 'react')`,
    );
    db.run("DELETE FROM web_sessions"); // RESTORED-3
    renewEpoch(db); // Positions are given again: what a client has seen behind them was another event.
    const { count = 0 } =
      db.get<{ count: number }>(
        "SELECT COUNT(*) AS count FROM events WHERE state IN ('stored', 'offered', 'seen') AND copy_of IS NULL",
      ) ?? {};
    setMark(db, AT, now);
    setMark(db, LAST_EVENT, last?.at ?? 0);
    db.run("PRAGMA application_id = 0");
    return { lastEventAt: last?.at ?? undefined, open: count, messages };
  });
}

/** When a backup was put back the last time, and the last moment that it knew; undefined where that never happened. */
export function readRestored(
  db: Database,
): (Pick<Restored, "lastEventAt"> & { at: number }) | undefined {
  const rows = db.all<{ name: string; value: number }>(
    "SELECT name, value FROM marks WHERE name IN (?, ?)",
    AT,
    LAST_EVENT,
  );
  const read = (name: string): number | undefined => rows.find((row) => row.name === name)?.value;
  const at = read(AT);
  const lastEventAt = read(LAST_EVENT);
  return at === undefined
    ? undefined
    : { at, lastEventAt: lastEventAt === 0 ? undefined : lastEventAt };
}

function setMark(db: Database, name: string, value: number): void {
  db.run("INSERT OR REPLACE INTO marks VALUES (?, ?)", name, value);
}
