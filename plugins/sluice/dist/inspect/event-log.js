const KEEP_EVENTS = 1_000;
const KEEP_CHARS = 32_000_000;
const KEEP_TEXT = 20_000;
export const MAX_WAITING = 2_000;
export class EventLog {
    /** The last ones. */
    events = [];
    #tally;
    #hold;
    #keptChars = 0;
    #isHeld = false;
    constructor(tally, hold) {
        this.#tally = tally;
        this.#hold = hold;
    }
    get waiting() {
        const { events, read, dropped } = this.#tally;
        return events - read - dropped;
    }
    get lastDrop() {
        return this.events.findLast(({ outcome }) => outcome === "dropped")?.text;
    }
    add(params) {
        const event = ++this.#tally.events;
        const key = JSON.stringify(params);
        this.events.push({ event, at: Date.now(), params, key, outcome: "waiting", text: "" });
        this.#keptChars += key.length;
        this.#forget();
        if (this.waiting <= MAX_WAITING || this.#isHeld)
            return;
        this.#isHeld = true;
        this.#hold(true);
    }
    /** The oldest that waits: the session reads them in their order. With `params`: it drops one at once, while others may wait. */
    settle(outcome, text, params) {
        const key = params === undefined ? undefined : JSON.stringify(params);
        const seen = this.events.find((one) => one.outcome === "waiting" && (key === undefined || one.key === key));
        if (seen === undefined)
            return undefined;
        seen.outcome = outcome;
        seen.text = text.slice(0, KEEP_TEXT);
        this.#tally[outcome] += 1;
        if (this.#isHeld && this.waiting <= MAX_WAITING / 2) {
            this.#isHeld = false;
            this.#hold(false);
        }
        return seen;
    }
    /** By its number; without one: the last. */
    find(event) {
        return event === undefined
            ? this.events.at(-1)
            : this.events.find((one) => one.event === event);
    }
    /** The one that the session is about to take. */
    get next() {
        return this.events.find(({ outcome }) => outcome === "waiting")?.event ?? 0;
    }
    #forget() {
        let [oldest] = this.events;
        while (oldest !== undefined &&
            oldest.outcome !== "waiting" &&
            (this.events.length > KEEP_EVENTS || this.#keptChars > KEEP_CHARS)) {
            this.#keptChars -= oldest.key.length;
            this.events.shift();
            [oldest] = this.events;
        }
    }
}
