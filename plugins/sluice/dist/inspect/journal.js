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
/** An event, a result or a list of tools is told whole. */
const KEEP_CHARS = 16_000_000;
const KEEP_HINTS = 500;
export class Journal {
    tally = newTally();
    past = [];
    /** Characters of each of the past. */
    #sizes = [];
    #chars = 0;
    #observers = new Set();
    #hinted = new Set();
    #seq = 0;
    observe(observer) {
        this.#observers.add(observer);
        return () => this.#observers.delete(observer);
    }
    tell(what) {
        const happening = { seq: ++this.#seq, at: Date.now(), ...what };
        this.#keep(happening);
        for (const observer of this.#observers)
            observer(happening);
    }
    /** KEPTPAST-1. The last one is kept, however large. */
    #keep(happening) {
        const size = toSize(happening);
        this.past.push(happening);
        this.#sizes.push(size);
        this.#chars += size;
        let count = this.past.length > KEEP * 2 ? this.past.length - KEEP : 0;
        let left = this.#chars - sum(this.#sizes.slice(0, count));
        while (left > KEEP_CHARS && count < this.past.length - 1)
            left -= this.#sizes[count++] ?? 0;
        if (count === 0)
            return;
        this.past.splice(0, count);
        this.#sizes.splice(0, count);
        this.#chars = left;
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
    /** Whole, in pieces that end where a line does. */
    stderr(text) {
        for (let at = 0; at < text.length;) {
            const lastEnd = text.lastIndexOf("\n", at + KEEP_TEXT);
            const isLast = text.length - at <= KEEP_TEXT;
            const end = isLast ? text.length : lastEnd > at ? lastEnd : at + KEEP_TEXT;
            this.tell({ kind: "stderr", text: text.slice(at, end) });
            at = end === lastEnd ? end + 1 : end;
        }
    }
    /** Another server: what was said of the last one may be said again. */
    beginRun() {
        this.tally.runs += 1;
        this.#hinted.clear();
    }
}
function toSize(happening) {
    return sum(Object.values(happening).map((value) => typeof value === "string"
        ? value.length
        : typeof value === "object"
            ? JSON.stringify(value).length
            : 8));
}
function sum(sizes) {
    return sizes.reduce((total, size) => total + size, 0);
}
