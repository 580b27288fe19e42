import { BUSY_LIFE_MS, describeSilence, isBusy, SILENT_TURN_MS } from "../session/attachment.js";
import { isBetween, LINE_GAP_MS, paceWake, RING_AGAIN_MS, } from "../deliver/pace.js";
const RINGS_MAX = 3;
/** The client starts the monitor within a moment of the shim. */
const BELL_EXPECTED_MS = 15_000;
/** The first version whose plugins have monitors. */
const MONITOR_SINCE = [2, 1, 310];
export const monitor = {
    name: "monitor",
    means: {
        agents: "Claude Code 2.1.310 or newer with the plugin",
        wakes: "yes, by a line of the plugin's monitor",
        text: "in the answer to the hook that the line causes",
        receipt: "the end of a turn that had it",
        prompts: "yes, by a hook",
        questions: "yes, by a hook",
        stop: "at its next hook",
    },
    suits: hasBellOfOurs,
    refuses: (client) => hasBellOfOurs(client)
        ? undefined
        : "the bell takes the plugin in an interactive Claude Code 2.1.310 or newer",
    relaysPrompts: false,
    sends: { kind: "bell" },
    canWake: ({ hasBell, health }) => hasBell && health !== "unproven",
    pace: paceBell,
    judge(delivery, signal) {
        const isOwn = "promptId" in signal && delivery.receipt === signal.promptId;
        switch (signal.kind) {
            case "stop":
                return {
                    to: "seen",
                    reason: isOwn ? "its turn ended" : "a later turn of its conversation ended",
                };
            case "stop-failure":
                return isOwn ? { to: "back", reason: "its turn failed" } : undefined;
            case "too-late":
                return isOwn ? { to: "back", reason: "the hook answer came too late" } : undefined;
            default:
                return undefined;
        }
    },
    isRevivedByHooks: true,
    beginsTurnsUnseen: false,
    explain: ({ hasBell, attachedAt }, now) => !hasBell && now - attachedAt > BELL_EXPECTED_MS
        ? "the plugin's monitor is not running: an untrusted folder, a client without monitors, or a monitor that was stopped"
        : undefined,
    describe: ({ hasBell }) => [hasBell ? "bell runs" : "no bell"],
    isStuck: ({ hasBell }) => !hasBell,
};
/** What goes out as the answer to a bell. */
export function toBellOffer(promptId, bell) {
    return { lane: monitor.name, receipt: promptId, bell };
}
export function hasMonitors(version) {
    const parts = version.split(".").map(Number);
    for (const [index, least] of MONITOR_SINCE.entries()) {
        const part = parts[index] ?? 0;
        if (part !== least)
            return part > least;
    }
    return true;
}
function hasBellOfOurs({ name, version, plugin, interactive }) {
    return name === "claude-code" && plugin && interactive && hasMonitors(version);
}
/** PACE-2, PACE-3 and PACE-4. */
function paceBell(input) {
    const { attachment, due, now } = input;
    if (!attachment.hasBell)
        return { kind: "hold", reason: "the bell is not connected" };
    const { ring } = attachment;
    const busy = isBusy(attachment, now);
    if (ring !== undefined) {
        // A bell in a turn is handed over at a tool's end or at the turn's end: it is on its way.
        if (busy && attachment.turn.kind === "busy") {
            const until = attachment.turn.lastHookAt + BUSY_LIFE_MS;
            return {
                kind: "hold",
                reason: describeSilence(attachment, now) ??
                    "the session is busy; delivered after a tool call or when this turn ends",
                until,
            };
        }
        const idleSince = attachment.turn.kind === "idle" ? attachment.turn.since : ring.at;
        const rang = Math.max(ring.at, idleSince);
        const again = rang + RING_AGAIN_MS;
        if (isBetween(rang, now, again))
            return {
                kind: "hold",
                reason: "the bell rang; the session has not answered it yet",
                until: again,
            };
        if (ring.times >= RINGS_MAX)
            return {
                kind: "give-up",
                reason: `${ring.times} bells and no hook call: a dialog may stand open at its terminal, hooks may be disabled, or the plugin may not be loaded in this session`,
            };
        return paceLine(input);
    }
    if (attachment.health === "unproven")
        return { kind: "hold", reason: "unproven: waiting for a sign of the session" };
    if (busy && due.urgentSince === undefined && attachment.turn.kind === "busy") {
        const { lastHookAt } = attachment.turn;
        const silent = lastHookAt + SILENT_TURN_MS;
        if (isBetween(lastHookAt, now, silent))
            return { kind: "hold", reason: "a turn is running", until: silent };
    }
    return paceLine(input);
}
/** PACE-3. */
function paceLine(input) {
    const { lastRingAt } = input.attachment;
    return paceWake(input, () => {
        const until = lastRingAt + LINE_GAP_MS;
        return isBetween(lastRingAt, input.now, until)
            ? { kind: "hold", reason: "bells are 2.5 s apart", until }
            : undefined;
    });
}
