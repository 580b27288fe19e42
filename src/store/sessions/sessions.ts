/**
 * Sessions and their wakes, for people and for the wake budget.
 *
 * Owns: the tables sessions and wakes. Never: decides. Changes run inside `database.write`.
 */
import type { LaneName } from "../../sdk/event.ts";
import type { Database } from "../file/database.ts";

export type SessionRecord = {
  id: string;
  attachment: string;
  cwd: string;
  repository: string | null;
  lane: LaneName;
  startedAt: number;
  lastActiveAt: number;
  /** What people see it called while it has no label: told with each sign of life, so that it can be named when it is closed. */
  name: string;
};

/** Adds a session or notes that it is alive again, perhaps in another attachment (resume). */
export function saveSession(db: Database, session: SessionRecord): void {
  db.run(
    `INSERT INTO sessions (id, attachment, cwd, repository, lane, started_at, last_active_at, name) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET attachment = excluded.attachment, cwd = excluded.cwd, repository = excluded.repository,
       lane = excluded.lane, last_active_at = excluded.last_active_at, ended_at = NULL, name = excluded.name`,
    session.id,
    session.attachment,
    session.cwd,
    session.repository,
    session.lane,
    session.startedAt,
    session.lastActiveAt,
    session.name,
  );
}

export function endSession(db: Database, id: string, now: number): void {
  db.run("UPDATE sessions SET ended_at = ? WHERE id = ?", now, id);
}

export type Wake = { at: number; urgent: boolean; chars: number; bell: string | null };

export function addWake(db: Database, session: string, wake: Wake): void {
  db.run(
    "INSERT INTO wakes (session, at, urgent, chars, bell) VALUES (?, ?, ?, ?, ?)",
    session,
    wake.at,
    wake.urgent ? 1 : 0,
    wake.chars,
    wake.bell,
  );
}

/** Adds the characters of what a wake carried, once they are known. */
export function addWakeChars(db: Database, bell: string, chars: number): void {
  db.run("UPDATE wakes SET chars = chars + ? WHERE bell = ?", chars, bell);
}

/** True for a bell that was rung in this attachment, whichever conversation was open in it then. */
export function isRung(db: Database, attachment: string, session: string, bell: string): boolean {
  const row = db.get(
    `SELECT 1 FROM wakes WHERE bell = ?
       AND (session = ? OR EXISTS (SELECT 1 FROM sessions s WHERE s.id = wakes.session AND s.attachment = ?)) LIMIT 1`,
    bell,
    session,
    attachment,
  );
  return row !== undefined;
}

/** Wakes of a session since `from` (epoch ms), oldest first. */
export function readWakes(db: Database, session: string, from: number): Wake[] {
  return db
    .all<{ at: number; urgent: number; chars: number; bell: string | null }>(
      "SELECT at, urgent, chars, bell FROM wakes WHERE session = ? AND at >= ? ORDER BY id",
      session,
      from,
    )
    .map((row) => ({ ...row, urgent: row.urgent === 1 }));
}

/** Only when they were (epoch ms): asked for whenever something may be due. */
export function readWakeTimes(db: Database, session: string, from: number): number[] {
  return db
    .all<{ at: number }>(
      "SELECT at FROM wakes WHERE session = ? AND at >= ? ORDER BY id",
      session,
      from,
    )
    .map(({ at }) => at);
}
