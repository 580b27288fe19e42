/**
 * Events that ended badly, expired or dead, for their owner to hear of; and how far the telling got.
 *
 * Owns: the table marks. Never: words a notice or sends it. Changes run inside `database.write`.
 */
import type { Database } from "../file/database.ts";
import { IS_OVER } from "./states.ts";

export type End = {
  /** Of its step: rises, so that telling can go on after a restart. */
  id: number;
  event: string;
  channel: string;
  stage: "expired" | "dead";
  reason: string;
  /** When the event was accepted, epoch ms. */
  storedAt: number;
};

const MARK = "ends-told";

/** Ends that nobody has been told of after the step `after`, or from the first of them, oldest first. */
export function listUntoldEnds(db: Database, limit: number, after = readMark(db)): End[] {
  return db.all<End>(
    `SELECT s.id, s.event, e.channel, s.stage, COALESCE(s.reason, '') AS reason, e.stored_at AS storedAt
     FROM steps s JOIN events e ON e.id = s.event
     WHERE s.id > ? AND s.stage IN ('expired', 'dead') ORDER BY s.id LIMIT ?`,
    after,
    limit,
  );
}

export function markTold(db: Database, id: number): void {
  db.run(
    "INSERT INTO marks VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    MARK,
    id,
  );
}

/** How many events ended so since `from`, and when the first of them was accepted (epoch ms). */
export function countEnds(
  db: Database,
  state: End["stage"],
  from: number,
): { count: number; storedAt: number } {
  const row = db.get<{ count: number; storedAt: number | null }>(
    `SELECT COUNT(*) AS count, MIN(stored_at) AS storedAt FROM events WHERE ${IS_OVER} AND state = ? AND changed_at >= ?`,
    state,
    from,
  );
  return { count: row?.count ?? 0, storedAt: row?.storedAt ?? from };
}

/** Step ids start again once every step was purged: a mark beyond the last one would hide what follows. */
function readMark(db: Database): number {
  const row = db.get<{ value: number }>(
    "SELECT MIN(value, (SELECT COALESCE(MAX(id), 0) FROM steps)) AS value FROM marks WHERE name = ?",
    MARK,
  );
  return row?.value ?? 0;
}
