/**
 * Posts events to the callbacks of clients.
 *
 * Owns: the order of deliveries, tries, giving up, and the end of a subscription. Never: who may subscribe (callbacks.ts).
 *
 * CALLBACKRUN-1 Events of one subscription leave one after the other in the order of the inbox; how far it came is on disk before the next.
 *    A hub that dies in between posts the last one again, with the same id.
 * CALLBACKRUN-2 A delivery is tried five times within some minutes. An address that takes nothing then is left alone until its client renews
 *    the subscription, and no event is lost by that; an event that it answers with a lasting refusal is passed over.
 */
import type { Clock } from "../sdk/clock.ts";
import { toMessage } from "../sdk/errors.ts";
import type { Logger } from "../sdk/log.ts";
import {
  type CallbackError,
  type CallbackProgress,
  type EventCallback,
  findCallback,
  listCallbacks,
  noteProgress,
  removeCallback,
} from "../store/clients/event-callbacks.ts";
import { type FeedEvent, readCommitted, readFeed, readGone } from "../store/clients/event-feed.ts";
import type { StoredEvent } from "../store/events/inbox.ts";
import type { Database } from "../store/file/database.ts";
import { post, type PostOptions, toControlId } from "./callback-post.ts";
import { toCursor } from "./cursor.ts";
import type { Covered } from "./offers.ts";
import { EventFault, type RpcFields } from "./protocol.ts";

const BATCH = 20;
/** The pauses between five tries. */
const PAUSES_MS = [1_000, 10_000, 60_000, 300_000] as const;
/** After a fault of ours. */
const FAULT_PAUSE_MS = 10_000;
/** What concerns this event alone, and will not change: the address itself works. */
const LASTING = new Set([400, 409, 415, 422]);
/** Final at once: https://modelcontextprotocol.io/seps/3415-events-extension */
const FINAL = new Set([410, 413]);
/** Of events of others it is noted only now and then that they were passed. */
const NOTE_EVERY = 1_000;

export type CallbackDeliveryOptions = Omit<PostOptions, "signal"> & {
  db: Database;
  clock: Clock;
  log: Logger;
  /** What a subscription covers now. @throws EventFault where its client may have it no longer. */
  cover: (client: string, subscription: Pick<Covered, "name" | "args">) => Promise<Covered>;
  toOccurrence: (name: string, event: StoredEvent) => RpcFields;
};

export class CallbackDelivery {
  readonly #options: CallbackDeliveryOptions;
  readonly #closing = new AbortController();
  /** Subscriptions that there are, as far as is known: without one a commit costs nothing. */
  readonly #known = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();
  readonly #timers = new Map<string, () => void>();
  /** Up to which position a subscription was told that something is missing. */
  readonly #toldGone = new Map<string, number>();
  readonly #stopWatching: () => void;

  constructor(options: CallbackDeliveryOptions) {
    this.#options = options;
    for (const { id } of listCallbacks(options.db)) this.#known.add(id);
    this.#stopWatching = options.db.watch(() => this.wakeAll());
    this.wakeAll();
  }

  /** Something may be there for each. */
  wakeAll(): void {
    for (const id of this.#known) this.#look(id);
  }

  /** A subscription was made, renewed or resumed. */
  wake(id: string): void {
    this.#known.add(id);
    this.#look(id);
  }

  /** Ends all subscriptions of a client, and tells their addresses once. */
  async endClient(client: string): Promise<void> {
    const ended = new EventFault("forbidden", "this client was removed by the owner");
    const own = listCallbacks(this.#options.db).filter((one) => one.client === client);
    await Promise.all(own.map((one) => this.#terminate(one, ended)));
  }

  async close(): Promise<void> {
    this.#stopWatching();
    this.#closing.abort();
    for (const cancel of this.#timers.values()) cancel();
    await Promise.all(this.#running.values());
  }

  #look(id: string): void {
    if (this.#closing.signal.aborted) return;
    if (this.#running.has(id)) {
      this.#again.add(id);
      return;
    }
    const run = this.#run(id)
      .catch((thrown: unknown) => {
        const { log } = this.#options;
        log.error({ subscription: id, error: toMessage(thrown) }, "a callback waits after a fault");
        this.#lookIn(id, FAULT_PAUSE_MS);
      })
      .finally(() => {
        this.#running.delete(id);
        if (this.#again.delete(id)) this.#look(id);
      });
    this.#running.set(id, run);
  }

  #lookIn(id: string, ms: number): void {
    this.#timers.get(id)?.();
    const cancel = this.#options.clock.after(ms, () => {
      this.#timers.delete(id);
      this.#look(id);
    });
    this.#timers.set(id, cancel);
  }

  async #run(id: string): Promise<void> {
    const { db, clock, cover } = this.#options;
    // Not in the turn that woke it: what follows reads what was committed.
    await Promise.resolve();
    while (!this.#closing.signal.aborted) {
      const callback = findCallback(db, id);
      const now = clock.now();
      if (callback === undefined) return this.#forget(id);
      if (callback.expiresAt <= now) {
        await db.write(() => removeCallback(db, id));
        return this.#forget(id);
      }
      if (!callback.active) return;
      if (callback.retryAt !== null && callback.retryAt > now)
        return this.#lookIn(id, callback.retryAt - now);
      let covered: Covered;
      try {
        covered = await cover(callback.client, callback);
      } catch (thrown) {
        if (!(thrown instanceof EventFault)) throw thrown;
        return this.#terminate(callback, thrown);
      }
      const hasMore = await this.#deliverPage(callback, covered);
      if (!hasMore) return;
    }
  }

  /** True where there may be more to deliver at once. */
  async #deliverPage(callback: EventCallback, { name, scope }: Covered): Promise<boolean> {
    const { db } = this.#options;
    const { page, gone } = await readCommitted(db, () => ({
      page: readFeed(db, scope, callback.position, BATCH),
      gone: readGone(db, scope.channels),
    }));
    if (gone > Math.max(callback.position, this.#toldGone.get(callback.id) ?? 0)) {
      const cursor = toCursor(db, callback.position, gone);
      const posted = await this.#postControl(callback, { type: "gap", cursor });
      if ("error" in posted || !isTaken(posted.status)) {
        await this.#note(callback, callback.position, this.#toFailure(callback, toCause(posted)));
        return true; // It now waits for its next try.
      }
      this.#toldGone.set(callback.id, gone);
    }
    let at = callback;
    for (const event of page.events) {
      if (this.#closing.signal.aborted) return false;
      const progress = await this.#deliver(at, name, event);
      if (progress === undefined || !(await this.#note(at, at.position, progress))) return true;
      at = { ...at, ...progress };
      if (at.attempts > 0 || !at.active) return true;
    }
    if (page.reached - at.position >= NOTE_EVERY || (page.hasMore && page.reached > at.position))
      await this.#note(at, at.position, { ...at, position: page.reached });
    return page.hasMore;
  }

  /** One try. Undefined where the hub stops meanwhile: then nothing is known, and it is tried again. */
  async #deliver(
    callback: EventCallback,
    name: string,
    { position, event }: FeedEvent,
  ): Promise<CallbackProgress | undefined> {
    const { db, clock, log, toOccurrence } = this.#options;
    const occurrence = toOccurrence(name, event);
    const told = this.#toldGone.get(callback.id) ?? 0;
    const body = JSON.stringify({ ...occurrence, cursor: toCursor(db, position, told) });
    const posted = await this.#post(callback, String(occurrence["eventId"]), body);
    if (this.#closing.signal.aborted && "error" in posted) return undefined;
    const now = clock.now();
    const passed = { position, attempts: 0, retryAt: null, active: true, failedSince: null };
    if ("status" in posted && isTaken(posted.status))
      return { ...passed, lastError: null, lastAt: now };
    const { lastAt } = callback;
    const status = "status" in posted ? posted.status : 0;
    const isLast = callback.attempts >= PAUSES_MS.length;
    if (FINAL.has(status) || (isLast && LASTING.has(status))) {
      log.warn({ event: event.id, client: callback.client, status }, "a callback refused an event");
      return { ...passed, lastError: "http_4xx", lastAt };
    }
    return this.#toFailure(callback, toCause(posted));
  }

  /** CALLBACKRUN-2 */
  #toFailure(callback: EventCallback, lastError: CallbackError): CallbackProgress {
    const { clock, log } = this.#options;
    const { position, lastAt, attempts, failedSince } = callback;
    const now = clock.now();
    const pause = PAUSES_MS[attempts];
    if (pause === undefined)
      log.warn(
        { client: callback.client, lastError },
        "a callback is suspended until it is renewed",
      );
    return {
      position,
      attempts: pause === undefined ? 0 : attempts + 1,
      retryAt: pause === undefined ? null : now + pause,
      active: pause !== undefined,
      failedSince: failedSince ?? now,
      lastError,
      lastAt,
    };
  }

  /** False where the subscription was changed meanwhile. CALLBACKRUN-1 */
  #note(callback: EventCallback, from: number, progress: CallbackProgress): Promise<boolean> {
    const { db } = this.#options;
    return db.write(() => noteProgress(db, { id: callback.id, position: from }, progress));
  }

  #postControl(callback: EventCallback, body: RpcFields & { type: string }) {
    return this.#post(callback, toControlId(body.type), JSON.stringify(body));
  }

  #post({ url, id: subscription, ...secrets }: EventCallback, id: string, body: string) {
    const { clock, resolve } = this.#options;
    const now = clock.now();
    const { secret, oldSecret, oldUntil } = secrets;
    const old = oldSecret !== null && (oldUntil ?? 0) > now ? [oldSecret] : [];
    return post(
      { url, subscription, secrets: [secret, ...old], id, sentAt: now, body },
      { signal: this.#closing.signal, ...(resolve === undefined ? {} : { resolve }) },
    );
  }

  /** The address is told once; what it answers changes nothing. */
  async #terminate(callback: EventCallback, fault: EventFault): Promise<void> {
    const { db } = this.#options;
    await db.write(() => removeCallback(db, callback.id));
    this.#forget(callback.id);
    await this.#postControl(callback, { type: "terminated", error: fault.toError() });
  }

  #forget(id: string): void {
    this.#known.delete(id);
    this.#toldGone.delete(id);
    this.#timers.get(id)?.();
    this.#timers.delete(id);
  }
}

function isTaken(status: number): boolean {
  return status >= 200 && status < 300;
}

function toCause(posted: { status: number } | { error: CallbackError }): CallbackError {
  if ("error" in posted) return posted.error;
  return posted.status >= 500 ? "http_5xx" : "http_4xx";
}
