/**
 * Addresses for whose waiting events the owner was notified, so that a restart does not notify again.
 *
 * Owns: the table told_waiting. Never: decides. Changes run inside `database.write`.
 */
import type { Database } from "../file/database.ts";

/** By address: when the oldest event that waited there at the notice was accepted (epoch ms). */
export function readNotifiedSince(db: Database): Map<string, number> {
  const rows = db.all<{ address: string; since: number }>(
    "SELECT address, since FROM told_waiting",
  );
  return new Map(rows.map(({ address, since }) => [address, since]));
}

/** Replaces the notified addresses. */
export function setNotifiedSince(db: Database, told: ReadonlyMap<string, number>): void {
  db.run("DELETE FROM told_waiting");
  for (const [address, since] of told)
    db.run("INSERT INTO told_waiting VALUES (?, ?)", address, since);
}
