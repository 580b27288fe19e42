/**
 * What is kept of the clocks: the last look at them, and gaps in which no time passed.
 *
 * Owns: the tables clock_look and clock_gaps, and taking back times that lie ahead. Never: decides what is a gap (flow/expiry/elapsed.ts).
 * Functions that change something run inside `database.write`.
 */
import type { Database } from "../file/database.ts";

type Look = { wallAt: number; sinceBootMs?: number | undefined; boot?: string | undefined };
export type KeptGap = { id: number; from: number; to: number; afterSeq: number };

/** Undefined before the first. */
export function readLook(db: Database): Look | undefined {
  const row = db.get<{ wallAt: number; sinceBootMs: number | null; boot: string | null }>(
    "SELECT wall_at AS wallAt, since_boot_ms AS sinceBootMs, boot FROM clock_look",
  );
  if (row === undefined) return undefined;
  const { wallAt, sinceBootMs, boot } = row;
  return { wallAt, sinceBootMs: sinceBootMs ?? undefined, boot: boot ?? undefined };
}

export function saveLook(db: Database, { wallAt, sinceBootMs, boot }: Look): void {
  db.run(
    "INSERT OR REPLACE INTO clock_look VALUES (1, ?, ?, ?)",
    wallAt,
    sinceBootMs === undefined ? null : Math.round(sinceBootMs),
    boot ?? null,
  );
}

/** The newest moment that an inbox knows of itself (epoch ms): for one that has kept no look yet. */
export function readNewestTime(db: Database): number | undefined {
  const row = db.get<{ at: number | null }>(
    `SELECT MAX(at) AS at FROM (
       SELECT * FROM (SELECT stored_at AS at FROM events ORDER BY seq DESC LIMIT 1)
       UNION ALL SELECT * FROM (SELECT at FROM steps ORDER BY id DESC LIMIT 1)
       UNION ALL SELECT MAX(received_at) FROM delivery_ids)`,
  );
  return row?.at ?? undefined;
}

export function listGaps(db: Database): KeptGap[] {
  return db.all<KeptGap>(
    "SELECT id, from_at AS 'from', to_at AS 'to', after_seq AS afterSeq FROM clock_gaps ORDER BY id",
  );
}

export function addGap(db: Database, { from, to }: { from: number; to: number }): void {
  db.run(
    "INSERT INTO clock_gaps (from_at, to_at, after_seq) VALUES (?, ?, (SELECT COALESCE(MAX(seq), 0) FROM events))",
    from,
    to,
  );
}

export function removeGap(db: Database, id: number): void {
  db.run("DELETE FROM clock_gaps WHERE id = ?", id);
}

/**
 * What was written by a clock that had gone forward, and is set back now, is of now: with a time that lies ahead it would be new for as
 * long as the clock was wrong. `afterSeq`: later events may be such.
 */
export function takeBackTimes(db: Database, afterSeq: number, now: number): void {
  db.run(
    `UPDATE events SET stored_at = MIN(stored_at, ?), received_at = MIN(received_at, ?), changed_at = MIN(changed_at, ?),
       renewed_at = MIN(renewed_at, ?),
       expires_at = expires_at - MAX(0, COALESCE(renewed_at, stored_at) - ?) WHERE seq > ?`,
    now,
    now,
    now,
    now,
    now,
    afterSeq,
  );
  for (const table of ["delivery_ids", "delivery_bodies"])
    db.run(`UPDATE ${table} SET received_at = ? WHERE received_at > ?`, now, now);
  db.run(
    "UPDATE sessions SET last_active_at = MIN(last_active_at, ?) WHERE last_active_at > ?",
    now,
    now,
  );
  db.run(
    `UPDATE outbox SET created_at = MIN(created_at, ?), due_at = MIN(due_at, ?)
     WHERE (state = 'queued' OR state = 'sending' OR state = 'failed' OR state = 'maybe') AND (created_at > ? OR due_at > ?)`,
    now,
    now,
    now,
    now,
  );
}
