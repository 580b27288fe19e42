/**
 * Which deliveries of a channel have become events already.
 *
 * Owns: that question to the table delivery_ids. Never: writes it (add-event.ts).
 */
import type { Database } from "../file/database.ts";

export function findKnownIds(
  db: Database,
  channel: string,
  deliveryIds: readonly string[],
): ReadonlySet<string> {
  return new Set(
    deliveryIds.filter(
      (id) =>
        db.get(
          "SELECT 1 AS found FROM delivery_ids WHERE channel = ? AND delivery_id = ?",
          channel,
          id,
        ) !== undefined,
    ),
  );
}
