/**
 * Stages 2 and 3 in one: an arrival passes the gate and is on disk, or leaves nothing.
 *
 * Owns: that nothing is answered before COMMIT. Never: knows where the arrival came from.
 */
import type { Clock } from "../sdk/clock.ts";
import type { Arrival } from "../sdk/event.ts";
import type { Database } from "../store/database.ts";
import { addEvent } from "../store/inbox.ts";
import type { InboxLimit } from "../store/limit.ts";
import { type Access, gate } from "./gate.ts";

export type Accepted =
  | { kind: "stored"; id: string; duplicate: boolean }
  | { kind: "dropped"; reason: string };

export type AcceptOptions = {
  db: Database;
  clock: Clock;
  access: (channel: string) => Access;
  limit: InboxLimit;
  /** Called in the same turn, before COMMIT: an offer made now shares the event's transaction. */
  stored: () => void;
};

/** @throws SluiceError store_* when it could not be written: nothing is kept, the sender may try again. */
export async function accept(
  arrival: Arrival,
  receivedAt: number,
  options: AcceptOptions,
): Promise<Accepted> {
  const { db, clock, access, limit, stored } = options;
  const verdict = gate(arrival, access(arrival.channel));
  // Who asked counts it: ingress counts every arrival that it does not answer with a 2xx.
  if (verdict.kind === "drop") return { kind: "dropped", reason: verdict.reason };
  limit.check();
  const added = await db.write(() => {
    const result = addEvent(db, arrival, verdict.role, receivedAt, clock.now());
    if (!result.duplicate) stored();
    return result;
  });
  return { kind: "stored", ...added };
}
