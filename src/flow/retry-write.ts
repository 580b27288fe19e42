/**
 * Writes of the flow that must not be lost to a fault of the disk.
 *
 * Owns: trying again after one. Never: what is written.
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

  /** `lookAgain`: look at everything anew, starting from what the store holds. */
  constructor(options: RetryWritesOptions, lookAgain: () => void = () => {}) {
    this.#options = options;
    this.#lookAgain = lookAgain;
  }

  /** A write that somebody waits for. When it fails, what waits is looked at again all the same. */
  async write<T>(change: () => T): Promise<T> {
    const { db, clock } = this.#options;
    try {
      return await db.write(change);
    } catch (thrown) {
      clock.after(RETRY_MS, this.#lookAgain);
      throw thrown;
    }
  }

  /** Runs a change that nobody waits for; after a fault `again`, or another look. `of`: whose, for the log. */
  settle(of: string, change: () => Promise<void>, again?: () => Promise<void>): void {
    const { clock, log } = this.#options;
    if (this.#closed) return;
    change().catch((thrown: unknown) => {
      const facts = { of, error: toMessage(thrown) };
      log.error(facts, "a change could not be written; trying again in 1 s");
      clock.after(RETRY_MS, () => {
        if (again === undefined) this.#lookAgain();
        else this.settle(of, again, again);
      });
    });
  }

  /** Nothing is begun any more. */
  close(): void {
    this.#closed = true;
  }
}
