/**
 * How many events of one channel may wait at once.
 *
 * Owns: that count. Never: touches an event.
 *
 * Q1 A channel that nobody reads fills its own share and no more: the others go on.
 * Q2 The count is taken at most once a second, less often where it costs, and what was let in since is added to it: so a flood
 *    cannot outrun it.
 */
import type { Clock } from "../sdk/clock.ts";
import { SluiceError } from "../sdk/errors.ts";
import type { Database } from "./database.ts";

const DEFAULT_QUOTA = 10_000;

/** `lifeMs` is how long it holds while there is room. */
type Count = { at: number; waiting: number; lifeMs: number };

const COUNT_EVERY_MS = 1_000;
/** Counting may take one part in so many of the hub's time. */
const COST_SHARE = 200;
const RETRY_AFTER_MS = 60_000;

export class ChannelQuota {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #quotaOf: (channel: string) => number | undefined;
  readonly #counts = new Map<string, Count>();

  /** `quotaOf` is the owner's word on a channel, where there is one. */
  constructor(db: Database, clock: Clock, quotaOf: (channel: string) => number | undefined) {
    this.#db = db;
    this.#clock = clock;
    this.#quotaOf = quotaOf;
  }

  /**
   * Lets `count` more in.
   * @throws SluiceError `rate_limited`, retryable, where too many wait already.
   */
  check(channel: string, count = 1): void {
    const quota = this.#quotaOf(channel) ?? DEFAULT_QUOTA;
    const known = this.#read(channel, quota);
    if (known.waiting >= quota) {
      throw new SluiceError(
        "rate_limited",
        `${channel}: ${quota} events wait already, the most that may; let a session work them off, or raise "quota" of the channel in config.json, then sluice down and sluice up`,
        { retryable: true, retryAfterMs: RETRY_AFTER_MS },
      );
    }
    known.waiting += count;
  }

  #read(channel: string, quota: number): Count {
    const now = this.#clock.now();
    const kept = this.#counts.get(channel);
    if (kept !== undefined && now >= kept.at) {
      const lifeMs = kept.waiting < quota ? kept.lifeMs : COUNT_EVERY_MS;
      if (now - kept.at < lifeMs) return kept;
    }
    const startedAt = performance.now();
    const row = this.#db.get<{ waiting: number }>(
      "SELECT COUNT(*) AS waiting FROM (SELECT 1 FROM events WHERE state = 'stored' AND channel = ? LIMIT ?)",
      channel,
      quota,
    );
    const lifeMs = Math.max(COUNT_EVERY_MS, (performance.now() - startedAt) * COST_SHARE);
    const fresh = { at: now, waiting: row?.waiting ?? 0, lifeMs };
    // Names are configured ones, so there are few; those of removed channels go with the rest.
    if (this.#counts.size >= 1_000) this.#counts.clear();
    this.#counts.set(channel, fresh);
    return fresh;
  }
}
