/**
 * Stages 2 and 3 in one: an arrival passes the gate and is stored, or nothing of it is kept.
 *
 * Owns: that nothing is answered before COMMIT. Never: knows where the arrival came from.
 */
import type { Clock } from "../../sdk/clock.ts";
import type { Arrival, Role } from "../../sdk/event.ts";
import type { Database } from "../../store/file/database.ts";
import { addAnswering, addPayload } from "../../store/events/payloads.ts";
import { addFiles } from "../../store/events/files.ts";
import { closeAlert, openAlert } from "../../store/events/open-alerts.ts";
import { addEvent, type InboxLimit } from "../../store/events/add-event.ts";
import type { Assignment } from "../../store/events/subscriptions.ts";
import { toFileName } from "./file-name.ts";
import { type Access, CLOSED, gate, type GateVerdict } from "./gate.ts";
import { isFiring, isResolved } from "../text/merge.ts";
import type { LoopBreaker } from "./loop.ts";
import type { PairingHandler } from "./pairing.ts";

/** Of one arrival; more are counted and left out. */
const MAX_FILES = 20;

export type Accepted =
  /** `sameBody`: a duplicate by its bytes alone, under an id that was not known. */
  | { kind: "stored"; id: string; duplicate: boolean; sameBody?: boolean }
  | { kind: "dropped"; reason: string };

export type AcceptOptions = {
  db: Database;
  clock: Clock;
  /** What may come in, by channel: nothing where it has none. */
  access: { get(channel: string): Access | undefined };
  limit: InboxLimit;
  /** Who a new event is for; called inside the write that stores it. */
  assign: (arrival: Arrival) => Assignment;
  /** A new event is urgent, or a person waits for its answer: it is not to wait for others (PACE-5). Inside the write as well. */
  pressing: (id: string) => void;
  /** A new event was stored, in this very write. */
  stored?: (id: string, arrival: Arrival) => void;
  /** Pairs strangers; without it they are dropped. */
  pairing?: Pick<PairingHandler, "pair" | "redeem">;
  /** Who sees to it that two machines do not talk to each other for ever. */
  loops?: Pick<LoopBreaker, "isLoop" | "count">;
};

/** A person's answer to a prompt, or a command: taken, and no event. */
export type Heard = { kind: "handled" };

/**
 * The way in for what ingress has verified. `hear` takes what a person may stand behind, who is heard first, and what has files.
 */
export function toIntake(
  options: AcceptOptions,
  hear: (arrival: Arrival, receivedAt: number) => Promise<Accepted | Heard>,
): (arrival: Arrival, receivedAt: number) => Promise<Accepted | Heard> {
  return (arrival, receivedAt) =>
    isFromMachine(arrival) && arrival.files === undefined
      ? accept(arrival, receivedAt, options)
      : hear(arrival, receivedAt);
}

/** True where it names neither a chat nor a person's conversation: nobody there can answer a prompt. */
export function isFromMachine({ chat, chatId }: Arrival): boolean {
  return chat === undefined && chatId === undefined;
}

/** @throws SluiceError store_* (as a rejection) when it could not be written: nothing is kept, the sender may try again. */
export function accept(
  arrival: Arrival,
  receivedAt: number,
  options: AcceptOptions,
): Promise<Accepted> {
  // The one promise on an event's way is that of its write: each more is a turn that its sender waits.
  try {
    const access = options.access.get(arrival.channel) ?? CLOSED;
    const verdict = decide(arrival, access, options);
    // Who asked counts it: ingress counts every arrival that it does not answer with a 2xx.
    if (verdict.kind === "drop")
      return Promise.resolve({ kind: "dropped", reason: verdict.reason });
    if (verdict.kind === "admit") options.limit.check(arrival.channel, 1, access.quota);
    return options.db.write(() => settle(arrival, verdict, receivedAt, options));
  } catch (thrown) {
    return Promise.reject(thrown);
  }
}

/**
 * The same for who writes more in the same transaction, a cursor say: runs inside `database.write`. The inbox's limit is checked
 * before it.
 */
export function admit(arrival: Arrival, receivedAt: number, options: AcceptOptions): Accepted {
  const access = options.access.get(arrival.channel) ?? CLOSED;
  return settle(arrival, decide(arrival, access, options), receivedAt, options);
}

/** What the gate says, and that two machines do not talk to each other for ever. */
function decide(arrival: Arrival, access: Access, { loops }: AcceptOptions): GateVerdict {
  const verdict = gate(arrival, access);
  const isLoop =
    verdict.kind === "admit" && arrival.chat !== undefined && loops?.isLoop(arrival) === true;
  return isLoop ? { kind: "drop", reason: "loop" } : verdict;
}

function settle(
  arrival: Arrival,
  verdict: GateVerdict,
  receivedAt: number,
  options: AcceptOptions,
): Accepted {
  const { pairing, loops } = options;
  switch (verdict.kind) {
    case "admit": {
      const kept = keep(toOwed(arrival, verdict), verdict.role, receivedAt, options);
      if (arrival.chat !== undefined && !kept.duplicate)
        options.db.afterCommit(() => loops?.count(arrival));
      return kept;
    }
    case "drop":
      return { kind: "dropped", reason: verdict.reason };
    case "pair":
      return { kind: "dropped", reason: pairing?.pair(arrival) ?? "stranger" };
    case "redeem":
      return { kind: "dropped", reason: pairing?.redeem(arrival, verdict.code) ?? "stranger" };
    default:
      return verdict satisfies never;
  }
}

/** Who named us by a word of the group's waits for an answer as one who named us by our name. */
function toOwed(
  arrival: Arrival,
  { isNamed, isKnown }: Extract<GateVerdict, { kind: "admit" }>,
): Arrival {
  const owed: Arrival =
    isNamed === true && arrival.kind === "message" ? { ...arrival, ack: "reply" } : arrival;
  // Of a machine, only its channel can tell; one that cannot has its owner's word, who names it to an agent or does not.
  const isOwn = arrival.chat === undefined ? arrival.isKnown !== false : isKnown === true;
  return { ...owed, isKnown: isOwn };
}

function keep(
  arrival: Arrival,
  role: Role,
  receivedAt: number,
  { db, clock, assign, pressing, stored }: AcceptOptions,
): Extract<Accepted, { kind: "stored" }> {
  const kept = withEntity(withChatFacts(withFileFacts(arrival)));
  const { files, payload, answering, stateOf } = arrival;
  const isAlone = (files ?? payload ?? answering ?? stateOf) === undefined;
  const isLast = isAlone && stored === undefined;
  const { copies, ...added } = addEvent(db, kept, role, receivedAt, clock.now(), {
    assign,
    isLast,
  });
  if (!added.duplicate) {
    if (files !== undefined) addFiles(db, added.id, files.slice(0, MAX_FILES));
    if (payload !== undefined) addPayload(db, added.id, payload);
    if (answering !== undefined) addAnswering(db, added.id, answering);
    noteFiring(db, added.id, arrival);
    stored?.(added.id, arrival);
    if (arrival.priority === "urgent" || arrival.ack === "reply")
      for (const id of copies ?? [added.id]) pressing(id);
  }
  return { kind: "stored", ...added };
}

/** What a thing's states tell of it is told together, where its channel names nothing larger. */
function withEntity(arrival: Arrival): Arrival {
  const { entity, stateOf } = arrival;
  return entity === undefined && stateOf !== undefined ? { ...arrival, entity: stateOf } : arrival;
}

/** An alert that fires is kept until the one that ends it (expire.ts). */
function noteFiring(db: Database, id: string, { channel, stateOf, kind, meta }: Arrival): void {
  if (stateOf === undefined) return;
  const state = { kind, status: meta["status"] ?? meta["conclusion"] ?? null };
  if (isFiring(state)) openAlert(db, { channel, stateOf }, id);
  else if (isResolved(state)) closeAlert(db, { channel, stateOf });
}

/** What the gate knew of a message is told to whoever reads it: who wrote a text is not who sent it on. */
function withChatFacts(arrival: Arrival): Arrival {
  const { chat, meta } = arrival;
  if (chat === undefined) return arrival;
  return {
    ...arrival,
    meta: {
      ...meta,
      ...(chat.isForwarded && { forwarded_from: meta["forwarded_from"] ?? "unknown" }),
      ...(chat.isEdited && { edited: "true" }),
      ...(chat.button !== undefined && { button: chat.button }),
    },
  };
}

/** What a model and a person read of the files that came with a message. Never the reference, which may hold a token. */
function withFileFacts(arrival: Arrival): Arrival {
  const { files = [] } = arrival;
  if (files.length === 0) return arrival;
  const list = files.slice(0, MAX_FILES).map(({ name, mime, bytes }, index) => {
    const size = bytes === undefined ? "" : `, ${Math.max(1, Math.round(bytes / 1024))} kB`;
    return `${index + 1}. ${toFileName(name)} (${mime ?? "file"}${size})`;
  });
  return {
    ...arrival,
    meta: {
      ...arrival.meta,
      attachment_count: String(files.length),
      attachments: list.join("; "),
    },
  };
}
