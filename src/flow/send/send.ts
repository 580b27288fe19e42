/**
 * Stage 9, send: each message of the outbox is sent once, through its channel's connection.
 *
 * Owns: when a row is sent, and its state after the outcome. Never: talks to a platform itself; repeats a message that may have arrived.
 *
 * SEND-1 `sending` is committed before a message leaves, its outcome after. After a crash in between the message is `maybe`.
 * SEND-2 One message of a chat is sent at a time, in the order of the outbox: a message that waits delays its own chat and no other.
 * SEND-3 After a retryable fault the next try waits as long as the platform says, else 1 s, 2 s, ... 60 s; after 24 hours the message
 *    has failed. A fault before the request is written is retryable (sdk/net/request.ts); of a message in parts the next try goes on behind
 *    those that arrived.
 * SEND-4 The owner is notified of each message of a session that may not have arrived, also one of an earlier life of the hub.
 */
import { within } from "../../sdk/clock.ts";
import type { ChannelConnection } from "../../sdk/channel.ts";
import type { Clock } from "../../sdk/clock.ts";
import { isSluiceError, toMessage } from "../../sdk/errors.ts";
import type { Logger } from "../../sdk/log.ts";
import {
  MaybeSent,
  type OutgoingButton,
  type OutgoingMessage,
  PartlySent,
} from "../../sdk/message.ts";
import { findAnswering } from "../../store/events/payloads.ts";
import type { Database } from "../../store/file/database.ts";
import {
  expireQueued,
  findEffect,
  listHeads,
  markSending,
  markSent,
  markUnsent,
  markWaiting,
  type OutboxRow,
  recoverSending,
} from "../../store/outbox/outbox.ts";

export type SendingOptions = {
  db: Database;
  clock: Clock;
  log: Logger;
  /** Channels that send through a connection of their own; the others' replies leave on their stream. */
  connected: () => readonly string[];
  /** The live connection of a channel; undefined while it is down or paused: its rows wait. */
  connection: (channel: string) => ChannelConnection | undefined;
  /** The buttons of a row as it leaves; undefined for none. */
  toButtons?: (row: OutboxRow) => OutgoingButton[][] | undefined;
  /** Before which moment a message is older than this; by the clock alone where it is absent (flow/expiry/elapsed.ts). */
  toBefore?: (lifeMs: number) => number;
  /** A session's message has become a `maybe` (SEND-4). */
  unsure?: (row: OutboxRow) => void;
};

/** What became of an effect, as its asker is told. */
export type SendOutcome = Pick<OutboxRow, "id" | "state" | "reason" | "messageIds">;

const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;
const LIFE_MS = 24 * 3_600_000;
const SWEEP_MS = 60_000;
/** Chats of one channel that are written to at the same time. */
const PARALLEL = 4;

export class Sending {
  readonly #options: SendingOptions;
  readonly #inFlight = new Map<number, { channel: string; done: Promise<void> }>();
  readonly #waiters = new Map<number, Set<(outcome: SendOutcome) => void>>();
  #cancelSweep: (() => void) | undefined;
  #cancelPump: (() => void) | undefined;
  #closed = false;
  #scheduled = false;

  constructor(options: SendingOptions) {
    this.#options = options;
  }

  /**
   * What an earlier life was sending is marked, then sending begins. Resolves with the messages of sessions among it (SEND-4).
   * @throws SluiceError store_*.
   */
  async open(): Promise<OutboxRow[]> {
    const { db } = this.#options;
    const rows = await db.write(() => recoverSending(db));
    this.#sweep();
    return rows.filter((row) => this.#noteMaybe(row));
  }

  /** Something may leave now: a row was queued, or a connection came up. */
  changed(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#closed) this.#pump();
    });
  }

  /** What became of a row, or what it is after `waitMs`. */
  settled(id: number, waitMs: number): Promise<SendOutcome | undefined> {
    const { db, clock } = this.#options;
    const now = findEffect(db, id);
    if (now === undefined || isOver(now)) return Promise.resolve(now);
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(id) ?? new Set();
      this.#waiters.set(id, waiters);
      const end = (outcome: SendOutcome | undefined): void => {
        cancel();
        waiters.delete(end);
        if (waiters.size === 0) this.#waiters.delete(id);
        resolve(outcome);
      };
      const cancel = clock.after(waitMs, () => end(this.#find(id)));
      waiters.add(end);
    });
  }

  /** Stops; waits a little for what is on its way, so that its outcome is known. */
  async close(graceMs = 2_000): Promise<void> {
    this.#closed = true;
    this.#cancelSweep?.();
    this.#cancelPump?.();
    if (this.#inFlight.size === 0) return;
    const over = Promise.allSettled([...this.#inFlight.values()].map(({ done }) => done));
    await within(graceMs, over, undefined);
  }

  #pump(): void {
    const { db, clock, connection, connected, log } = this.#options;
    const now = clock.now();
    let next = Number.POSITIVE_INFINITY;
    this.#cancelPump?.();
    try {
      for (const channel of connected()) {
        const live = connection(channel);
        if (live === undefined) continue;
        let busy = [...this.#inFlight.values()].filter((one) => one.channel === channel).length;
        for (const row of listHeads(db, channel, 100)) {
          if (row.dueAt > now) next = Math.min(next, row.dueAt);
          else if (!this.#inFlight.has(row.id) && busy++ < PARALLEL) this.#start(row, live);
        }
      }
    } catch (thrown) {
      log.error({ error: toMessage(thrown) }, "the outbox could not be read; trying again in 1 s");
      next = now + FIRST_RETRY_MS;
    }
    if (Number.isFinite(next))
      this.#cancelPump = clock.after(Math.max(5, next - now), () => this.changed());
  }

  #start(row: OutboxRow, connection: ChannelConnection): void {
    const { log } = this.#options;
    const done = this.#send(row, connection)
      .catch((thrown: unknown) => {
        // Nothing has left: the row is as it was, and the sweep looks at it again.
        log.error({ outbox: row.id, error: toMessage(thrown) }, "a message could not be begun");
      })
      .finally(() => {
        this.#inFlight.delete(row.id);
        this.#tell(row.id);
        this.changed();
      });
    this.#inFlight.set(row.id, { channel: row.channel, done });
  }

  async #send(row: OutboxRow, connection: ChannelConnection): Promise<void> {
    const { db, clock } = this.#options;
    const answering = row.event === null ? undefined : findAnswering(db, row.event);
    if (!(await db.write(() => markSending(db, row.id)))) return;
    let record: () => void;
    let isLost = false;
    try {
      const messageIds = await carry(row, connection, {
        buttons: this.#options.toButtons?.(row),
        answering,
      });
      record = () => markSent(db, row.id, clock.now(), messageIds);
    } catch (thrown) {
      isLost = true;
      record = () => this.#judge({ ...row, attempts: row.attempts + 1 }, thrown);
    }
    await this.#write(row.id, record);
    const after = isLost ? this.#find(row.id) : undefined;
    if (after?.state === "maybe" && this.#noteMaybe(after)) this.#options.unsure?.(after);
  }

  /** True where its owner is to be told (SEND-4): a line of our own that may not have arrived is not worth another one. */
  #noteMaybe({ id: outbox, kind, channel, reason }: OutboxRow): boolean {
    this.#options.log.warn({ outbox, channel, reason }, "a message may have been sent");
    return kind === "reply" || kind === "send";
  }

  /** An outcome is known once: it is written however long the store takes to come back. A death before is "maybe sent" (SEND-1). */
  async #write(id: number, record: () => void): Promise<void> {
    const { db, clock, log } = this.#options;
    for (;;) {
      try {
        return await db.write(record);
      } catch (thrown) {
        if (this.#closed) return;
        log.error({ outbox: id, error: toMessage(thrown) }, "an outcome could not be written yet");
        await new Promise<void>((resolve) => void clock.after(FIRST_RETRY_MS, resolve));
      }
    }
  }

  #judge(row: OutboxRow, thrown: unknown): void {
    const { db, clock } = this.#options;
    const now = clock.now();
    const reason = toMessage(thrown).slice(0, 500);
    const fault = isSluiceError(thrown) ? thrown : undefined;
    const mayRepeat = row.kind === "edit" || row.kind === "react";
    if (!mayRepeat && (fault === undefined || fault.cause instanceof MaybeSent)) {
      const known = fault?.cause instanceof MaybeSent ? fault.cause.messageIds : [];
      const ids = known.length > 0 ? known : row.messageIds;
      return markUnsent(db, row.id, "maybe", reason, ids);
    }
    const ids = fault?.cause instanceof PartlySent ? fault.cause.messageIds : row.messageIds;
    const wait = toRetry(row, fault, this.#toBefore(LIFE_MS));
    if (wait === undefined) markUnsent(db, row.id, "failed", reason, ids);
    else markWaiting(db, row.id, now + wait, reason, ids);
  }

  #toBefore(lifeMs: number): number {
    const { clock, toBefore = (ms: number) => clock.now() - ms } = this.#options;
    return toBefore(lifeMs);
  }

  #sweep(): void {
    const { db, clock, connected, log } = this.#options;
    const before = this.#toBefore(LIFE_MS);
    db.write(() => expireQueued(db, connected(), before, "not sent within 24 hours")).catch(
      (thrown: unknown) =>
        log.warn({ error: toMessage(thrown) }, "old messages could not be given up; trying again"),
    );
    this.changed();
    this.#cancelSweep = clock.after(SWEEP_MS, () => this.#sweep());
  }

  #tell(id: number): void {
    const waiters = this.#waiters.get(id);
    if (waiters === undefined || this.#closed) return;
    const row = this.#find(id);
    if (row !== undefined && isOver(row)) for (const end of waiters) end(row);
  }

  /** Where no one is there to take a fault: undefined then, and whoever asked is told that nothing is known. */
  #find(id: number): OutboxRow | undefined {
    try {
      return findEffect(this.#options.db, id);
    } catch (thrown) {
      const facts = { outbox: id, error: toMessage(thrown) };
      this.#options.log.error(facts, "the state of a message could not be read");
      return undefined;
    }
  }
}

/** How long to wait before the next try; undefined where there is none: a message of `before` or earlier is too old. Pure (SEND-3). */
export function toRetry(
  row: Pick<OutboxRow, "attempts" | "createdAt">,
  fault: { code: string; retryable: boolean; retryAfterMs: number | undefined } | undefined,
  before: number,
): number | undefined {
  // A credential that is refused is the owner's to mend: nothing is lost until then.
  const isRetryable = fault?.retryable === true || fault?.code === "unauthorized";
  if (!isRetryable || row.createdAt <= before) return undefined;
  const backoff = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, row.attempts - 1));
  return fault.retryAfterMs ?? backoff;
}

async function carry(
  row: OutboxRow,
  connection: ChannelConnection,
  {
    buttons: made,
    answering,
  }: { buttons: OutgoingButton[][] | undefined; answering: string | undefined },
): Promise<readonly string[]> {
  const chatId = row.chatId ?? "";
  const buttons = connection.hasForms === true ? made : withoutForms(made);
  switch (row.kind) {
    case "edit":
      await connection.edit?.(chatId, row.target ?? "", row.text, ...(buttons ? [buttons] : []));
      return row.target === null ? [] : [row.target];
    case "react":
      await connection.react?.(chatId, row.target ?? "", row.text);
      return [];
    case "reply":
    case "send":
    case "notice":
      return (
        await connection.send({
          ...toOutgoing(row, chatId),
          ...(buttons && { buttons }),
          ...(answering === undefined ? {} : { answering }),
        })
      ).messageIds;
    default:
      return row.kind satisfies never;
  }
}

function withoutForms(buttons: OutgoingButton[][] | undefined): OutgoingButton[][] | undefined {
  return buttons
    ?.map((row) => row.filter(({ asks }) => asks === undefined))
    .filter((row) => row.length > 0);
}

function toOutgoing(row: OutboxRow, chatId: string): OutgoingMessage {
  return {
    chatId,
    text: row.text,
    ...(row.threadId === null ? {} : { threadId: row.threadId }),
    ...(row.replyTo === null ? {} : { replyTo: row.replyTo }),
    ...(row.files.length === 0 ? {} : { files: row.files }),
    ...(row.messageIds.length === 0 ? {} : { arrived: row.messageIds }),
    ...(row.kind === "notice" ? { isNotice: true } : {}),
  };
}

function isOver({ state }: Pick<OutboxRow, "state">): boolean {
  return state === "sent" || state === "failed" || state === "maybe";
}
