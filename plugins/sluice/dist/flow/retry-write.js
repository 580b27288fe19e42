import { toMessage } from "../sdk/errors.js";
const RETRY_MS = 1_000;
export class RetryWrites {
    #options;
    #lookAgain;
    #closed = false;
    /** `lookAgain`: evaluates everything again, from what the store holds. */
    constructor(options, lookAgain = () => { }) {
        this.#options = options;
        this.#lookAgain = lookAgain;
    }
    /** A write that a caller waits for. After a failure `lookAgain` runs too. @throws what the write threw. */
    async write(change) {
        const { db, clock } = this.#options;
        try {
            return await db.write(change);
        }
        catch (thrown) {
            clock.after(RETRY_MS, this.#lookAgain);
            throw thrown;
        }
    }
    /** Runs a change that nobody waits for; after a failure runs `again`, or `lookAgain` without one. `of`: its owner, for the log. */
    runWithRetry(of, change, again) {
        const { clock, log } = this.#options;
        if (this.#closed)
            return;
        change().catch((thrown) => {
            const facts = { of, error: toMessage(thrown) };
            log.error(facts, "a change could not be written; trying again in 1 s");
            clock.after(RETRY_MS, () => {
                if (again === undefined)
                    this.#lookAgain();
                else
                    this.runWithRetry(of, again, again);
            });
        });
    }
    /** Starts no change after this. */
    close() {
        this.#closed = true;
    }
}
