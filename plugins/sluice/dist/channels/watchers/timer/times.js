/**
 * When a timer is due.
 *
 * Owns: the three kinds of times, a moment, a length and a cron expression. Never: waits. Pure.
 */
import { Cron } from "../../../vendor/croner.js";
import { SluiceError } from "../../../sdk/errors.js";
import { isZone } from "../../../sdk/wall-clock.js";
import { parseLength } from "../settings.js";
/** @throws SluiceError `bad_config` where it is no time, none or more than one of the three. */
export function toTimes({ at, every, cron, zone }) {
    const refuse = (why) => {
        throw new SluiceError("bad_config", `timer: ${why}`);
    };
    const given = [at, every, cron].filter((one) => one !== undefined);
    if (given.length !== 1)
        return refuse("give one of --in 20m, --at 2026-01-31T09:00, --every 2h, --cron '0 9 * * 1-5'");
    if (zone !== undefined && !isZone(zone))
        return refuse(`"${zone}" is no time zone`);
    if (at !== undefined) {
        const moment = Date.parse(at);
        if (!Number.isFinite(moment))
            return refuse(`"${at}" is no point of time`);
        return { isOnce: true, next: (after) => (after < moment ? moment : undefined) };
    }
    if (every !== undefined) {
        const ms = parseLength(every);
        if (ms === undefined)
            return refuse(`"${every}" is no length of time such as 30s, 5m, 2h, 1d`);
        return {
            isOnce: false,
            next: (after, base) => base + ms * Math.max(1, Math.floor((after - base) / ms) + 1),
        };
    }
    const schedule = parseCron(cron ?? "", zone, refuse);
    return { isOnce: false, next: (after) => schedule.nextRun(new Date(after))?.getTime() };
}
function parseCron(cron, zone, refuse) {
    try {
        return new Cron(cron, { paused: true, ...(zone === undefined ? {} : { timezone: zone }) });
    }
    catch {
        return refuse(`"${cron}" is no cron expression; write minute hour day month weekday, such as "0 9 * * 1-5"`);
    }
}
