import { sleep } from "../clock.js";
import { isSluiceError, toMessage } from "../errors.js";
import { parseObject } from "../json.js";
import { toInwardConnection } from "./connection.js";
/** One that looks less often says in its state when it did (WATCHER-3); the others look at once. */
const TIMED_MS = 60_000;
/** No timer holds for weeks, and a machine may sleep, or its clock be set: a look at the clock. */
const LONGEST_SLEEP_MS = 60_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
const ALARM_FAILURES = 3;
/** Resolves once the first look is over, or has failed: `report` says which. */
export async function openWatcher(context, kind, random = Math.random) {
    const closing = new AbortController();
    const signal = AbortSignal.any([context.signal, closing.signal]);
    const first = Promise.withResolvers();
    const life = new WatcherLife({ ...context, signal }, kind, random, first.resolve);
    const living = life.run();
    await Promise.race([first.promise, living]);
    return toInwardConnection(context.name, async () => {
        closing.abort();
        await living;
    });
}
class WatcherLife {
    #context;
    #kind;
    #random;
    #looked;
    #kept;
    #text;
    #failures = 0;
    #wake = () => undefined;
    #isWoken = false;
    constructor(context, kind, random, looked) {
        this.#context = context;
        this.#kind = kind;
        this.#random = random;
        this.#looked = looked;
        this.#text = context.cursor;
        this.#kept = this.#read(context.cursor);
    }
    async run() {
        const { signal, clock } = this.#context;
        let stopListening;
        try {
            let due = this.#toFirst();
            while (!signal.aborted) {
                if (clock.now() < due)
                    this.#looked();
                await this.#wait(due);
                if (signal.aborted)
                    return;
                this.#isWoken = false;
                const next = await this.#lookOnce();
                this.#looked();
                if (next === undefined)
                    return;
                due = next;
                stopListening ??= this.#failures === 0 ? await this.#listen() : undefined;
            }
        }
        finally {
            await stopListening?.();
        }
    }
    /** When the next one is due; undefined after the last one. Rejects never. */
    async #lookOnce() {
        const { clock, log, name, signal, report, over } = this.#context;
        const { everyMs, look } = this.#kind;
        try {
            const found = await look(this.#kept?.state, this.#kept?.at);
            if (signal.aborted)
                return undefined;
            await this.#keep(found);
            this.#failures = 0;
            report({ kind: "connected" });
            if (found.isOver !== true)
                return found.nextAt ?? clock.now() + this.#toJitter(everyMs);
            over?.();
            return undefined;
        }
        catch (thrown) {
            if (signal.aborted)
                return undefined;
            const reason = toMessage(thrown);
            if (isForOwner(thrown)) {
                report({ kind: "paused", reason });
                return undefined;
            }
            this.#failures++;
            const asked = isSluiceError(thrown) ? (thrown.retryAfterMs ?? 0) : 0;
            const alarm = this.#failures >= ALARM_FAILURES && asked === 0 ? { alarm: true } : {};
            log.debug({ channel: name, reason, at: clock.now() }, "a look failed; it is made again");
            report({ kind: "retrying", reason, ...alarm });
            const backoff = FIRST_RETRY_MS * 2 ** Math.min(this.#failures - 1, 10);
            return clock.now() + this.#toJitter(Math.max(asked, Math.min(LAST_RETRY_MS, backoff)));
        }
    }
    /** WATCHER-1 */
    async #keep({ state, arrivals }) {
        const at = this.#kind.everyMs >= TIMED_MS ? { at: this.#context.clock.now() } : {};
        const text = JSON.stringify({ state, ...at });
        if (arrivals.length > 0 || text !== this.#text) {
            await this.#context.take(arrivals, text);
            this.#text = text;
        }
        this.#kept = { state, ...at };
    }
    #read(cursor) {
        const { state, at } = parseObject(cursor ?? "") ?? {};
        const known = state === undefined ? undefined : this.#kind.parse(state);
        if (known === undefined)
            return undefined;
        return { state: known, at: typeof at === "number" ? at : undefined };
    }
    /** WATCHER-3 */
    #toFirst() {
        const { clock } = this.#context;
        const now = clock.now();
        const at = this.#kind.looksAtOnce === true ? undefined : this.#kept?.at;
        // A look in the future was made by a clock that was wrong.
        if (at === undefined || at > now)
            return now;
        return Math.max(now, at + this.#toJitter(this.#kind.everyMs));
    }
    #toJitter(ms) {
        return Math.round(ms * (1 + this.#random() / 10));
    }
    async #wait(due) {
        const { clock, signal } = this.#context;
        while (!signal.aborted && !this.#isWoken && clock.now() < due) {
            const wait = Math.min(LONGEST_SLEEP_MS, due - clock.now());
            const woken = new Promise((resolve) => (this.#wake = resolve));
            const over = new AbortController();
            await Promise.race([sleep(wait, clock, AbortSignal.any([signal, over.signal])), woken]);
            over.abort();
        }
    }
    async #listen() {
        const { log, name } = this.#context;
        try {
            const stop = await this.#kind.listen?.(() => {
                this.#isWoken = true;
                this.#wake();
            });
            return stop ?? (() => undefined);
        }
        catch (thrown) {
            // It looks by the clock then.
            log.warn({ channel: name, error: toMessage(thrown) }, "changes are not told; it looks on");
            return () => undefined;
        }
    }
}
/** Faults that no waiting mends. */
function isForOwner(thrown) {
    if (!isSluiceError(thrown) || thrown.retryable)
        return false;
    return ["unauthorized", "bad_config", "unsupported"].includes(thrown.code);
}
