/**
 * The outbox: replies on their way out.
 *
 * Owns: the table outbox. Never: sends. Changes run inside `database.write`.
 *
 * O1 The same effect asked for twice is one row: the key is over event, tool and normalised arguments.
 */
import { createHash } from "node:crypto";
import type { Database } from "./database.ts";

export type Reply = {
  id: number;
  event: string;
  channel: string;
  chatId: string | null;
  text: string;
  state: "queued" | "sent";
  createdAt: number;
};

export type NewReply = {
  event: string;
  channel: string;
  chatId: string | null;
  session: string;
  text: string;
};

/** Queues a reply, or finds the same one (O1). */
export function addReply(
  db: Database,
  reply: NewReply,
  now: number,
): { id: number; duplicate: boolean } {
  const key = createHash("sha256")
    .update(JSON.stringify([reply.event, "reply", reply.text.trim()]))
    .digest("hex");
  const known = db.get<{ id: number }>("SELECT id FROM outbox WHERE key = ?", key);
  if (known !== undefined) return { id: known.id, duplicate: true };
  db.run(
    `INSERT INTO outbox (key, event, channel, chat_id, session, text, state, created_at) VALUES (?, ?, ?, ?, ?, ?, 'queued', ?)`,
    key,
    reply.event,
    reply.channel,
    reply.chatId,
    reply.session,
    reply.text,
    now,
  );
  const row = db.get<{ id: number }>("SELECT id FROM outbox WHERE key = ?", key);
  return { id: row?.id ?? 0, duplicate: false };
}

/** Replies of a channel after a given id, oldest first: what a listener that comes back has missed. */
export function listReplies(
  db: Database,
  channel: string,
  afterId: number,
  limit: number,
): Reply[] {
  return db.all<Reply>(
    `SELECT id, event, channel, chat_id AS chatId, text, state, created_at AS createdAt FROM outbox
     WHERE channel = ? AND id > ? ORDER BY id LIMIT ?`,
    channel,
    afterId,
    limit,
  );
}

/** The id before the first queued reply: where a listener without a cursor starts. */
export function readQueuedFrom(db: Database, channel: string): number {
  const row = db.get<{ first: number | null; last: number | null }>(
    `SELECT MIN(CASE WHEN state = 'queued' THEN id END) AS first, MAX(id) AS last FROM outbox WHERE channel = ?`,
    channel,
  );
  return row?.first == null ? (row?.last ?? 0) : row.first - 1;
}

export function markSent(db: Database, id: number, now: number): void {
  db.run(
    `UPDATE outbox SET state = 'sent', sent_at = ? WHERE id = ? AND state = 'queued'`,
    now,
    id,
  );
}
