/**
 * How many events of one channel may wait at once.
 *
 * Owns: that count. Never: touches an event.
 *
 * Q1 A channel that nobody reads fills its own share and no more: the others go on.
 * Q2 The count is taken at most once a second, and what was let in since is added to it: so it is never taken too low.
 */
import type { Clock } from "../sdk/clock.ts";
import { SluiceError } from "../sdk/errors.ts";
import type { Database } from "./database.ts";

export const DEFAULT_QUOTA = 10_000;

type Count = { at: number; waiting: number };

const COUNT_EVERY_MS = 1_000;
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
        `${channel}: ${quota} events wait already, the most that may; let a session work them off, or raise "quota" of the channel in config.json`,
        { retryable: true, retryAfterMs: RETRY_AFTER_MS },
      );
    }
    known.waiting += count;
  }

  #read(channel: string, quota: number): Count {
    const now = this.#clock.now();
    const kept = this.#counts.get(channel);
    if (kept !== undefined && now >= kept.at && now - kept.at < COUNT_EVERY_MS) return kept;
    const row = this.#db.get<{ waiting: number }>(
      "SELECT COUNT(*) AS waiting FROM (SELECT 1 FROM events WHERE state = 'stored' AND channel = ? LIMIT ?)",
      channel,
      quota,
    );
    const fresh = { at: now, waiting: row?.waiting ?? 0 };
    // Names are configured ones, so there are few; those of removed channels go with the rest.
    if (this.#counts.size >= 1_000) this.#counts.clear();
    this.#counts.set(channel, fresh);
    return fresh;
  }
}
