/**
 * How much time has really passed? A clock may be wrong at the start of a machine, and be set right or wrong at any moment.
 *
 * Owns: telling time that passed from a clock that was set. Never: reads a clock, or keeps what it finds. Pure.
 *
 * ELAPSED-1 Time that nobody saw pass does not count: where the clock went forward and the machine's own count of time since its start did
 *    not, what is between is a gap, and no event is older for it. Sleep counts: the machine's count goes on meanwhile.
 * ELAPSED-2 Between two starts of the machine nothing is counted. A day or less is taken for a machine that was off, more for a gap: where
 *    it was off all that time, old events stay a little longer.
 * ELAPSED-3 A clock that goes back into a gap shows that the gap was none.
 */
/** A clock that is corrected a little is not worth a gap. */
export const JUMP_MS = 5 * 60_000;
const OFF_MS = 24 * 3_600_000;
/** The gap that a look shows after the one before it (ELAPSED-1, ELAPSED-2). */
export function findGap(last, now) {
    const movedMs = now.wallAt - last.wallAt;
    const countedMs = toCounted(last, now);
    const excessMs = movedMs - (countedMs ?? 0);
    return excessMs > (countedMs === undefined ? OFF_MS : JUMP_MS)
        ? { from: now.wallAt - excessMs, to: now.wallAt }
        : undefined;
}
/** What the machine counted between two looks; undefined where it was started anew. */
function toCounted(last, now) {
    if (last.sinceBootMs === undefined || now.sinceBootMs === undefined)
        return undefined;
    const countedMs = now.sinceBootMs - last.sinceBootMs;
    return last.boot === now.boot && countedMs >= 0 ? countedMs : undefined;
}
/** Before which moment (epoch ms) a thing is older than `lifeMs`, as far as time has passed. */
export function toBefore(gaps, lifeMs, now) {
    let before = now - lifeMs;
    for (const { from, to } of gaps.toSorted((a, b) => b.to - a.to))
        // ELAPSED-3: one that lies ahead is none.
        if (to <= now && before <= to)
            before -= to - from;
    return before;
}
/** Gaps that the present time shows to have been none (ELAPSED-3). */
export function listVoid(gaps, now) {
    return gaps.filter(({ to }) => now < to - JUMP_MS);
}
