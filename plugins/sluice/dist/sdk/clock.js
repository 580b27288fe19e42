/**
 * Time as it is passed in: the real one, or a test's; and waiting that ends early.
 */
export const systemClock = {
    now: Date.now,
    after(delayMs, action) {
        // Node fires a timer at once when its delay does not fit 31 bits.
        const timer = setTimeout(action, Math.min(delayMs, 2_147_483_647));
        timer.unref();
        return () => clearTimeout(timer);
    },
};
/** Resolves after `ms`, or as soon as the signal aborts. */
export function sleep(ms, clock, signal) {
    return new Promise((resolve) => {
        const end = () => {
            cancel();
            signal.removeEventListener("abort", end);
            resolve();
        };
        const cancel = clock.after(ms, end);
        signal.addEventListener("abort", end, { once: true });
        if (signal.aborted)
            end();
    });
}
/** What `work` brings, or `late` after so long. By real time: it bounds a wait, and decides nothing else. */
export async function within(ms, work, late) {
    let timer;
    const limit = new Promise((resolve) => (timer = setTimeout(resolve, ms, late)));
    try {
        return await Promise.race([work, limit]);
    }
    finally {
        clearTimeout(timer);
    }
}
