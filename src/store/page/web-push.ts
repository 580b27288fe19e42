/**
 * Browsers that get notifications of prompts, and which prompt was shown in which of them.
 *
 * Owns: the tables web_push, web_push_shown. Never: sends anything, or makes a handle; only hashes of handles come here.
 * Functions that change something run inside `database.write`.
 */
import type { Database } from "../file/database.ts";

/** Where a browser's push service takes messages for it, and with what they are encrypted. Keys are base64url. */
export type PushTarget = { endpoint: string; p256dh: string; auth: string };

export type WebSubscription = PushTarget & {
  id: string;
  /** The sign-in that made it, and ends it. */
  session: string;
  /** Epoch ms. */
  createdAt: number;
};

const COLUMNS = "s.id, s.session, s.endpoint, s.p256dh, s.auth, s.created_at AS createdAt";

/** Adds a subscription. A browser has one: an earlier one of its session, or of its endpoint, goes. */
export function addWebSubscription(db: Database, subscription: WebSubscription): void {
  const { id, session, endpoint, p256dh, auth, createdAt } = subscription;
  db.run("DELETE FROM web_push WHERE session = ? OR endpoint = ?", session, endpoint);
  db.run(
    "INSERT INTO web_push (id, session, endpoint, p256dh, auth, created_at) VALUES (?, ?, ?, ?, ?, ?)",
    id,
    session,
    endpoint,
    p256dh,
    auth,
    createdAt,
  );
}

export function findWebSubscription(db: Database, session: string): WebSubscription | undefined {
  return db.get(`SELECT ${COLUMNS} FROM web_push s WHERE session = ?`, session);
}

/** All, also those whose sign-in is over. */
export function listWebSubscriptions(db: Database): WebSubscription[] {
  return db.all(`SELECT ${COLUMNS} FROM web_push s ORDER BY created_at, id`);
}

/** False when it was gone already. */
export function removeWebSubscription(db: Database, id: string): boolean {
  return db.run("DELETE FROM web_push WHERE id = ?", id) === 1;
}

/** A prompt goes to a browser; what was shown of it there before counts no longer. */
export function addShown(
  db: Database,
  shown: { prompt: string; subscription: string; digest: string; handle: string | undefined },
): void {
  db.run(
    "INSERT OR REPLACE INTO web_push_shown (prompt, subscription, digest, handle) VALUES (?, ?, ?, ?)",
    shown.prompt,
    shown.subscription,
    shown.digest,
    shown.handle ?? null,
  );
}

/** Where a prompt was shown, and with which arguments. */
export function listShown(db: Database, prompt: string): (WebSubscription & { digest: string })[] {
  return db.all(
    `SELECT ${COLUMNS}, w.digest FROM web_push_shown w JOIN web_push s ON s.id = w.subscription WHERE w.prompt = ?`,
    prompt,
  );
}

/**
 * Uses a handle up, where it was given to a browser of this session. Undefined for one that was used, replaced, or is another's.
 */
export function takeHandle(
  db: Database,
  handle: string,
  session: string,
): { prompt: string; digest: string } | undefined {
  const found = db.get<{ prompt: string; subscription: string; digest: string }>(
    `SELECT w.prompt, w.subscription, w.digest FROM web_push_shown w JOIN web_push s ON s.id = w.subscription
     WHERE w.handle = ? AND s.session = ?`,
    handle,
    session,
  );
  if (found === undefined) return undefined;
  // With the row: its own notification is closed there, so nobody has to be told of the end.
  db.run(
    "DELETE FROM web_push_shown WHERE prompt = ? AND subscription = ?",
    found.prompt,
    found.subscription,
  );
  return { prompt: found.prompt, digest: found.digest };
}

/** It is over, everywhere. */
export function removeShown(db: Database, prompt: string): void {
  db.run("DELETE FROM web_push_shown WHERE prompt = ?", prompt);
}
