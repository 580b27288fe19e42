/**
 * Events on their way from the gateway to the disk, in their order.
 *
 * Owns: the queue, and when the cursor moves. Never: reads an event (receive.ts, interaction.ts), or speaks the gateway's wire.
 *
 * DISINTAKE-1 The cursor names an event once it is on disk. What could not be kept stays at the head and is given again, without end; a
 *    death in between brings it again from Discord.
 * DISINTAKE-2 A new session begins where Discord stands now: what was written before it is looked up in the chats first, and only then
 *    come its own events.
 * DISINTAKE-3 Events of no interest move the cursor as well, now and then: or a resume would bring all of them again.
 */
import type { ChannelContext, ConnectionState } from "../../sdk/channel.ts";
import { type Clock, sleep } from "../../sdk/clock.ts";
import { toMessage } from "../../sdk/errors.ts";
import type { Arrival } from "../../sdk/event.ts";
import { at, listAt } from "../../sdk/json.ts";
import type { Logger } from "../../sdk/log.ts";
import { readHistory } from "./history.ts";
import type { GatewaySession } from "./gateway.ts";
import type { GatewayEvent } from "./gateway-socket.ts";
import { type InteractionReading, PendingAnswer, readInteraction } from "./interaction.ts";
import type { Progress } from "./progress.ts";
import { receive, type EventContext, type EventReading } from "./receive.ts";
import type { DiscordApi } from "./api.ts";

export type IntakeTimings = {
  /** First and last pause after something could not be kept. */
  keepMs: readonly [first: number, last: number];
  /** How often events of no interest move the cursor. */
  idleMs: number;
};

export type DiscordIntakeOptions = {
  api: DiscordApi;
  read: Omit<EventContext, "sessionId">;
  progress: Progress;
  take: ChannelContext["take"];
  admits(arrival: Arrival): boolean;
  leftBehind(count: number): void;
  report(state: ConnectionState): void;
  timings: IntakeTimings;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
};

/** An event, or a session that begins and leaves a gap behind. */
type Item =
  | { kind: "event"; event: GatewayEvent; sessionId: string; answer?: PendingAnswer }
  | { kind: "gap"; session: GatewaySession; seq: number };

const BATCH = 50;

export class Intake {
  readonly #options: DiscordIntakeOptions;
  readonly #queue: Item[] = [];
  #progress: Progress;
  #sessionId: string;
  #running: Promise<void> | undefined;
  #failures = 0;
  #savedAt: number;

  constructor(options: DiscordIntakeOptions) {
    this.#options = options;
    this.#progress = options.progress;
    this.#sessionId = options.progress.session?.id ?? "";
    this.#savedAt = options.clock.now();
  }

  /** A new session, in place of one whose events are lost (DISINTAKE-2). */
  begun(session: GatewaySession): void {
    this.#sessionId = session.id;
    this.#push({ kind: "gap", session, seq: 0 });
  }

  push(event: GatewayEvent): void {
    if (event.type === "MESSAGE_DELETE_BULK") {
      const { seq, data } = event;
      const channel_id = at(data, "channel_id");
      for (const id of listAt(data, "ids"))
        this.#push(this.#toItem({ seq, type: "MESSAGE_DELETE", data: { id, channel_id } }));
      return;
    }
    const { api, read, clock, log, signal } = this.#options;
    const item = this.#toItem(event);
    if (event.type === "INTERACTION_CREATE") {
      const { me } = read;
      const reading = readInteraction(event.data, this.#toRead(item.sessionId));
      const options = { api, application: me.application, clock, log, signal };
      // Whom the gate does not let in sees no sign of us, in time or later; unless the hub has an answer.
      if (reading.kind === "form" && this.#options.admits(reading.arrival))
        void new PendingAnswer(event.data, true, options).openForm(reading.form);
      else if (reading.kind === "arrival" && this.#options.admits(reading.arrival))
        item.answer = new PendingAnswer(event.data, reading.isPress, options);
    }
    this.#push(item);
  }

  #toItem(event: GatewayEvent): Extract<Item, { kind: "event" }> {
    return { kind: "event", event, sessionId: this.#sessionId };
  }

  /** Resolves once nothing runs any more. */
  async close(): Promise<void> {
    await this.#running;
  }

  #push(item: Item): void {
    if (this.#options.signal.aborted) return;
    this.#queue.push(item);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#queue.length > 0 && !this.#options.signal.aborted) this.#wake();
    });
  }

  #wake(): void {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  async #run(): Promise<void> {
    const { signal, report, log, timings, clock } = this.#options;
    while (this.#queue.length > 0 && !signal.aborted) {
      try {
        await this.#step();
        if (this.#failures > 0 && !signal.aborted) report({ kind: "connected" });
        this.#failures = 0;
      } catch (thrown) {
        if (signal.aborted) return;
        // DISINTAKE-1
        const reason = `messages could not be kept: ${toMessage(thrown)}`;
        if (this.#failures === 0)
          log.warn({ error: toMessage(thrown) }, "messages could not be kept; trying again");
        report({ kind: "retrying", reason });
        const [first, last] = timings.keepMs;
        await sleep(Math.min(last, first * 2 ** Math.min(this.#failures, 16)), clock, signal);
        this.#failures += 1;
      }
    }
  }

  /** What stands at the head: a gap, or as many events as are there. */
  async #step(): Promise<void> {
    const [head] = this.#queue;
    if (head?.kind === "gap") {
      await this.#close(head);
      this.#queue.shift();
      return;
    }
    const gap = this.#queue.findIndex(({ kind }) => kind === "gap");
    const batch = this.#queue.slice(0, gap < 0 ? BATCH : Math.min(BATCH, gap));
    await this.#keep(batch as Extract<Item, { kind: "event" }>[]);
    this.#queue.splice(0, batch.length);
  }

  async #keep(batch: readonly Extract<Item, { kind: "event" }>[]): Promise<void> {
    const { read, take, admits, leftBehind, clock, log, timings } = this.#options;
    const next = this.#progress.fork();
    const given: { arrival: Arrival; answer: PendingAnswer | undefined; isIn: boolean }[] = [];
    let unreadable = 0;
    for (const { event, sessionId, answer } of batch) {
      read.places.note(event.type, event.data, read.me.id);
      const reading = await this.#read(event, sessionId);
      next.seq = event.seq;
      if (reading.kind === "malformed") {
        unreadable += 1;
        log.warn(
          { type: event.type, reason: reading.reason },
          "an event that cannot be read is left behind",
        );
      }
      if (reading.kind !== "arrival") continue;
      const { arrival } = reading;
      const isIn = admits(arrival);
      given.push({ arrival, answer, isIn });
      follow(next, arrival, isIn);
    }
    const isIdle = given.length === 0 && clock.now() - this.#savedAt < timings.idleMs;
    if (isIdle) {
      // DISINTAKE-3: with what comes next.
      this.#progress = next;
      if (unreadable > 0) leftBehind(unreadable);
      return;
    }
    const answers = await take(
      given.map(({ arrival }) => arrival),
      next.toString(),
    );
    this.#progress = next;
    this.#savedAt = clock.now();
    if (unreadable > 0) leftBehind(unreadable);
    for (const [index, { answer, isIn }] of given.entries())
      void answer?.end(answers?.[index], !isIn);
  }

  async #read(event: GatewayEvent, sessionId: string): Promise<EventReading | InteractionReading> {
    const options = this.#toRead(sessionId);
    return event.type === "INTERACTION_CREATE"
      ? readInteraction(event.data, options)
      : receive(event, options);
  }

  #toRead(sessionId: string): EventContext {
    return { ...this.#options.read, sessionId };
  }

  /** DISINTAKE-2 */
  async #close({ session, seq }: Extract<Item, { kind: "gap" }>): Promise<void> {
    const { api, take, admits, signal, log } = this.#options;
    const start = this.#progress.fork();
    start.session = session.url === "" ? undefined : session;
    start.seq = seq;
    for (const [chat, last] of this.#progress.chats) {
      const read = this.#toRead(session.id);
      for await (const page of readHistory(api, { chat, last, read, signal, log })) {
        if (page === "gone") {
          start.forget(chat);
          continue;
        }
        const next = this.#progress.fork();
        for (const { arrival, message } of page) {
          const isIn = arrival !== undefined && admits(arrival);
          next.note(chat, message, isIn);
          start.note(chat, message, isIn);
        }
        await take(
          page.flatMap(({ arrival }) => (arrival === undefined ? [] : [arrival])),
          next.toString(),
        );
        this.#progress = next;
      }
    }
    await take([], start.toString());
    this.#progress = start;
  }
}

/** PROGRESS-2 */
function follow(progress: Progress, { kind, chatId, meta }: Arrival, isIn: boolean): void {
  const message = meta["message_id"];
  if (kind === "message" && chatId !== undefined && message !== undefined)
    progress.note(chatId, message, isIn);
}
