/**
 * The inbox: the durable log of admitted events, and the trace of each.
 *
 * Owns: reading and moving what stands in the tables events and steps. Never: adds an event (add-event.ts); decides who gets it or when.
 * Functions that change something run inside `database.write`.
 *
 * INBOX-1 One (channel, delivery id) is one event, for at least 30 days (add-event.ts); so is one (channel, body digest).
 * INBOX-2 What happened never changes in an event's row: only its state, attempts and times, and the sessions that it waits for. A file that
 *    came with it may become known later: where an image lies (files.ts), what a voice note says (transcriptions.ts).
 */
import type { DeliveryState, Event, Priority, Role } from "../../sdk/event.ts";
import { SluiceError } from "../../sdk/errors.ts";
import type { Database } from "../file/database.ts";
import { COPIED, followCopies } from "./copied-state.ts";
import { IS_ON_CHANNEL } from "./states.ts";

/** An event with what became of it. Times are epoch ms. */
export type StoredEvent = Event & {
  seq: number;
  state: DeliveryState;
  attempts: number;
  storedAt: number;
  firstOfferedAt?: number;
  changedAt: number;
  /** Attempts before its last replay. */
  attemptsBefore?: number;
  /** All that routing knows of it, as one text. */
  address: string;
  /** The event that it is a copy of; `copied`: it has copies (copies.ts). */
  copyOf?: string;
  copied?: true;
};

export type Stage =
  | "verified"
  | "gated"
  | "stored"
  | "routed"
  | "held"
  | "offered"
  | "seen"
  | "done"
  | "expired"
  | "dead"
  | "replied";

/** One line of a trace. */
export type Step = {
  at: number;
  stage: Stage;
  lane?: string;
  session?: string;
  attempt?: number;
  reason?: string;
};

type EventRow = {
  seq: number;
  id: string;
  channel: string;
  kind: string;
  sender_id: string;
  sender_name: string | null;
  sender_role: Role;
  text: string;
  quotes: string;
  meta: string;
  priority: Priority;
  ack: Event["ack"];
  verified: string;
  delivery_id: string | null;
  entity: string | null;
  state_of: string | null;
  chat_id: string | null;
  repository: string | null;
  occurred_at: number | null;
  received_at: number;
  stored_at: number;
  state: DeliveryState;
  attempts: number;
  first_offered_at: number | null;
  changed_at: number;
  attempts_before: number;
  address: string;
  copy_of: string | null;
  watchers: string | null;
};

export function findEvent(db: Database, id: string): StoredEvent | undefined {
  const row = db.get<EventRow>("SELECT * FROM events WHERE id = ?", id);
  return row === undefined ? undefined : toStoredEvent(row);
}

/** Which waiting events a session may have: all at these addresses (waiting.ts), and no others. */
export type EventClaim = { addresses: readonly string[] };

export type EventFilter = {
  state?: DeliveryState;
  channel?: string;
  limit: number;
  afterSeq?: number;
  beforeSeq?: number;
};

/** Events by filter, in order of acceptance: the newest `limit` (before `beforeSeq`), or with `afterSeq` the next ones. */
export function listEvents(db: Database, filter: EventFilter): StoredEvent[] {
  const order = filter.afterSeq === undefined ? "DESC" : "ASC";
  const { where, values } = toFilterCondition(filter, order);
  const rows = db.all<EventRow>(
    `SELECT * FROM events ${where} ORDER BY seq ${order} LIMIT ?`,
    ...values,
    filter.limit,
  );
  if (filter.afterSeq === undefined) rows.reverse();
  return rows.map(toStoredEvent);
}

/** Ids of the newest `limit` events of a filter, in order of acceptance. */
export function listEventIds(db: Database, filter: Omit<EventFilter, "afterSeq">): string[] {
  const { where, values } = toFilterCondition(filter);
  return db
    .all<{ id: string }>(
      `SELECT id FROM events ${where} ORDER BY seq DESC LIMIT ?`,
      ...values,
      filter.limit,
    )
    .map(({ id }) => id)
    .toReversed();
}

/** How many of the newest events of a filter fit into `maxBytes`; at least one, where there is one. Reads none of their texts. */
export function countFitting(db: Database, filter: EventFilter, maxBytes: number): number {
  const { where, values } = toFilterCondition(filter);
  const sizes = db.all<{ bytes: number }>(
    `SELECT octet_length(text) + octet_length(quotes) + octet_length(meta) AS bytes FROM events ${where} ORDER BY seq DESC LIMIT ?`,
    ...values,
    filter.limit,
  );
  let total = 0;
  const over = sizes.findIndex(({ bytes }) => (total += bytes) > maxBytes);
  return over === -1 ? sizes.length : Math.max(1, over);
}

/** Words by which SQLite knows the index of that state: with a bound value it reads every event there is. */
const IN_STATE: Readonly<Record<DeliveryState, string>> = {
  stored: "state = 'stored'",
  offered: "state IN ('offered', 'seen') AND state = 'offered'",
  seen: "state IN ('offered', 'seen') AND state = 'seen'",
  done: "state = 'done'",
  expired: "state = 'expired'",
  dead: "state = 'dead'",
};

/** The condition by which a query finds the first `limit` events of a filter in the order of `seq`; that order and limit it says itself. */
export function toFilterCondition(
  filter: EventFilter,
  order: "ASC" | "DESC" = "DESC",
): { where: string; values: (string | number)[] } {
  const { state, channel, afterSeq, beforeSeq, limit } = filter;
  const given = [
    ["seq > ?", afterSeq],
    ["seq < ?", beforeSeq],
  ] as const;
  const range = given.filter(([, value]) => value !== undefined);
  // Of an event that has copies it is listed alone.
  const terms = ["copy_of IS NULL", ...range.map(([sql]) => sql)];
  const values = range.flatMap(([, value]) => (value === undefined ? [] : [value]));
  const toWhere = (...all: string[]): string => `WHERE ${[...all, ...terms].join(" AND ")}`;
  if (channel === undefined) {
    if (state !== undefined) return { where: toWhere(IN_STATE[state]), values };
    return { where: toWhere(), values };
  }
  const all = [channel, ...values];
  // Of what is done the channel's index is used, since nearly all is done; else that of the state, of which there is less.
  if (state === "done")
    return { where: toWhere(IS_ON_CHANNEL, "+state = 'done'", "channel = ?"), values: all };
  if (state !== undefined) return { where: toWhere(IN_STATE[state], "+channel = ?"), values: all };
  // What waits has an index of its own, in no such order: there is never more of it than its channel's quota.
  const part = (condition: string, by: string): string =>
    `SELECT seq FROM (SELECT seq FROM events ${toWhere(condition, "channel = ?")} ORDER BY ${by} ${order} LIMIT ?)`;
  return {
    where: `WHERE seq IN (${part(IS_ON_CHANNEL, "seq")} UNION ALL ${part(IN_STATE.stored, "+seq")})`,
    values: [...all, limit, ...all, limit],
  };
}

/** Changes an event's state and appends the step that says why. */
export function moveEvent(db: Database, id: string, state: DeliveryState, step: Step): void {
  if (state === "offered") {
    db.run(
      `UPDATE events SET state = ?, changed_at = ?, attempts = ?, first_offered_at = COALESCE(first_offered_at, ?) WHERE id = ?`,
      state,
      step.at,
      step.attempt ?? 1,
      step.at,
      id,
    );
  } else {
    db.run("UPDATE events SET state = ?, changed_at = ? WHERE id = ?", state, step.at, id);
  }
  // Not by RETURNING: that makes SQLite keep a table for each change.
  const kin = db.get<{ isOfChat: number; copyOf: string | null }>(
    `SELECT chat_id IS NOT NULL AS isOfChat, copy_of AS copyOf FROM events
     WHERE id = ? AND (chat_id IS NOT NULL OR copy_of IS NOT NULL)`,
    id,
  );
  const topic = kin?.isOfChat === 1 ? "chats" : undefined;
  db.noteChange(id, topic);
  addStep(db, id, step);
  if (kin === undefined || kin.copyOf === null) return;
  const { state: copied, end } = followCopies(db, kin.copyOf, step.at);
  db.noteChange(kin.copyOf, topic);
  if (end !== undefined) addStep(db, kin.copyOf, { at: step.at, stage: copied, reason: end });
}

export function addStep(db: Database, event: string, step: Step): void {
  db.run(
    "INSERT INTO steps (event, at, stage, lane, session, attempt, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
    event,
    step.at,
    step.stage,
    step.lane ?? null,
    step.session ?? null,
    step.attempt ?? null,
    step.reason ?? null,
  );
}

/** Why the event was let in, from what is kept of it. */
function toAdmission({ verified, sender }: StoredEvent): string {
  if (sender.role !== "source") return `accepted: its sender may write here (${sender.role})`;
  switch (verified) {
    case "local":
      return "accepted: sent by a program on this machine";
    case "none":
      return "accepted: this channel asks for no proof";
    case "bearer":
    case "token-header":
      return "accepted: sent with the channel's token";
    default:
      return "accepted: signed with the channel's secret";
  }
}

/** Every step of one event in order, from the moment its bytes were in. */
export function readTrace(db: Database, event: StoredEvent): Step[] {
  const first: Step[] = [
    { at: event.receivedAt, stage: "verified", reason: event.verified },
    { at: event.storedAt, stage: "gated", reason: toAdmission(event) },
    { at: event.storedAt, stage: "stored" },
  ];
  return [...first, ...readSteps(db, event.id)];
}

/** What became of it since it was stored. */
export function readSteps(db: Database, event: string): Step[] {
  const rows = db.all<{
    at: number;
    stage: Stage;
    lane: string | null;
    session: string | null;
    attempt: number | null;
    reason: string | null;
  }>(
    "SELECT at, stage, lane, session, attempt, reason FROM steps WHERE event = ? ORDER BY id",
    event,
  );
  return rows.map(
    (row): Step => ({
      at: row.at,
      stage: row.stage,
      ...(row.lane === null ? {} : { lane: row.lane }),
      ...(row.session === null ? {} : { session: row.session }),
      ...(row.attempt === null ? {} : { attempt: row.attempt }),
      ...(row.reason === null ? {} : { reason: row.reason }),
    }),
  );
}

function parseColumn(event: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    const message = `event ${event} is damaged in the inbox and nothing was changed; "sluice doctor" says how to go back to a backup`;
    throw new SluiceError("store_corrupt", message, { cause });
  }
}

function toStoredEvent(row: EventRow): StoredEvent {
  return {
    seq: row.seq,
    id: row.id,
    channel: row.channel,
    kind: row.kind,
    sender: {
      id: row.sender_id,
      role: row.sender_role,
      ...(row.sender_name === null ? {} : { name: row.sender_name }),
    },
    text: row.text,
    // Written by addEvent from the SDK's types.
    quotes: parseColumn(row.id, row.quotes) as Event["quotes"],
    meta: parseColumn(row.id, row.meta) as Event["meta"],
    priority: row.priority,
    ack: row.ack,
    verified: row.verified,
    ...(row.delivery_id === null ? {} : { deliveryId: row.delivery_id }),
    ...(row.entity === null ? {} : { entity: row.entity }),
    ...(row.state_of === null ? {} : { stateOf: row.state_of }),
    ...(row.chat_id === null ? {} : { chatId: row.chat_id }),
    ...(row.repository === null ? {} : { repository: row.repository }),
    ...(row.occurred_at === null ? {} : { occurredAt: row.occurred_at }),
    receivedAt: row.received_at,
    storedAt: row.stored_at,
    state: row.state,
    attempts: row.attempts,
    ...(row.first_offered_at === null ? {} : { firstOfferedAt: row.first_offered_at }),
    changedAt: row.changed_at,
    address: row.address,
    ...(row.attempts_before === 0 ? {} : { attemptsBefore: row.attempts_before }),
    ...(row.copy_of === null ? {} : { copyOf: row.copy_of }),
    ...(row.watchers === COPIED ? { copied: true as const } : {}),
  };
}
