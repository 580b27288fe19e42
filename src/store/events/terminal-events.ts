/**
 * Events in a bad terminal state (expired or dead), and which of them were reported to the owner.
 *
 * Owns: the table marks. Never: words a notice or sends it. Changes run inside `database.write`.
 */
import type { Database } from "../file/database.ts";
import { IS_OVER } from "./states.ts";

export type TerminalEvent = {
  /** Of its step: rises, so that reporting can go on after a restart. */
  id: number;
  event: string;
  channel: string;
  stage: "expired" | "dead";
  reason: string;
  /** When the event was accepted, epoch ms. */
  storedAt: number;
};

const MARK = "ends-told";

/** Those not yet reported, after the step `after` or after the last reported one; oldest first. */
export function listUnreported(db: Database, limit: number, after = readMark(db)): TerminalEvent[] {
  return db.all<TerminalEvent>(
    `SELECT s.id, s.event, e.channel, s.stage, COALESCE(s.reason, '') AS reason, e.stored_at AS storedAt
     FROM steps s JOIN events e ON e.id = s.event
     WHERE s.id > ? AND s.stage IN ('expired', 'dead') AND e.copy_of IS NULL ORDER BY s.id LIMIT ?`,
    after,
    limit,
  );
}

export function markReported(db: Database, id: number): void {
  db.run(
    "INSERT INTO marks VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    MARK,
    id,
  );
}

/** How many events ended so since `from`, and when the first of them was accepted (epoch ms). */
export function countTerminalEvents(
  db: Database,
  state: TerminalEvent["stage"],
  from: number,
): { count: number; storedAt: number } {
  const row = db.get<{ count: number; storedAt: number | null }>(
    `SELECT COUNT(*) AS count, MIN(stored_at) AS storedAt FROM events WHERE ${IS_OVER} AND state = ? AND changed_at >= ? AND copy_of IS NULL`,
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
