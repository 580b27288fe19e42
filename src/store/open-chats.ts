/**
 * Messages of chats that are still open: what the people who wrote them should be shown.
 *
 * Owns: one reading across events and deliveries. Never: changes anything.
 */
import type { Database } from "./database.ts";

/** One open message that is owed an answer. */
export type OpenMessage = {
  event: string;
  channel: string;
  chatId: string;
  address: string;
  state: "stored" | "offered" | "seen";
  /** Who holds it; null while it waits. */
  attachment: string | null;
  receivedAt: number;
};

/** Open messages of these channels, oldest first. */
export function listOpenMessages(
  db: Database,
  channels: readonly string[],
  limit: number,
): OpenMessage[] {
  if (channels.length === 0) return [];
  return db.all<OpenMessage>(
    `SELECT e.id AS event, e.channel, e.chat_id AS chatId, e.address, e.state, d.attachment, e.received_at AS receivedAt
     FROM json_each(?) c JOIN events e ON e.channel = c.value
     LEFT JOIN deliveries d ON d.event = e.id AND d.ended_at IS NULL
     WHERE e.chat_id IS NOT NULL AND e.state IN ('stored', 'offered', 'seen') AND e.ack = 'reply' ORDER BY e.seq LIMIT ?`,
    JSON.stringify(channels),
    limit,
  );
}
