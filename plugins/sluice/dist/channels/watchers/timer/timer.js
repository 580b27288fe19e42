import { toNameField } from "../../../sdk/field.js";
import { at } from "../../../sdk/json.js";
import { openWatcher } from "../../../sdk/inward/watcher.js";
import { requireSetting, toBase } from "../settings.js";
import { toTimes } from "./times.js";
const MISSED_MS = 60_000;
const ALL_MAX = 20;
/** So many are counted one by one; of more it is only known that there were so many. */
const COUNT_MAX = 1_000;
const TEXT_MAX_CHARS = 300;
export function openTimer(context) {
    return openWatcher(context, toTimer(context));
}
export function toTimer(context) {
    const times = toTimes(context.settings);
    requireSetting(context, "text");
    const { clock } = context;
    return {
        // Each time is exact: nothing comes by itself in between.
        everyMs: 1_000,
        parse(state) {
            const [base, next] = [at(state, "base"), at(state, "next")];
            if (typeof base !== "number")
                return undefined;
            return { base, next: typeof next === "number" ? next : undefined };
        },
        async look(state) {
            const now = clock.now();
            // A moment that passed between the command and the first look is not lost.
            const known = state ?? { base: now, next: times.next(times.isOnce ? 0 : now, now) };
            const due = known.next;
            if (due === undefined)
                return { state: known, arrivals: [], isOver: true };
            if (now < due)
                return { state: known, arrivals: [], nextAt: due };
            const passed = listPassed(times, known.base, due, now);
            const after = { base: known.base, next: times.next(now, known.base) };
            const arrivals = toRung(context, passed, now);
            return after.next === undefined
                ? { state: after, arrivals, isOver: true }
                : { state: after, arrivals, nextAt: after.next };
        },
    };
}
function listPassed(times, base, due, now) {
    const last = [];
    let count = 0;
    let time = due;
    while (time !== undefined && time <= now) {
        count++;
        last.push(time);
        if (last.length > ALL_MAX)
            last.shift();
        // After a long sleep of a quick timer only the latest matter.
        const gap = time - (last.at(-2) ?? time);
        const from = count < COUNT_MAX ? time : Math.max(time, now - gap * ALL_MAX);
        time = times.next(from, base);
    }
    return { count, last };
}
/** TIMER-1 */
function toRung(context, { count, last }, now) {
    const policy = context.settings["missed"] ?? "once";
    const fresh = last.filter((time) => now - time <= MISSED_MS);
    const told = policy === "all" ? last : policy === "skip" ? fresh.slice(-1) : last.slice(-1);
    const missed = count - fresh.length;
    return told.map((time) => toArrival(context, time, now, policy === "once" && told.length === 1 ? missed : 0));
}
function toArrival(context, time, now, missed) {
    const { name, settings } = context;
    const [first = "", ...rest] = (settings["text"] ?? "").trim().split("\n");
    const body = [...(first.length > TEXT_MAX_CHARS ? [first] : []), ...rest].join("\n").trim();
    const isLate = now - time > MISSED_MS;
    const facts = [
        `timer ${toNameField(name)}${settings["by"] === "session" ? ", which this session set" : ""}`,
        `due ${new Date(time).toISOString().replace(/:\d\d\.\d{3}Z$/, "Z")}`,
        ...(isLate ? ["late, since Sluice did not run then"] : []),
        ...(missed > 1 ? [`${missed}${missed >= COUNT_MAX ? " or more" : ""} times were missed`] : []),
    ];
    return {
        ...toBase(context, "local"),
        kind: "timer.due",
        text: `${toNameField(first, TEXT_MAX_CHARS)}\n(${facts.join("; ")})`,
        quotes: body === "" ? [] : [{ label: "text", text: body }],
        meta: {
            due: new Date(time).toISOString(),
            ...(isLate ? { late: "true" } : {}),
            ...(missed > 1 ? { missed: String(missed) } : {}),
        },
        entity: name,
        occurredAt: time,
    };
}
