/**
 * Browsers that are signed in.
 *
 * Owns: the table web_sessions. Never: holds or makes a credential, only their hashes. Changes run inside `database.write`.
 */
import type { Database } from "../file/database.ts";

/** `here`: by a launch link, on this machine. `remote`: by the passphrase, through the user's own tunnel. */
export type WebPlace = "here" | "remote";

export type WebSession = {
  id: string;
  /** What the browser calls itself, for people. */
  label: string;
  place: WebPlace;
  /** Epoch ms, as are `expiresAt` and `idleAt`. */
  createdAt: number;
  expiresAt: number;
  /** When it ends unless it is used before; null: only at `expiresAt`. */
  idleAt: number | null;
  /** What sessions ask may be allowed in this browser; else only looked at and denied. */
  mayAllow: boolean;
};

type Stored = Omit<WebSession, "mayAllow"> & { key: string; mayAllow: number };

const COLUMNS =
  "id, label, place, created_at AS createdAt, expires_at AS expiresAt, idle_at AS idleAt, may_allow AS mayAllow";
const LIVE = "expires_at > ? AND (idle_at IS NULL OR idle_at > ?)";

/** Adds a session; beyond `max` the oldest ones end. */
export function addWebSession(
  db: Database,
  session: WebSession & { cookie: string; key: string },
  max: number,
): void {
  const { id, cookie, key, label, place, createdAt, expiresAt, idleAt, mayAllow } = session;
  db.run(`DELETE FROM web_sessions WHERE NOT (${LIVE})`, createdAt, createdAt);
  db.run(
    "INSERT INTO web_sessions (id, cookie, key, label, place, created_at, expires_at, idle_at, may_allow) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    id,
    cookie,
    key,
    label,
    place,
    createdAt,
    expiresAt,
    idleAt,
    mayAllow ? 1 : 0,
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
  const row = db.get<Stored>(
    `SELECT ${COLUMNS}, key FROM web_sessions WHERE cookie = ? AND ${LIVE}`,
    cookie,
    now,
    now,
  );
  return row === undefined ? undefined : { ...row, mayAllow: row.mayAllow === 1 };
}

export function isWebSessionLive(db: Database, id: string, now: number): boolean {
  return db.get(`SELECT id FROM web_sessions WHERE id = ? AND ${LIVE}`, id, now, now) !== undefined;
}

export function listWebSessions(db: Database, now: number): WebSession[] {
  const rows = db.all<Omit<Stored, "key">>(
    `SELECT ${COLUMNS} FROM web_sessions WHERE ${LIVE} ORDER BY created_at DESC`,
    now,
    now,
  );
  return rows.map((row) => ({ ...row, mayAllow: row.mayAllow === 1 }));
}

/** It was used: its idle time begins again. */
export function keepWebSession(db: Database, id: string, idleAt: number): void {
  db.run("UPDATE web_sessions SET idle_at = ? WHERE id = ? AND idle_at < ?", idleAt, id, idleAt);
}

/** Ends one session, those of one place, or all. Returns their ids. */
export function endWebSessions(
  db: Database,
  which: { id?: string | undefined; place?: WebPlace | undefined } = {},
): string[] {
  const ended = db.all<{ id: string }>(
    "SELECT id FROM web_sessions WHERE id = coalesce(?, id) AND place = coalesce(?, place)",
    which.id ?? null,
    which.place ?? null,
  );
  for (const { id } of ended) db.run("DELETE FROM web_sessions WHERE id = ?", id);
  return ended.map(({ id }) => id);
}
