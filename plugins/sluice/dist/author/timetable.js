/**
 * The life of a schedule: each so many ms, or once a day at a time on the wall.
 *
 * Owns: when it is time. Never: makes up for what was missed while nothing ran.
 */
import { sleep } from "../sdk/clock.js";
import { toMessage } from "../sdk/errors.js";
import { readMinute, toMinutes } from "../sdk/wall-clock.js";
const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** Resolves when the channel has ended. */
export async function keepTime(core, name, source) {
    const { port, live } = core;
    while (!port.signal.aborted) {
        const due = port.clock.now() + toWaitMs(port.clock.now(), source);
        // One timer holds no longer than some weeks, and a clock may be set meanwhile: a look each minute.
        while (!port.signal.aborted && port.clock.now() < due)
            await sleep(Math.min(MINUTE_MS, Math.max(1, due - port.clock.now())), port.clock, port.signal);
        if (port.signal.aborted)
            return;
        const at = new Date(due);
        const once = source.dailyAt === undefined ? {} : { deliveryId: `${name} ${toMinuteText(at)}` };
        try {
            await core.handle(name, () => source.receive(at, live), once);
        }
        catch (thrown) {
            port.leftBehind(1);
            port.log.error({ channel: port.name, source: name, error: toMessage(thrown) }, "a scheduled event was not kept");
        }
    }
}
function toMinuteText(at) {
    return at.toISOString().slice(0, 16);
}
/** Until the next time. Pure. */
export function toWaitMs(now, { everyMs, dailyAt = "00:00", zone }) {
    if (everyMs !== undefined)
        return everyMs;
    const minutes = (toMinutes(dailyAt) - readMinute(now, zone) + DAY_MINUTES) % DAY_MINUTES;
    const wait = (minutes === 0 ? DAY_MINUTES : minutes) * MINUTE_MS - (now % MINUTE_MS);
    const due = now + wait;
    // A clock that was put forward or back in between: the time on the wall counts.
    const off = toMinutes(dailyAt) - readMinute(due, zone);
    const shift = off > DAY_MINUTES / 2 ? off - DAY_MINUTES : off < -DAY_MINUTES / 2 ? off + DAY_MINUTES : off;
    return wait + shift * MINUTE_MS;
}
