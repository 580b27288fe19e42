/**
 * Stages 2 and 3 in one: an arrival passes the gate and is on disk, or leaves nothing.
 *
 * Owns: that nothing is answered before COMMIT. Never: knows where the arrival came from.
 */
import type { Clock } from "../sdk/clock.ts";
import type { Arrival, Role } from "../sdk/event.ts";
import type { Database } from "../store/database.ts";
import { addFiles } from "../store/files.ts";
import { addEvent } from "../store/inbox.ts";
import type { InboxLimit } from "../store/limit.ts";
import { MAX_FILES, withFileFacts } from "./file-facts.ts";
import { type Access, gate, type Verdict } from "./gate.ts";

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
  const verdict = gate(arrival, options.access(arrival.channel));
  // Who asked counts it: ingress counts every arrival that it does not answer with a 2xx.
  if (verdict.kind !== "admit") return { kind: "dropped", reason: toReason(verdict) };
  options.limit.check();
  return options.db.write(() => keep(arrival, verdict.role, receivedAt, options));
}

/**
 * The same for who writes more in the same transaction, a cursor say: runs inside `database.write`. The inbox's limit is checked
 * before it.
 */
export function admit(arrival: Arrival, receivedAt: number, options: AcceptOptions): Accepted {
  const verdict = gate(arrival, options.access(arrival.channel));
  if (verdict.kind !== "admit") return { kind: "dropped", reason: toReason(verdict) };
  return keep(arrival, verdict.role, receivedAt, options);
}

function keep(
  arrival: Arrival,
  role: Role,
  receivedAt: number,
  { db, clock, stored }: AcceptOptions,
): Accepted {
  const added = addEvent(db, withFileFacts(arrival), role, receivedAt, clock.now());
  if (!added.duplicate) {
    addFiles(db, added.id, arrival.files?.slice(0, MAX_FILES) ?? []);
    stored();
  }
  return { kind: "stored", ...added };
}

function toReason(verdict: Exclude<Verdict, { kind: "admit" }>): string {
  return verdict.kind === "drop" ? verdict.reason : "stranger";
}
