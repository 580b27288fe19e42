/**
 * The part of the status about the inbox: figures, and facts that its owner should know.
 *
 * Owns: turning them into views and words. Never: changes anything.
 */
import { ENOUGH_FILES, isLowLimit, readFileLimit, toConnectionCaps, } from "../../local/file-limit.js";
import { toSince } from "../../flow/expiry/notices.js";
import { countTerminalEvents } from "../../store/events/terminal-events.js";
import { readOldestUnseen } from "../../store/events/figures.js";
import { readCounters } from "../../store/events/counters.js";
import { findEvent } from "../../store/events/inbox.js";
import { listPrompts } from "../../store/prompts/prompts.js";
const DAY_MS = 24 * 3_600_000;
export function describeWaiting({ db, clock, delivery, }) {
    const oldest = readOldestUnseen(db);
    const refused = readCounters(db).filter(({ reason }) => !isNoRefusal(reason));
    if (oldest === undefined)
        return { refused };
    const { id, channel, state, since } = oldest;
    const event = findEvent(db, id);
    const why = state === "offered"
        ? "its turn has not ended, or the client did not take it"
        : event && delivery.explain(event);
    return {
        oldestUnseen: { id, channel, state, ageMs: Math.max(0, clock.now() - since), why },
        refused,
    };
}
/** Counted beside the refusals: a platform's question that was answered, and a message whose code let its sender in. */
export function isNoRefusal(reason) {
    return isHandshake(reason) || reason === "linked";
}
export function isHandshake(reason) {
    return reason.startsWith("handshake_");
}
export function describeClock({ clock, settings, elapsed, }) {
    const now = clock.now();
    const wentForward = elapsed.findRecentGap(now);
    return {
        now,
        zone: settings.zone.view,
        ...(wentForward === undefined
            ? {}
            : { wentForward: { from: wentForward.from, to: wentForward.to } }),
    };
}
export function describeFiles() {
    const limit = readFileLimit();
    return {
        limit,
        connections: toConnectionCaps(limit).ingress,
        isLow: isLowLimit(limit),
    };
}
export function toFileSteps({ limit, connections, isLow }) {
    if (!isLow)
        return [];
    return [
        `the hub may have ${limit} files open, so ingress takes ${connections} connections at once: run "sluice down" and "sluice up" in a shell where "ulimit -n" is ${ENOUGH_FILES} or more`,
    ];
}
/** For a day. A clock that is wrong is set right by its owner, or by the network. */
export function toClockSteps(gap) {
    if (gap === undefined)
        return [];
    return [
        `the clock went from ${toSince(gap.from)} to ${toSince(gap.to)} and nobody saw that time pass: nothing expires or is forgotten because of it; if it is not ${toSince(gap.to).slice(0, 10)} or the day after, set the clock`,
    ];
}
/** Bad ends of the last day. */
export function toEndSteps(db, now) {
    const ends = [
        ["dead", "got no receipt in five attempts"],
        ["expired", "expired unread"],
    ];
    return ends.flatMap(([state, what]) => {
        const { count, storedAt } = countTerminalEvents(db, state, now - DAY_MS);
        if (count === 0)
            return [];
        const events = count === 1 ? "1 event" : `${count} events`;
        return [
            `${events} ${what} in the last 24 h: "sluice inbox --state ${state}" lists them, "sluice replay --since ${toSince(storedAt)} --state ${state}" delivers them again`,
        ];
    });
}
export function describeAccessState({ policy, admin, }) {
    const { state } = policy;
    return {
        state: state.kind,
        ...(state.kind === "damaged" ? { reason: state.reason } : {}),
        waiting: admin.listWaiting().length,
    };
}
/** Alarms first. */
export function toAccessSteps(view) {
    return [
        ...(view.state === "damaged"
            ? [
                `ALARM: the rules of access are damaged (${view.reason ?? "unknown"}); nobody is admitted to a chat. Look at "sluice access", then run "sluice access restore"`,
            ]
            : []),
        ...(view.waiting === 0
            ? []
            : [
                `${view.waiting === 1 ? "a change" : `${view.waiting} changes`} of access wait${view.waiting === 1 ? "s" : ""} for you: sluice access list`,
            ]),
    ];
}
export function toPromptSteps(db) {
    const waiting = listPrompts(db, { state: "pending" });
    if (waiting.length === 0)
        return [];
    const what = waiting.length === 1 ? "1 prompt waits" : `${waiting.length} prompts wait`;
    return [`${what} for your answer: "sluice prompts", or the page ("sluice open")`];
}
