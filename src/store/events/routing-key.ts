/**
 * The addresses at which events wait: an address is everything that routing knows of an event, as one text.
 *
 * Owns: reading and watching them. Never: what an address means (flow/route/route.ts).
 *
 * Many events share one address, so however many events wait, routing looks at a few texts.
 */
import type { Database } from "../file/database.ts";

/** Every address at which something waits. Jumps from one to the next: the waiting events themselves are not read. */
export function listWaitingAddresses(db: Database): string[] {
  return db
    .all<{ address: string }>(
      `WITH RECURSIVE waiting (address) AS (
         SELECT MIN(address) FROM events WHERE state = 'stored'
         UNION ALL
         SELECT (SELECT MIN(address) FROM events WHERE state = 'stored' AND address > waiting.address)
         FROM waiting WHERE waiting.address IS NOT NULL
       ) SELECT address FROM waiting WHERE address IS NOT NULL`,
    )
    .map((row) => row.address);
}

const WAITING = "waiting";

/** Calls `noted` with the address of each event that begins to wait, in whichever way: within the turn, before COMMIT. */
export function watchWaiting(db: Database, noted: (address: string) => void): void {
  db.listen(WAITING, noted);
}

/** To be called, inside `database.write`, after each change that may have made an event wait, or wait at another address. */
export function noteWaiting(db: Database, event: string): void {
  const row = db.get<{ address: string }>(
    "SELECT address FROM events WHERE id = ? AND state = 'stored'",
    event,
  );
  if (row !== undefined) db.tell(WAITING, row.address);
}

/** How much waits at an address, counted up to `cap`, and since when (epoch ms). */
export function readAddress(
  db: Database,
  address: string,
  cap: number,
): { count: number; since: number } | undefined {
  const row = db.get<{ count: number; since: number | null }>(
    `SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM events WHERE state = 'stored' AND address = ?1 LIMIT ?2)) AS count,
       (SELECT MIN(stored_at) FROM (
         SELECT (SELECT stored_at FROM events WHERE state = 'stored' AND address = ?1 AND priority = p.value ORDER BY seq LIMIT 1) AS stored_at
         FROM json_each('["urgent","normal","low"]') p)) AS since`,
    address,
    cap,
  );
  return row === undefined || row.since === null
    ? undefined
    : { count: row.count, since: row.since };
}
