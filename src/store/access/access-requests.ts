/**
 * Changes of access that were requested without a terminal, until the owner confirms them in a terminal.
 *
 * Owns: the table access_requests. Never: applies one. Functions that change something run inside `database.write`.
 */
import type { Database } from "../file/database.ts";

export type AccessRequestRow = {
  id: number;
  /** JSON. */
  change: string;
  /** What asked, for people. */
  origin: string;
  createdAt: number;
  expiresAt: number;
};

/** Those still alive, oldest first. */
export function listAccessRequests(db: Database, now: number): AccessRequestRow[] {
  return db.all<AccessRequestRow>(
    "SELECT id, change, origin, created_at AS createdAt, expires_at AS expiresAt FROM access_requests WHERE expires_at > ? ORDER BY id",
    now,
  );
}

/** Its number, which no other change will ever have. */
export function addAccessRequest(
  db: Database,
  request: Omit<AccessRequestRow, "id">,
  now: number,
): number {
  db.run("DELETE FROM access_requests WHERE expires_at <= ?", now);
  db.run(
    "INSERT INTO access_requests (change, origin, created_at, expires_at) VALUES (?, ?, ?, ?)",
    request.change,
    request.origin,
    request.createdAt,
    request.expiresAt,
  );
  return db.get<{ id: number }>("SELECT last_insert_rowid() AS id")?.id ?? 0;
}

export function removeAccessRequest(db: Database, id: number): void {
  db.run("DELETE FROM access_requests WHERE id = ?", id);
}
