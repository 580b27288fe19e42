/**
 * Callbacks of MCP clients: where events are posted, how far each has come, and how it goes.
 *
 * Owns: the table event_callbacks. Never: posts, or decides when. Changes run inside `database.write`. Times are epoch ms.
 */
import type { Database } from "../file/database.ts";

/** Why a delivery failed, as a client is told: never what its endpoint said. */
export type CallbackError =
  | "connection_refused"
  | "timeout"
  | "tls_error"
  | "http_4xx"
  | "http_5xx"
  | "challenge_failed";

export type EventCallback = {
  id: string;
  client: string;
  url: string;
  name: string;
  /** JSON, keys in order. */
  args: string;
  /** JSON: what it covered when it was last asked for. */
  scope: string;
  secret: string;
  /** Signs as well, until `oldUntil`. */
  oldSecret: string | null;
  oldUntil: number | null;
  /** It began behind this position. */
  since: number;
  /** All up to here was taken, or given up. */
  position: number;
  /** Of the next event. */
  attempts: number;
  retryAt: number | null;
  /** False: it failed too often, and waits for its client. */
  active: boolean;
  failedSince: number | null;
  lastError: CallbackError | null;
  /** The last delivery that was taken. */
  lastAt: number | null;
  verifiedAt: number;
  expiresAt: number;
};

type CallbackRow = Omit<EventCallback, "active"> & { active: number };

const COLUMNS = `id, client, url, name, arguments AS args, scope, secret, old_secret AS oldSecret, old_until AS oldUntil, since, position, attempts,
  retry_at AS retryAt, active, failed_since AS failedSince, last_error AS lastError, last_at AS lastAt, verified_at AS verifiedAt, expires_at AS expiresAt`;

/** Puts it in the place of an earlier one of its id. */
export function saveCallback(db: Database, callback: EventCallback): void {
  db.run(
    `INSERT OR REPLACE INTO event_callbacks (id, client, url, name, arguments, scope, secret, old_secret, old_until, since, position, attempts, retry_at, active,
       failed_since, last_error, last_at, verified_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    callback.id,
    callback.client,
    callback.url,
    callback.name,
    callback.args,
    callback.scope,
    callback.secret,
    callback.oldSecret,
    callback.oldUntil,
    callback.since,
    callback.position,
    callback.attempts,
    callback.retryAt,
    callback.active ? 1 : 0,
    callback.failedSince,
    callback.lastError,
    callback.lastAt,
    callback.verifiedAt,
    callback.expiresAt,
  );
}

export function findCallback(db: Database, id: string): EventCallback | undefined {
  const row = db.get<CallbackRow>(`SELECT ${COLUMNS} FROM event_callbacks WHERE id = ?`, id);
  return row && toCallback(row);
}

export function listCallbacks(db: Database): EventCallback[] {
  return db
    .all<CallbackRow>(`SELECT ${COLUMNS} FROM event_callbacks ORDER BY client, id`)
    .map(toCallback);
}

export function countCallbacks(db: Database, client: string): number {
  return (
    db.get<{ count: number }>(
      "SELECT count(*) AS count FROM event_callbacks WHERE client = ?",
      client,
    )?.count ?? 0
  );
}

/** When this client last proved that it answers at this address; undefined where it never did. */
export function readVerified(db: Database, client: string, url: string): number | undefined {
  return (
    db.get<{ at: number | null }>(
      "SELECT max(verified_at) AS at FROM event_callbacks WHERE client = ? AND url = ?",
      client,
      url,
    )?.at ?? undefined
  );
}

/** False where there was none. */
export function removeCallback(db: Database, id: string): boolean {
  return db.run("DELETE FROM event_callbacks WHERE id = ?", id) === 1;
}

/** How its deliveries go. A callback that is gone meanwhile stays gone. */
export type CallbackProgress = Pick<
  EventCallback,
  "position" | "attempts" | "retryAt" | "active" | "failedSince" | "lastError" | "lastAt"
>;

/** Only from the position that was read: where the client has moved it meanwhile, its word counts. */
export function noteProgress(
  db: Database,
  { id, position: from }: Pick<EventCallback, "id" | "position">,
  progress: CallbackProgress,
): boolean {
  return (
    db.run(
      `UPDATE event_callbacks SET position = ?, attempts = ?, retry_at = ?, active = ?, failed_since = ?, last_error = ?, last_at = ?
       WHERE id = ? AND position = ?`,
      progress.position,
      progress.attempts,
      progress.retryAt,
      progress.active ? 1 : 0,
      progress.failedSince,
      progress.lastError,
      progress.lastAt,
      id,
      from,
    ) === 1
  );
}

function toCallback({ active, ...row }: CallbackRow): EventCallback {
  return { ...row, active: active === 1 };
}
