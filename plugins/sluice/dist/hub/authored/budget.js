/**
 * How much the hub reads of one channel's process: what is more waits in the pipe, and so in that process.
 *
 * Owns: the two buckets, and when a flood is one. Never: reads or ends anything.
 */
const LINES_PER_SECOND = 500;
const LINES_BURST = 5_000;
const BYTES_PER_SECOND = 4 * 1024 * 1024;
/** Three of the longest lines. */
const BYTES_BURST = 24 * 1024 * 1024;
/** So long without a moment of rest is no burst. */
const FLOOD_MS = 10_000;
export class ReadBudget {
    #lines = LINES_BURST;
    #bytes = BYTES_BURST;
    #at;
    #throttledAt;
    constructor(now) {
        this.#at = now;
    }
    /** How long nothing more is read, in ms; 0: go on. */
    spend(lines, bytes, now) {
        const seconds = Math.max(0, now - this.#at) / 1_000;
        this.#at = now;
        this.#lines = Math.min(LINES_BURST, this.#lines + seconds * LINES_PER_SECOND) - lines;
        this.#bytes = Math.min(BYTES_BURST, this.#bytes + seconds * BYTES_PER_SECOND) - bytes;
        const waitMs = Math.max((-this.#lines / LINES_PER_SECOND) * 1_000, (-this.#bytes / BYTES_PER_SECOND) * 1_000);
        if (waitMs > 0)
            this.#throttledAt ??= now;
        // Half of it is there again: it has rested.
        else if (this.#lines > LINES_BURST / 2 && this.#bytes > BYTES_BURST / 2)
            this.#throttledAt = undefined;
        return Math.max(0, Math.ceil(waitMs));
    }
    isFlood(now) {
        return this.#throttledAt !== undefined && now - this.#throttledAt > FLOOD_MS;
    }
}
