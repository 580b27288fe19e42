/**
 * How long to wait before a source is opened again.
 *
 * Owns: the growth, the cap and the jitter. Never: waits.
 */
const FIRST_MS = 1_000;
const MAX_MS = 60_000;
/** A connection that lived so long begins anew. */
export const STEADY_MS = 60_000;
/** Failures in a row after which the owner is told. */
const ALARM_FAILURES = 3;
export class Backoff {
    #failures = 0;
    /** Of the failure that just came: between half and all of the step, so that many clients do not come back at once. */
    nextMs(random = Math.random) {
        const step = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(this.#failures, 16));
        this.#failures++;
        return Math.round(step * (0.5 + random() / 2));
    }
    get isAlarm() {
        return this.#failures >= ALARM_FAILURES;
    }
    reset() {
        this.#failures = 0;
    }
}
