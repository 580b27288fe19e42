/**
 * Replay: an event that is over, or was seen, waits again.
 *
 * Owns: those changes. Never: decides who gets it (flow). Functions that change something run inside `database.write`.
 *
 * REPLAY-1 Attempts count on, so the next delivery says `replayed`; five new ones are allowed.
 * REPLAY-2 An event that is on its way (offered) is left to its lane.
 */
import type { DeliveryState } from "../../sdk/event.ts";
import { newUlid } from "../../sdk/id.ts";
import type { Database } from "../file/database.ts";
import { moveEvent } from "./inbox.ts";
import { parseTarget } from "./target.ts";

export type ReplayRange = {
  /** When they were accepted, epoch ms; `until` is not in it. */
  since: number;
  until: number;
  channel?: string;
  state?: DeliveryState;
  /** Leaves out what was replayed since: so that a range can be taken in pages. */
  startedAt: number;
  limit: number;
};

export type Replayed = { id: string; replayed: boolean; reason?: string };

/** One event waits again, for one session where `target` (target.ts) names it. */
export function replayEvent(
  db: Database,
  event: { id: string; state: DeliveryState },
  target: string | undefined,
  now: number,
): Replayed {
  const { id, state } = event;
  if (state === "offered") {
    return {
      id,
      replayed: false,
      reason: "it is being delivered now; without a receipt it waits again automatically",
    }; // REPLAY-2
  }
  if (state === "stored" && target === undefined) {
    return { id, replayed: false, reason: "it waits already" };
  }
  db.run("UPDATE deliveries SET ended_at = ? WHERE event = ? AND ended_at IS NULL", now, id);
  db.run(
    "UPDATE events SET attempts_before = attempts, renewed_at = ?, target = COALESCE(?, target) WHERE id = ?",
    now,
    target ?? null,
    id,
  );
  const reason = `replayed by hand, was ${state}${target === undefined ? "" : `, for session ${parseTarget(target).name}`}`;
  moveEvent(db, id, "stored", { at: now, stage: "stored", reason });
  return { id, replayed: true };
}

/** What a range holds that can be replayed, in order of acceptance. */
export function listReplayable(
  db: Database,
  range: ReplayRange,
): { id: string; state: DeliveryState }[] {
  const { since, until, channel, state, startedAt, limit } = range;
  return db.all(
    `SELECT id, state FROM events WHERE id >= ? AND id < ? AND state IN ('seen', 'done', 'expired', 'dead')
       AND (renewed_at IS NULL OR renewed_at < ?) AND (?4 IS NULL OR channel = ?4) AND (?5 IS NULL OR state = ?5)
     ORDER BY seq LIMIT ?`,
    toFirstId(since),
    toFirstId(until),
    startedAt,
    channel ?? null,
    state ?? null,
    limit,
  );
}

/** Ids begin with the moment of acceptance, so a range of time is a range of ids. */
function toFirstId(at: number): string {
  return `evt_${newUlid(Math.max(0, Math.floor(at))).slice(0, 10)}`;
}
