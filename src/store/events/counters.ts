/**
 * How many arrivals were refused or dropped, by channel and reason, since the inbox was made.
 *
 * Owns: the table counters. Never: keeps content of a refused arrival. Changes run inside `database.write`.
 */
import type { Database } from "../file/database.ts";

/** Counts an arrival that was refused or dropped. Its content is not kept anywhere. */
export function addCount(
  db: Database,
  channel: string,
  reason: string,
  now: number,
  count = 1,
): void {
  db.run(
    `INSERT INTO counters VALUES (?, ?, ?, ?)
     ON CONFLICT (channel, reason) DO UPDATE SET count = count + excluded.count, last_at = excluded.last_at`,
    channel,
    reason,
    count,
    now,
  );
}

export function forgetCounters(db: Database, channel: string): void {
  db.run("DELETE FROM counters WHERE channel = ?", channel);
}

export type Counter = { channel: string; reason: string; count: number; lastAt: number };

export function readCounters(db: Database): Counter[] {
  return db.all<Counter>(
    "SELECT channel, reason, count, last_at AS lastAt FROM counters ORDER BY channel, reason",
  );
}
