/**
 * Writes of the flow, retried after a disk fault so that none is lost.
 *
 * Owns: the retry. Never: what is written.
 */
import type { Clock } from "../sdk/clock.ts";
import { toMessage } from "../sdk/errors.ts";
import type { Logger } from "../sdk/log.ts";
import type { Database } from "../store/file/database.ts";

const RETRY_MS = 1_000;

export type RetryWritesOptions = { db: Database; clock: Clock; log: Logger };

export class RetryWrites {
  readonly #options: RetryWritesOptions;
  readonly #lookAgain: () => void;
  #closed = false;

  /** `lookAgain`: evaluates everything again, from what the store holds. */
  constructor(options: RetryWritesOptions, lookAgain: () => void = () => {}) {
    this.#options = options;
    this.#lookAgain = lookAgain;
  }

  /** A write that a caller waits for. After a failure `lookAgain` runs too. @throws what the write threw. */
  async write<T>(change: () => T): Promise<T> {
    const { db, clock } = this.#options;
    try {
      return await db.write(change);
    } catch (thrown) {
      clock.after(RETRY_MS, this.#lookAgain);
      throw thrown;
    }
  }

  /** Runs a change that nobody waits for; after a failure runs `again`, or `lookAgain` without one. `of`: its owner, for the log. */
  runWithRetry(of: string, change: () => Promise<void>, again?: () => Promise<void>): void {
    const { clock, log } = this.#options;
    if (this.#closed) return;
    change().catch((thrown: unknown) => {
      const facts = { of, error: toMessage(thrown) };
      log.error(facts, "a change could not be written; trying again in 1 s");
      clock.after(RETRY_MS, () => {
        if (again === undefined) this.#lookAgain();
        else this.runWithRetry(of, again, again);
      });
    });
  }

  /** Starts no change after this. */
  close(): void {
    this.#closed = true;
  }
}
