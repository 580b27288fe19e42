/**
 * The tool by which a session has itself woken later: timer.
 *
 * Owns: the effect and the answer, and the caps. Never: wakes another session, or keeps a timer (hub/channels/session-timers.ts).
 *
 * TIMERTOOL-1 A session's timers are few, near and for itself: ten at once, a week ahead, a text of its own. It sees and ends no other's.
 */
import { isSluiceError } from "../../sdk/errors.js";
export const TIMER_TOOL_NAMES = ["timer"];
const MAX_TIMERS = 10;
const MAX_AHEAD_MS = 7 * 24 * 3_600_000;
const LEAST_AHEAD_MS = 5_000;
const TEXT_MAX_CHARS = 1_000;
const UNITS = {
    s: 1_000,
    m: 60_000,
    h: 3_600_000,
    d: 86_400_000,
};
export async function answerTimerTool({ session }, call, { timers, clock }) {
    if (timers === undefined)
        return refuse("there are no timers here.");
    const { cancel } = call.arguments;
    const own = timers.list(session);
    if (typeof cancel === "string" && cancel !== "") {
        const found = own.find(({ name }) => name === cancel);
        if (found === undefined)
            return refuse(`this session has no timer "${cancel.slice(0, 64)}".`);
        await timers.remove(found.name);
        return { text: `Ended: ${toWords(found)}`, isError: false };
    }
    if (Object.keys(call.arguments).length === 0) {
        const lines = own.map((one) => `- ${toWords(one)}`);
        const text = ["Timers of this session:", ...(lines.length > 0 ? lines : ["none"])].join("\n");
        return { text, isError: false };
    }
    const asked = readTimer(call.arguments, clock.now());
    if (typeof asked === "string")
        return refuse(asked);
    if (own.length >= MAX_TIMERS)
        return refuse(`${MAX_TIMERS} timers of this session wait already; cancel one.`);
    try {
        const added = await timers.add(session, asked);
        return { text: `Set: ${toWords(added)}`, isError: false };
    }
    catch (thrown) {
        if (!isSluiceError(thrown))
            throw thrown;
        return refuse(thrown.message);
    }
}
function refuse(why) {
    return { text: `timer: ${why}`, isError: true };
}
function toWords({ name, at, text }) {
    return `${name}, ${new Date(at).toISOString()}: ${text.split("\n")[0]?.slice(0, 100)}`;
}
/** What is asked for, or why it cannot be. */
function readTimer(input, now) {
    const { text, in: length, at: moment } = input;
    if (typeof text !== "string" || text.trim() === "" || text.length > TEXT_MAX_CHARS)
        return `text says what to do then, in at most ${TEXT_MAX_CHARS} characters.`;
    const at = toMoment(length, moment, now);
    if (at === undefined)
        return 'give in, such as "20m", or at, such as "2026-01-31T09:00:00Z".';
    if (at < now + LEAST_AHEAD_MS)
        return "that is now, or has passed.";
    if (at > now + MAX_AHEAD_MS)
        return "at most seven days ahead; ask your user for a longer one.";
    return { at, text: text.trim().replaceAll("\0", "") };
}
function toMoment(length, moment, now) {
    if (typeof length === "string" && length !== "") {
        const [, count, unit = ""] = /^(\d{1,6})\s?([smhd])$/.exec(length) ?? [];
        return count === undefined ? undefined : now + Number(count) * (UNITS[unit] ?? 0);
    }
    if (typeof moment !== "string" || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(moment))
        return undefined;
    const at = Date.parse(moment);
    return Number.isFinite(at) ? at : undefined;
}
