export class VirtualClock {
    #now;
    #timers = new Set();
    #settle;
    constructor(startsAt = Date.UTC(2026, 0, 5, 9), settleAll = settle) {
        this.#now = startsAt;
        this.#settle = settleAll;
    }
    now() {
        return this.#now;
    }
    after(delayMs, action) {
        const timer = { at: this.#now + Math.max(0, delayMs), action };
        this.#timers.add(timer);
        return () => this.#timers.delete(timer);
    }
    /** Moves on, running what is due on the way at its own time and in its order. */
    async advance(ms) {
        const end = this.#now + ms;
        await this.#settle();
        for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
            this.#timers.delete(next);
            this.#now = Math.max(this.#now, next.at);
            next.action();
            await this.#settle();
        }
        this.#now = end;
        await this.#settle();
    }
    /** Is set to another time, as a wrong clock is or that of a machine that slept: no timer runs on the way. */
    jump(to) {
        const by = to - this.#now;
        for (const timer of this.#timers)
            timer.at += by;
        this.#now = to;
    }
    /** The first that is due; of several at one time the one that was asked for first, as a set keeps them. */
    #next(end) {
        let next;
        for (const timer of this.#timers)
            if (timer.at <= end && (next === undefined || timer.at < next.at))
                next = timer;
        return next;
    }
}
/** Lets microtasks and the commits of this turn of the event loop run, and what follows from them. */
export async function settle() {
    for (let turn = 0; turn < 6; turn++) {
        await new Promise((resolve) => setImmediate(resolve));
    }
}
