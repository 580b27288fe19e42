import { toWallTime } from "../../sdk/wall-clock.js";
export const WAKES_PER_HOUR = 12;
export const URGENT_WAKES_PER_HOUR = 30;
export const HOUR_MS = 3_600_000;
export const LINE_GAP_MS = 2_500;
export const RING_AGAIN_MS = 30_000;
/** Before this after attaching, a client may not listen yet. */
export const SETTLE_MS = 300;
/** A policy changes without a signal: asked again while something waits for it. */
export const POLICY_AGAIN_MS = 60_000;
/** A burst: how long the oldest event waits for others (PACE-5). */
export const BURST_MS = 1_500;
/** How long what is low waits for company (PACE-6). */
const LOW_MS = 60 * 60_000;
/** The most urgent event possible: if pace holds this one back, it holds all. */
export const MOST_PRESSING = {
    urgentSince: 0,
    owedSince: 0,
    normalSince: undefined,
    lowSince: undefined,
};
/** Neither urgent nor low, and come long ago. */
export const ORDINARY = {
    urgentSince: undefined,
    owedSince: undefined,
    normalSince: 0,
    lowSince: undefined,
};
/** How pressing one event is by itself. */
export function toDue({ priority, ack, storedAt, }) {
    const since = (isSo) => (isSo ? storedAt : undefined);
    return {
        urgentSince: since(priority === "urgent"),
        owedSince: since(ack === "reply" && priority !== "low"),
        normalSince: since(priority === "normal"),
        lowSince: since(priority === "low"),
    };
}
/** What holds on every lane first, then the lane's own rule. */
export function pace(input) {
    const { attachment, due, policy, quietEndsAt, now } = input;
    if (!isAnyDue(due))
        return { kind: "hold", reason: "nothing waits" };
    if (policy !== undefined)
        return { kind: "hold", reason: policy, until: now + POLICY_AGAIN_MS };
    if (!attachment.hasLease)
        return { kind: "hold", reason: "the session is not connected" };
    const settled = attachment.attachedAt + SETTLE_MS;
    if (isBetween(attachment.attachedAt, now, settled))
        return { kind: "hold", reason: "the session is starting", until: settled };
    // PACE-8: no failure makes it quiet for longer than an hour.
    if (isBetween(attachment.quietUntil - HOUR_MS, now, attachment.quietUntil))
        return {
            kind: "hold",
            reason: "a turn failed or a conversation ended just now",
            until: attachment.quietUntil,
        };
    if (quietEndsAt !== undefined && due.urgentSince === undefined) {
        const reason = `quiet hours until ${toWallTime(quietEndsAt, input.quietZone)}${input.quietZone === undefined ? "" : ` ${input.quietZone}`}: only urgent events wake`;
        return { kind: "hold", reason, until: quietEndsAt };
    }
    return attachment.lane.pace(input);
}
/** PACE-1, PACE-5 and PACE-6, for a lane that wakes; `hold` is what else the lane waits for once there is something worth a wake. */
export function paceWake(input, hold = () => undefined) {
    const { due, wakes, now } = input;
    const held = gather(input) ?? hold();
    if (held !== undefined)
        return held;
    if (toWakesLeft(input) > 0)
        return { kind: "go" };
    const budget = toBudget(due);
    const recent = toRecent(wakes, now);
    const oldest = recent[recent.length - budget] ?? now;
    return {
        kind: "hold",
        reason: `the wake budget is spent (${budget} an hour)`,
        until: oldest + HOUR_MS,
    };
}
/** How many turns may still be started (PACE-1). */
export function toWakesLeft({ due, wakes, now }) {
    return toBudget(due) - toRecent(wakes, now).length;
}
function toBudget({ urgentSince }) {
    return urgentSince !== undefined ? URGENT_WAKES_PER_HOUR : WAKES_PER_HOUR;
}
function toRecent(wakes, now) {
    return wakes.filter((at) => at > now - HOUR_MS && at <= now);
}
/** PACE-5 and PACE-6: undefined once there is something worth a wake. */
export function gather({ due, wakes, burstMs, now }) {
    const { urgentSince, owedSince, normalSince, lowSince } = due;
    if (urgentSince !== undefined || owedSince !== undefined)
        return undefined;
    if (normalSince !== undefined) {
        const until = normalSince + burstMs;
        return isBetween(normalSince, now, until)
            ? { kind: "hold", reason: "waiting a moment for more events of the same burst", until }
            : undefined;
    }
    // Every wake takes along what is low.
    const since = Math.max(lowSince ?? 0, wakes.at(-1) ?? 0);
    const until = since + LOW_MS;
    return isBetween(since, now, until)
        ? { kind: "hold", reason: "low priority: goes with the next wake, or within the hour", until }
        : undefined;
}
/** PACE-8: what lasts from `since` until `until` lasts now. */
export function isBetween(since, now, until) {
    return since <= now && now < until;
}
export function isAnyDue({ urgentSince, owedSince, normalSince, lowSince }) {
    return [urgentSince, owedSince, normalSince, lowSince].some((since) => since !== undefined);
}
