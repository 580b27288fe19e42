/**
 * Figures of the whole inbox: numbers and ages of events.
 *
 * Owns: reads that stay fast however much is kept. Never: changes anything.
 */
import { DELIVERY_STATES, type DeliveryState } from "../../sdk/event.ts";
import type { Database } from "../file/database.ts";
import { countCopies } from "./copied-state.ts";
import { IS_ON_CHANNEL, IS_OVER } from "./states.ts";

/** The first condition of each is its index's own, without which that is not used. */
const COUNTS = [
  "SELECT state, COUNT(*) AS count FROM events WHERE state = 'stored' GROUP BY state",
  "SELECT state, COUNT(*) AS count FROM events WHERE state IN ('offered', 'seen') GROUP BY state",
  `SELECT state, COUNT(*) AS count FROM events WHERE ${IS_OVER} GROUP BY state`,
] as const;

/** Each event once, however many copies it has. */
export function countByState(db: Database): Record<DeliveryState, number> {
  const counts = { stored: 0, offered: 0, seen: 0, done: 0, expired: 0, dead: 0 };
  for (const sql of COUNTS) {
    for (const row of db.all<{ state: DeliveryState; count: number }>(sql))
      counts[row.state] = row.count;
  }
  // Read apart: nearly nothing is a copy, and these have an index of their own.
  const copies = countCopies(db);
  if (copies !== undefined) for (const state of DELIVERY_STATES) counts[state] -= copies[state];
  return counts;
}

export type UnseenEvent = {
  id: string;
  channel: string;
  state: "stored" | "offered";
  since: number;
};

/** The oldest event that no session has seen; `since` is when it was accepted, or last replayed (epoch ms). */
export function readOldestUnseen(db: Database): UnseenEvent | undefined {
  const columns = "seq, id, channel, state, COALESCE(renewed_at, stored_at) AS since";
  return db.get<UnseenEvent>(
    `SELECT id, channel, state, since FROM (
       SELECT * FROM (SELECT ${columns} FROM events WHERE state = 'stored' ORDER BY seq LIMIT 1)
       UNION ALL
       SELECT * FROM (SELECT ${columns} FROM events WHERE state IN ('offered', 'seen') AND state = 'offered' ORDER BY seq LIMIT 1)
     ) ORDER BY seq LIMIT 1`,
  );
}

const NAMES = (which: string): string => `SELECT MIN(channel) FROM events WHERE ${which}`;
const EDGE = (which: string, by: string, order: "ASC" | "DESC"): string =>
  `(SELECT received_at FROM events e WHERE e.${which} AND e.channel = n.channel ORDER BY e.${by} ${order} LIMIT 1)`;

/** When each channel last had an event, epoch ms. */
export function readLastEventTimes(db: Database): Record<string, number> {
  return readEventTimes(db, "DESC", Math.max);
}

/** When each channel had the first event that the history still has. */
export function readFirstEventTimes(db: Database): Record<string, number> {
  return readEventTimes(db, "ASC", Math.min);
}

/** Jumps from channel to channel. */
function readEventTimes(
  db: Database,
  order: "ASC" | "DESC",
  pick: (a: number, b: number) => number,
): Record<string, number> {
  const rows = [
    [IS_ON_CHANNEL, "seq"] as const,
    ["state = 'stored'", "stored_at"] as const,
  ].flatMap(([which, by]) =>
    db.all<{ channel: string; at: number }>(
      `WITH RECURSIVE names (channel) AS (
         ${NAMES(which)}
         UNION ALL
         SELECT (${NAMES(which)} AND channel > names.channel) FROM names WHERE names.channel IS NOT NULL
       )
       SELECT channel, ${EDGE(which, by, order)} AS at FROM names n WHERE channel IS NOT NULL`,
    ),
  );
  const times: Record<string, number> = {};
  for (const { channel, at } of rows) times[channel] = pick(at, times[channel] ?? at);
  return times;
}
