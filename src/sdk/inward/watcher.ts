/**
 * The life of a channel that looks by itself: it looks, tells what is new, and looks again.
 *
 * Owns: when it looks, what is kept of a look, and what a fault of it leads to. Never: what there is to see (one folder for each kind).
 *
 * WATCHER-1 What a look has seen and the events that it made of it are committed together: a hub that is killed at any moment tells each
 *    thing once. A look whose events could not be kept is made again, from the same state.
 * WATCHER-2 A look that fails is made again after 1 s, 2 s, ... 60 s, at most as often as it is made anyway; after three the owner is told,
 *    but where the platform has said when to come again.
 * WATCHER-3 Between looks lies the chosen time and up to a tenth more, so that many watchers do not look at once, after a start neither.
 *    One that is not due yet is not made for a start, but where what was missed is what it looks for.
 * WATCHER-4 What happened while nobody looked is told with the next look. What was there before the first look ever is no news.
 */
import type { ChannelConnection, ChannelContext } from "../channel.ts";
import { sleep } from "../clock.ts";
import { isSluiceError, toMessage } from "../errors.ts";
import type { Arrival } from "../event.ts";
import { parseObject } from "../json.ts";
import { toInwardConnection } from "./connection.ts";

/**
 * What a look brought. `nextAt`: exactly when the next one is due (epoch ms), where that is not as usual. `isOver`: there will be nothing
 * more to see, ever.
 */
export type LookResult<S> = {
  state: S;
  arrivals: readonly Arrival[];
  nextAt?: number;
  isOver?: boolean;
};

export type WatcherKind<S> = {
  /** Default time between two looks. */
  everyMs: number;
  /** It looks as soon as it is opened, however short ago the last look was. */
  looksAtOnce?: boolean;
  /** The state of an earlier life; undefined where it is of another form. */
  parse(state: unknown): S | undefined;
  /** Looks once. Sees the same again where its events were not kept. `since`: when the last look was made, also by an earlier life. */
  look(state: S | undefined, since: number | undefined): Promise<LookResult<S>>;
  /** Calls `wake` when there is something to see before the time has come. Call the result to end it. */
  listen?(wake: () => void): Promise<() => Promise<void> | void>;
};

/** One that looks less often says in its state when it did (WATCHER-3); the others look at once. */
const TIMED_MS = 60_000;
/** No timer holds for weeks, and a machine may sleep, or its clock be set: a look at the clock. */
const LONGEST_SLEEP_MS = 60_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
const ALARM_FAILURES = 3;

/** Resolves once the first look is over, or has failed: `report` says which. */
export async function openWatcher<S>(
  context: ChannelContext,
  kind: WatcherKind<S>,
  random: () => number = Math.random,
): Promise<ChannelConnection> {
  const closing = new AbortController();
  const signal = AbortSignal.any([context.signal, closing.signal]);
  const first = Promise.withResolvers<void>();
  const life = new WatcherLife({ ...context, signal }, kind, random, first.resolve);
  const living = life.run();
  await Promise.race([first.promise, living]);
  return toInwardConnection(context.name, async () => {
    closing.abort();
    await living;
  });
}

type Kept<S> = { state: S; at?: number | undefined };

class WatcherLife<S> {
  readonly #context: ChannelContext;
  readonly #kind: WatcherKind<S>;
  readonly #random: () => number;
  readonly #looked: () => void;
  #kept: Kept<S> | undefined;
  #text: string | undefined;
  #failures = 0;
  #wake: () => void = () => undefined;
  #isWoken = false;

  constructor(
    context: ChannelContext,
    kind: WatcherKind<S>,
    random: () => number,
    looked: () => void,
  ) {
    this.#context = context;
    this.#kind = kind;
    this.#random = random;
    this.#looked = looked;
    this.#text = context.cursor;
    this.#kept = this.#read(context.cursor);
  }

  async run(): Promise<void> {
    const { signal, clock } = this.#context;
    let stopListening: (() => Promise<void> | void) | undefined;
    try {
      let due = this.#toFirst();
      while (!signal.aborted) {
        if (clock.now() < due) this.#looked();
        await this.#wait(due);
        if (signal.aborted) return;
        this.#isWoken = false;
        const next = await this.#lookOnce();
        this.#looked();
        if (next === undefined) return;
        due = next;
        stopListening ??= this.#failures === 0 ? await this.#listen() : undefined;
      }
    } finally {
      await stopListening?.();
    }
  }

  /** When the next one is due; undefined after the last one. Rejects never. */
  async #lookOnce(): Promise<number | undefined> {
    const { clock, log, name, signal, report, over } = this.#context;
    const { everyMs, look } = this.#kind;
    try {
      const found = await look(this.#kept?.state, this.#kept?.at);
      if (signal.aborted) return undefined;
      await this.#keep(found);
      this.#failures = 0;
      report({ kind: "connected" });
      if (found.isOver !== true) return found.nextAt ?? clock.now() + this.#toJitter(everyMs);
      over?.();
      return undefined;
    } catch (thrown) {
      if (signal.aborted) return undefined;
      const reason = toMessage(thrown);
      if (isForOwner(thrown)) {
        report({ kind: "paused", reason });
        return undefined;
      }
      this.#failures++;
      const asked = isSluiceError(thrown) ? (thrown.retryAfterMs ?? 0) : 0;
      const alarm = this.#failures >= ALARM_FAILURES && asked === 0 ? { alarm: true } : {};
      log.debug({ channel: name, reason, at: clock.now() }, "a look failed; it is made again");
      report({ kind: "retrying", reason, ...alarm });
      const backoff = FIRST_RETRY_MS * 2 ** Math.min(this.#failures - 1, 10);
      return clock.now() + this.#toJitter(Math.max(asked, Math.min(LAST_RETRY_MS, backoff)));
    }
  }

  /** WATCHER-1 */
  async #keep({ state, arrivals }: LookResult<S>): Promise<void> {
    const at = this.#kind.everyMs >= TIMED_MS ? { at: this.#context.clock.now() } : {};
    const text = JSON.stringify({ state, ...at });
    if (arrivals.length > 0 || text !== this.#text) {
      await this.#context.take(arrivals, text);
      this.#text = text;
    }
    this.#kept = { state, ...at };
  }

  #read(cursor: string | undefined): Kept<S> | undefined {
    const { state, at } = parseObject(cursor ?? "") ?? {};
    const known = state === undefined ? undefined : this.#kind.parse(state);
    if (known === undefined) return undefined;
    return { state: known, at: typeof at === "number" ? at : undefined };
  }

  /** WATCHER-3 */
  #toFirst(): number {
    const { clock } = this.#context;
    const now = clock.now();
    const at = this.#kind.looksAtOnce === true ? undefined : this.#kept?.at;
    // A look in the future was made by a clock that was wrong.
    if (at === undefined || at > now) return now;
    return Math.max(now, at + this.#toJitter(this.#kind.everyMs));
  }

  #toJitter(ms: number): number {
    return Math.round(ms * (1 + this.#random() / 10));
  }

  async #wait(due: number): Promise<void> {
    const { clock, signal } = this.#context;
    while (!signal.aborted && !this.#isWoken && clock.now() < due) {
      const wait = Math.min(LONGEST_SLEEP_MS, due - clock.now());
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      const over = new AbortController();
      await Promise.race([sleep(wait, clock, AbortSignal.any([signal, over.signal])), woken]);
      over.abort();
    }
  }

  async #listen(): Promise<() => Promise<void> | void> {
    const { log, name } = this.#context;
    try {
      const stop = await this.#kind.listen?.(() => {
        this.#isWoken = true;
        this.#wake();
      });
      return stop ?? (() => undefined);
    } catch (thrown) {
      // It looks by the clock then.
      log.warn({ channel: name, error: toMessage(thrown) }, "changes are not told; it looks on");
      return () => undefined;
    }
  }
}

/** Faults that no waiting mends. */
function isForOwner(thrown: unknown): boolean {
  if (!isSluiceError(thrown) || thrown.retryable) return false;
  return ["unauthorized", "bad_config", "unsupported"].includes(thrown.code);
}
