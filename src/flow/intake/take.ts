/**
 * Stages 1 to 3 for a channel with a connection of its own: stores a batch of arrivals and the cursor behind it in one transaction.
 *
 * Owns: that the platform is told to forget only what is on disk. Never: fetches a file.
 *
 * TAKE-1 Events and cursor are committed together: after a crash before the commit the batch comes again, after a crash behind it, it
 *    does not.
 * TAKE-2 An arrival that cannot be stored because of its own form (not because of the disk) is counted as a dead letter, and the next
 *    one goes on.
 */
import type { Arrival } from "../../sdk/event.ts";
import { isSluiceError, toMessage } from "../../sdk/errors.ts";
import type { Logger } from "../../sdk/log.ts";
import { saveCursor } from "../../store/events/cursors.ts";
import { addCount } from "../../store/events/counters.ts";
import { type Accepted, type AcceptOptions, admit } from "./accept.ts";

export type TakeOptions = AcceptOptions & { log: Logger };

/** What became of each arrival, in order. */
export type TakeOutcome = Accepted | { kind: "dead-letter" };

export const DEAD_LETTER = "dead-letter";

/** @throws SluiceError store_* when it could not be written: nothing is kept, and the platform keeps it. */
export async function take(
  channel: string,
  arrivals: readonly Arrival[],
  cursor: string | undefined,
  options: TakeOptions,
): Promise<TakeOutcome[]> {
  const { db, clock, limit, access } = options;
  if (arrivals.length > 0) limit.check(channel, arrivals.length, access.get(channel)?.quota);
  return db.write(() => {
    const now = clock.now();
    const taken = arrivals.map((arrival) => takeOne(channel, arrival, now, options));
    if (cursor !== undefined) saveCursor(db, channel, cursor, now);
    return taken;
  });
}

function takeOne(
  channel: string,
  arrival: Arrival,
  now: number,
  options: TakeOptions,
): TakeOutcome {
  const { db, log } = options;
  try {
    return db.part(() => {
      const accepted = admit({ ...arrival, channel }, now, options);
      if (accepted.kind === "dropped") addCount(db, channel, accepted.reason, now);
      return accepted;
    });
  } catch (thrown) {
    if (!isPoison(thrown)) throw thrown;
    addCount(db, channel, DEAD_LETTER, now);
    // Its content stands nowhere: the gate may not have spoken yet.
    log.warn({ channel, error: toMessage(thrown) }, "an arrival could not be stored; left out");
    return { kind: "dead-letter" };
  }
}

/** True for what this very arrival is to blame for: its shape, or a constraint of the schema. */
function isPoison(thrown: unknown): boolean {
  // A reading statement's fault comes wrapped by the store.
  if (isSluiceError(thrown, "internal") && thrown.cause !== undefined)
    return isPoison(thrown.cause);
  if (isSluiceError(thrown)) return thrown.code === "bad_input" || thrown.code === "too_large";
  if (!(thrown instanceof Error)) return true;
  if (!("errcode" in thrown) || typeof thrown.errcode !== "number") return true;
  // SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE: https://www.sqlite.org/rescode.html
  return [18, 19, 20, 25].includes(thrown.errcode & 0xff);
}
