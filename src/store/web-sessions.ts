/**
 * Browsers that are signed in.
 *
 * Owns: the table web_sessions. Never: holds or makes a credential, only their hashes. Changes run inside `database.write`.
 */
import type { Database } from "./database.ts";

export type WebSession = {
  id: string;
  /** What the browser calls itself, for people. */
  label: string;
  /** Epoch ms, as is `expiresAt`. */
  createdAt: number;
  expiresAt: number;
};

const COLUMNS = "id, label, created_at AS createdAt, expires_at AS expiresAt";

/** Adds a session; beyond `max` the oldest ones end. */
export function addWebSession(
  db: Database,
  session: WebSession & { cookie: string; key: string },
  max: number,
): void {
  db.run("DELETE FROM web_sessions WHERE expires_at <= ?", session.createdAt);
  db.run(
    "INSERT INTO web_sessions (id, cookie, key, label, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
    session.id,
    session.cookie,
    session.key,
    session.label,
    session.createdAt,
    session.expiresAt,
  );
  db.run(
    "DELETE FROM web_sessions WHERE id NOT IN (SELECT id FROM web_sessions ORDER BY created_at DESC, id LIMIT ?)",
    max,
  );
}

export function findWebSession(
  db: Database,
  cookie: string,
  now: number,
): (WebSession & { key: string }) | undefined {
  return db.get(
    `SELECT ${COLUMNS}, key FROM web_sessions WHERE cookie = ? AND expires_at > ?`,
    cookie,
    now,
  );
}

export function listWebSessions(db: Database, now: number): WebSession[] {
  return db.all(
    `SELECT ${COLUMNS} FROM web_sessions WHERE expires_at > ? ORDER BY created_at DESC`,
    now,
  );
}

/** Ends one session, or all of them. Returns how many. */
export function endWebSessions(db: Database, id?: string): number {
  return id === undefined
    ? db.run("DELETE FROM web_sessions")
    : db.run("DELETE FROM web_sessions WHERE id = ?", id);
}
