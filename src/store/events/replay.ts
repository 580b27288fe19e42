/**
 * Replay: an event that is over, or was seen, waits again.
 *
 * Owns: those changes. Never: decides who gets it (flow). Functions that change something run inside `database.write`.
 *
 * REPLAY-1 Attempts count on, so the next delivery says `replayed`; five new ones are allowed.
 * REPLAY-2 An event that is on its way (offered) is left to its lane.
 * REPLAY-3 Of an event with copies those are replayed that ended badly, or all where none did; for one session, its own.
 */
import type { DeliveryState } from "../../sdk/event.ts";
import { newUlid } from "../../sdk/id.ts";
import type { Database } from "../file/database.ts";
import { COPIED } from "./copied-state.ts";
import { isTranscribing } from "./transcriptions.ts";
import { addCopies, type Copy, listCopiesOf, toCopyFor, trimBeside } from "./copies.ts";
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

/** A lifetime of its own begins again; takes the present time. */
const LIFE_AGAIN = "expires_at = ? + expires_at - COALESCE(renewed_at, stored_at)";

export type Replayed = { id: string; replayed: boolean; reason?: string };

/** One event waits again, for one session where `target` (target.ts) names it. */
export function replayEvent(
  db: Database,
  event: { id: string; state: DeliveryState; copied?: true },
  target: string | undefined,
  now: number,
): Replayed {
  return event.copied === true
    ? replayCopies(db, event.id, target, now)
    : replayOne(db, event, target, now);
}

/** REPLAY-3. A session that had no copy gets one. */
function replayCopies(db: Database, id: string, target: string | undefined, now: number): Replayed {
  const chosen = chooseCopies(listCopiesOf(db, id), target);
  if (chosen.length === 0 && target !== undefined) addCopyFor(db, id, target, now);
  const outcomes = chosen.map((copy) => replayOne(db, copy, undefined, now));
  const replayed = chosen.length === 0 || outcomes.some((one) => one.replayed);
  const reason = outcomes.find((one) => !one.replayed)?.reason;
  // So that a range leaves it out (ReplayRange).
  db.run(`UPDATE events SET renewed_at = ?, ${LIFE_AGAIN} WHERE id = ?`, now, now, id);
  return replayed || reason === undefined ? { id, replayed } : { id, replayed, reason };
}

/** The event is open again by it, and so stays as long as this copy does. */
function addCopyFor(db: Database, event: string, target: string, now: number): void {
  const reason = `replayed by hand, for session ${parseTarget(target).name}`;
  for (const id of addCopies(db, event, [toCopyFor(target)], now))
    moveEvent(db, id, "stored", { at: now, stage: "stored", reason });
}

function chooseCopies(copies: readonly Copy[], target: string | undefined): readonly Copy[] {
  if (target !== undefined) {
    const { session } = parseTarget(target);
    return copies.filter((one) => one.session === session);
  }
  const ended = copies.filter(({ state }) => state === "expired" || state === "dead");
  return ended.length > 0 ? ended : copies;
}

function replayOne(
  db: Database,
  { id, state }: { id: string; state: DeliveryState },
  target: string | undefined,
  now: number,
): Replayed {
  if (state === "offered") {
    return {
      id,
      replayed: false,
      reason: "it is being delivered now; without a receipt it waits again automatically",
    }; // REPLAY-2
  }
  if (state === "stored" && isTranscribing(db, id)) {
    return { id, replayed: false, reason: "its voice note is being transcribed" };
  }
  if (state === "stored" && target === undefined) {
    return { id, replayed: false, reason: "it waits already" };
  }
  db.run("UPDATE deliveries SET ended_at = ? WHERE event = ? AND ended_at IS NULL", now, id);
  db.run(
    `UPDATE events SET attempts_before = attempts, renewed_at = ?, target = COALESCE(?, target),
       ${LIFE_AGAIN} WHERE id = ?`,
    now,
    target ?? null,
    now,
    id,
  );
  const reason = `replayed by hand, was ${state}${target === undefined ? "" : `, for session ${parseTarget(target).name}`}`;
  moveEvent(db, id, "stored", { at: now, stage: "stored", reason });
  const tooMany = trimBeside(db, id, now);
  return tooMany === undefined ? { id, replayed: true } : { id, replayed: false, reason: tooMany };
}

/** What a range holds that can be replayed, in order of acceptance. */
export function listReplayable(
  db: Database,
  range: ReplayRange,
): { id: string; state: DeliveryState; copied?: true }[] {
  const { since, until, channel, state, startedAt, limit } = range;
  return db
    .all<{ id: string; state: DeliveryState; copied: number }>(
      `SELECT id, state, watchers IS '${COPIED}' AS copied FROM events
       WHERE id >= ? AND id < ? AND state IN ('seen', 'done', 'expired', 'dead') AND copy_of IS NULL
       AND (renewed_at IS NULL OR renewed_at < ?) AND channel = IFNULL(?, channel) AND state = IFNULL(?, state)
     ORDER BY seq LIMIT ?`,
      toFirstId(since),
      toFirstId(until),
      startedAt,
      channel ?? null,
      state ?? null,
      limit,
    )
    .map(({ copied, ...event }) => (copied === 1 ? { ...event, copied: true } : event));
}

/** Ids begin with the moment of acceptance, so a range of time is a range of ids. */
function toFirstId(at: number): string {
  return `evt_${newUlid(Math.max(0, Math.floor(at))).slice(0, 10)}`;
}
