/**
 * `events/stream`: one subscription as a stream of notifications.
 *
 * Owns: what is sent, when, and how it ends. Never: the connection (rpc.ts).
 *
 * EVENTSTREAM-1 A reader that reads slowly is waited for: nothing is gathered for it in memory, the inbox has it.
 * EVENTSTREAM-2 A client that may no longer have the events is told so, and hears nothing more.
 */
import type { Clock } from "../sdk/clock.ts";
import type { Database } from "../store/file/database.ts";
import { type FeedPage, readCommitted, readFeed, readGone } from "../store/clients/event-feed.ts";
import { type Start, toCursor } from "./cursor.ts";
import type { Covered } from "./offers.ts";
import { EventFault, type RpcFields, SUBSCRIPTION_ID } from "./protocol.ts";

/** The SEP asks for one every 30 s at least. */
const HEARTBEAT_MS = 15_000;
const BATCH = 50;

export type StreamOut = {
  /** Resolves once there is room for more; rejects where the client has gone. */
  send(message: RpcFields): Promise<void>;
  /** The client has gone, or the hub stops. */
  signal: AbortSignal;
};

export type PushOptions = {
  db: Database;
  clock: Clock;
  id: string | number;
  start: Start;
  /** What it covers now. @throws EventFault where the client may have it no longer. */
  cover: () => Promise<Covered>;
  toOccurrence: (name: string, event: FeedPage["events"][number]["event"]) => RpcFields;
  /** Calls back when an event came, or what a client may have has changed. Returns how to stop. */
  watch: (changed: () => void) => () => void;
};

/** Resolves when the subscription is over, or nobody listens any more. */
export async function pushEvents(options: PushOptions, { send, signal }: StreamOut): Promise<void> {
  const { db, clock, id, start, cover, toOccurrence } = options;
  const notify = (name: string, params: RpcFields): Promise<void> =>
    send({
      jsonrpc: "2.0",
      method: `notifications/events/${name}`,
      params: { ...params, _meta: { [SUBSCRIPTION_ID]: id } },
    });
  const bell = new Bell(clock, signal);
  const stop = options.watch(() => bell.ring());
  let { position, told } = start;
  try {
    await notify("active", { cursor: toCursor(db, position, told), truncated: start.truncated });
    for (;;) {
      // Before the look: what comes meanwhile rings again.
      bell.reset();
      const { name, scope } = await cover();
      const from = position;
      const { page, gone } = await readCommitted(db, () => ({
        page: readFeed(db, scope, from, BATCH),
        gone: readGone(db, scope.channels),
      }));
      if (gone > Math.max(from, told)) {
        told = gone;
        await notify("active", { cursor: toCursor(db, position, told), truncated: true });
      }
      for (const { position: at, event } of page.events) {
        if (signal.aborted) return;
        position = at;
        await notify("event", { ...toOccurrence(name, event), cursor: toCursor(db, at, told) });
      }
      position = page.reached;
      if (signal.aborted) return;
      if (page.hasMore) continue;
      const rang = await bell.wait(HEARTBEAT_MS);
      if (signal.aborted) return;
      if (!rang) await notify("heartbeat", { cursor: toCursor(db, position, told) });
    }
  } catch (thrown) {
    if (!(thrown instanceof EventFault)) throw thrown;
    await notify("terminated", { error: thrown.toError() }); // EVENTSTREAM-2
  } finally {
    stop();
  }
}

/** Wakes one waiter. */
class Bell {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #rang = Promise.withResolvers<void>();

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  ring(): void {
    this.#rang.resolve();
  }

  reset(): void {
    this.#rang = Promise.withResolvers<void>();
  }

  /** False where nobody rang in that time. */
  async wait(ms: number): Promise<boolean> {
    const over = Promise.withResolvers<boolean>();
    const cancel = this.#clock.after(ms, () => over.resolve(false));
    const stop = (): void => over.resolve(true);
    this.#signal.addEventListener("abort", stop, { once: true });
    if (this.#signal.aborted) stop();
    void this.#rang.promise.then(stop);
    try {
      return await over.promise;
    } finally {
      cancel();
      this.#signal.removeEventListener("abort", stop);
    }
  }
}
