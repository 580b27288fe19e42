/**
 * What has happened: told to who listens, counted, and kept for who comes later.
 *
 * Owns: the order, the counters, and how much is kept. Never: what happens.
 *
 * KEPTPAST-1 What is kept of the past has a limit; what is counted has none.
 */
import { newTally } from "./happening.js";
/** What the page shows to who opens it late. */
const KEEP = 500;
const KEEP_TEXT = 20_000;
const KEEP_HINTS = 500;
export class Journal {
    tally = newTally();
    past = [];
    #observers = new Set();
    #hinted = new Set();
    #seq = 0;
    observe(observer) {
        this.#observers.add(observer);
        return () => this.#observers.delete(observer);
    }
    tell(what) {
        const happening = { seq: ++this.#seq, at: Date.now(), ...what };
        this.past.push(happening);
        if (this.past.length > KEEP * 2)
            this.past.splice(0, this.past.length - KEEP); // KEPTPAST-1
        for (const observer of this.#observers)
            observer(happening);
    }
    /** True the first time since the server was started. */
    isNew(key) {
        if (this.#hinted.has(key) || this.#hinted.size > KEEP_HINTS)
            return false;
        this.#hinted.add(key);
        return true;
    }
    hint(text) {
        if (this.isNew(text))
            this.tell({ kind: "hint", text });
    }
    stray(text, length, why, isCounted = true) {
        if (isCounted)
            this.tally.stray += 1;
        this.tell({ kind: "stray", text: text.slice(0, KEEP_TEXT), length, why });
    }
    raw(from, text, more) {
        this.tally.messages += 1;
        this.tell({ kind: "raw", from, text: text.slice(0, KEEP_TEXT), length: text.length, ...more });
    }
    stderr(text) {
        this.tell({ kind: "stderr", text: text.slice(0, KEEP_TEXT) });
    }
    /** Another server: what was said of the last one may be said again. */
    beginRun() {
        this.tally.runs += 1;
        this.#hinted.clear();
    }
}
