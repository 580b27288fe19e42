/**
 * Cursors: the point at which each channel's own connection stopped.
 *
 * Owns: the table cursors. Changes run inside `database.write`, in the transaction of the events before them.
 */
import type { Database } from "../file/database.ts";

export function readCursor(db: Database, channel: string): string | undefined {
  return db.get<{ cursor: string }>("SELECT cursor FROM cursors WHERE channel = ?", channel)
    ?.cursor;
}

export function saveCursor(db: Database, channel: string, cursor: string, now: number): void {
  db.run(
    `INSERT INTO cursors VALUES (?, ?, ?)
     ON CONFLICT (channel) DO UPDATE SET cursor = excluded.cursor, changed_at = excluded.changed_at`,
    channel,
    cursor,
    now,
  );
}

/** The channel is removed: another one of its name begins anew. */
export function forgetCursor(db: Database, channel: string): void {
  db.run("DELETE FROM cursors WHERE channel = ?", channel);
}
