/**
 * Recognises repeated arrivals: by their delivery id, or by the bytes that were signed.
 *
 * Owns: the tables delivery_ids and delivery_bodies, which outlive their events. Never: the events themselves.
 * Functions that change something run inside `database.write`.
 *
 * REPEAT-1 A known body brings no new id into the table: otherwise somebody with one signed request, who foresees the id of an honest
 *    delivery, could make that delivery a duplicate before it comes.
 */
import type { Arrival } from "../../sdk/event.ts";
import type { Database } from "../file/database.ts";

export const DELIVERY_ID_LIFE_MS = 30 * 24 * 3_600_000;

type Keys = Pick<Arrival, "channel" | "deliveryId" | "bodyDigest">;

/** The event that an arrival already made, and whether only its bytes tell. */
export function findKnown(
  db: Database,
  { channel, deliveryId, bodyDigest }: Keys,
): { id: string; sameBody?: true } | undefined {
  if (deliveryId !== undefined) {
    const known = db.get<{ event: string }>(
      "SELECT event FROM delivery_ids WHERE channel = ? AND delivery_id = ?",
      channel,
      deliveryId,
    );
    if (known !== undefined) return { id: known.event };
  }
  if (bodyDigest === undefined) return undefined;
  const known = db.get<{ event: string }>(
    "SELECT event FROM delivery_bodies WHERE channel = ? AND digest = ?",
    channel,
    bodyDigest,
  );
  return known && { id: known.event, sameBody: true };
}

/** Keeps by what the event of a new arrival will be known (REPEAT-1). */
export function addKnown(
  db: Database,
  { channel, deliveryId, bodyDigest }: Keys,
  event: string,
  receivedAt: number,
): void {
  if (deliveryId !== undefined)
    db.run("INSERT INTO delivery_ids VALUES (?, ?, ?, ?)", channel, deliveryId, event, receivedAt);
  if (bodyDigest !== undefined)
    db.run(
      "INSERT INTO delivery_bodies VALUES (?, ?, ?, ?)",
      channel,
      bodyDigest,
      event,
      receivedAt,
    );
}

/** Forgets ids and bodies older than their life, at most `limit` of each. Returns how many: of ids or of bodies, whichever are more. */
export function purgeDeliveryIds(db: Database, now: number, limit: number): number {
  const before = now - DELIVERY_ID_LIFE_MS;
  const ids = db.run(
    `DELETE FROM delivery_ids WHERE (channel, delivery_id) IN (
       SELECT channel, delivery_id FROM delivery_ids WHERE received_at < ? LIMIT ?)`,
    before,
    limit,
  );
  const bodies = db.run(
    `DELETE FROM delivery_bodies WHERE (channel, digest) IN (
       SELECT channel, digest FROM delivery_bodies WHERE received_at < ? LIMIT ?)`,
    before,
    limit,
  );
  return Math.max(ids, bodies);
}
