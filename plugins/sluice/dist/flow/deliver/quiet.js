/**
 * Quiet hours: the time of day in which only urgent events wake a session.
 *
 * Owns: whether it is quiet now, and when that ends. Never: stores the hours, or finds the machine's zone. Pure but for that zone.
 *
 * QUIET-1 It is quiet while a clock on the wall of the zone shows a time from `from` to just before `to`. So where the clocks go forward over
 *    `to`, quiet ends at that moment; where they go back, the hour that comes twice is quiet twice or not at all.
 */
import { readMinute, toMinutes } from "../../sdk/wall-clock.js";
const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** Clocks change at such moments only, everywhere on earth. */
const STEP_MS = 15 * MINUTE_MS;
/** Two days: the one moment outside the hours may be left out on the first. */
const MAX_STEPS = 200;
/** When the quiet hours that hold now are over (epoch ms); undefined outside them. */
export function toQuietEnd(quiet, now) {
    if (quiet === undefined)
        return undefined;
    const [from, to] = [toMinutes(quiet.from), toMinutes(quiet.to)];
    const isQuiet = (minute) => from <= to ? from <= minute && minute < to : from <= minute || minute < to;
    let at = now - (now % MINUTE_MS);
    let minute = readMinute(at, quiet.zone);
    if (!isQuiet(minute))
        return undefined;
    // From one moment at which the clocks may change to the next: between them a minute is a minute.
    for (let steps = 0; steps < MAX_STEPS; steps++) {
        const next = at - (at % STEP_MS) + STEP_MS;
        const end = at + ((to - minute + DAY_MINUTES) % DAY_MINUTES) * MINUTE_MS;
        if (end < next)
            return end;
        at = next;
        minute = readMinute(at, quiet.zone);
        if (!isQuiet(minute))
            return at;
    }
    return at;
}
