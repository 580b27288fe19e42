/**
 * The channel lane: `notifications/claude/channel`, where the client was started with our channel, is forced onto it, or is a host that
 * is known to listen (sdk/channel-hosts.ts).
 *
 * Owns: everything that differs on this lane. Never: pushes anything.
 *
 * CHANNEL-1 An event is seen at a Stop after a prompt that carried it, where the host shows its prompts to hooks. Elsewhere turns are
 *    counted: the next turn end proves an event offered to an idle session, else the one after. On an unproven lane it counts only if
 *    nobody typed in between, or the user's own turn would prove a closed channel.
 * CHANNEL-2 A closed channel gives no sign, so the first event goes alone, and after 60 s without a sign the session leaves the lane
 *    for good.
 * CHANNEL-3 A session without hooks reports no turn end. There an event waits no longer than a turn takes in which the model answers
 *    nobody.
 */
import { isChannelNamed, isSpare } from "../../sdk/channel-flag.js";
import { alwaysListens, mayUseChannel } from "../../sdk/channel-hosts.js";
import { BUSY_LIFE_MS, isBusy, isSurelyBusy } from "../session/attachment.js";
import { gather, isBetween, paceWake } from "../deliver/pace.js";
/** CHANNEL-2: first sign of the first event, or the lane is closed. */
const PROOF_MS = 60_000;
/** Offered and unseen at once where the client is known to listen. */
const WINDOW_EVENTS = 8;
/**
 * CHANNEL-3. A model that has nothing to say to an event ends its turn within a few seconds. What comes a little too early costs nothing: the
 * client keeps the order, and hands it over with the next turn.
 */
export const UNHEARD_TURN_MS = 8_000;
export const channel = {
    name: "channel",
    means: {
        agents: "Claude Code started with the channel's flag; the reference session",
        wakes: "yes, by each event",
        text: "with the push",
        receipt: "the end of a turn that had it, or must have",
        prompts: "yes, by the client's relay or a hook",
        questions: "with the plugin, by a hook",
        stop: "with the plugin, at its next hook",
    },
    suits: ({ name, argv }) => mayUseChannel({ name, argv }),
    refuses: () => undefined,
    relaysPrompts: true,
    sends: {
        kind: "events",
        room: (attachment, inFlight, now) => isListening(attachment) ? WINDOW_EVENTS - toAwaited(attachment, inFlight, now).length : 1,
        toReceipt: (attachment, now) => toStopReceipt(attachment.stops, isBusy(attachment, now)),
        startsTurn: isListening,
        joinsTurn,
    },
    canWake: ({ health }) => health !== "unproven",
    pace: paceChannel,
    judge: judgePushed,
    check: checkListening,
    isRevivedByHooks: false,
    beginsTurnsUnseen: true,
    explain: () => undefined,
    describe: ({ client }) => [
        alwaysListens(client.name)
            ? "its host always listens"
            : `its command line ${isChannelNamed(client.argv) ? "asks" : "does not ask"} for the channel`,
    ],
    isStuck: () => false,
};
function isListening({ health, client }) {
    return health === "proven" || alwaysListens(client.name);
}
/** Those of which a sign can still be waited for (CHANNEL-3). */
function toAwaited({ client, lastHookAt }, inFlight, now) {
    if (client.plugin || lastHookAt !== undefined)
        return inFlight;
    return inFlight.filter(({ offeredAt }) => isBetween(offeredAt, now, offeredAt + UNHEARD_TURN_MS));
}
function paceChannel(input) {
    const { attachment, inFlight, now } = input;
    const awaited = toAwaited(attachment, inFlight, now);
    const [oldest] = awaited;
    // Where hooks tell of turn ends, the next signal is the time to look again.
    const isUnheard = oldest !== undefined && awaited !== inFlight;
    const until = isUnheard ? { until: oldest.offeredAt + UNHEARD_TURN_MS } : {};
    if (!isListening(attachment) && awaited.length > 0)
        return { kind: "hold", reason: "waiting for a sign of the first event", ...until };
    if (awaited.length >= WINDOW_EVENTS) {
        const reason = `${awaited.length} events are offered and not yet seen`;
        return { kind: "hold", reason, ...until };
    }
    // What is sent into a turn starts the next one, unless something has done so before.
    return isSurelyBusy(attachment, now) && joinsTurn(attachment, inFlight)
        ? (gather(input) ?? { kind: "go" })
        : paceWake(input);
}
/** Something waits behind the turn that runs: by the hooks that saw the turn's prompt, or by the count of turn ends that it needs. */
function joinsTurn({ turn, showsPrompts, stops }, inFlight) {
    const isCarried = showsPrompts && turn.kind === "busy" && turn.promptId !== undefined;
    return inFlight.some(({ receipt }) => {
        const ends = toEnds(receipt);
        return ends !== undefined && (isCarried || ends > stops + 1);
    });
}
function judgePushed(delivery, signal) {
    const { receipt, carriedBy } = delivery;
    switch (signal.kind) {
        case "stop":
            return judgeStop(delivery, signal);
        case "stop-failure":
            return receipt === signal.promptId ? { to: "back", reason: "its turn failed" } : undefined;
        case "carried":
            return signal.events.includes(carriedBy)
                ? { to: "carried", receipt: signal.promptId }
                : undefined;
        case "cut":
            return { to: "back", reason: signal.reason };
        default:
            return undefined;
    }
}
function judgeStop({ receipt, offeredAt }, signal) {
    const wasCarried = receipt !== null && !receipt.startsWith("stop:");
    if (wasCarried)
        return { to: "seen", reason: "the turn that carried it ended" };
    if (signal.showsPrompts) {
        return offeredAt < signal.turnSince
            ? { to: "back", reason: "the turn that should have carried it did not" }
            : undefined;
    }
    const isOurs = signal.proven || offeredAt > signal.lastPromptAt;
    return isOurs && isReached(receipt, signal.stops)
        ? { to: "seen", reason: "the turn that must contain it ended" }
        : undefined;
}
/** The count of turn ends that must be reached. */
export function toStopReceipt(stops, busy) {
    return `stop:${stops + (busy ? 2 : 1)}`;
}
function isReached(receipt, stops) {
    const ends = toEnds(receipt);
    return ends !== undefined && stops >= ends;
}
function toEnds(receipt) {
    const [, count] = /^stop:(\d+)$/.exec(receipt ?? "") ?? [];
    return count === undefined ? undefined : Number(count);
}
/** CHANNEL-2 */
function checkListening(attachment, [oldest], now) {
    const { client, turn } = attachment;
    if (isListening(attachment) || oldest === undefined)
        return { kind: "open", until: Number.POSITIVE_INFINITY };
    const due = oldest.offeredAt + PROOF_MS;
    // A turn that runs may still show it.
    if (turn.kind === "busy" && isBusy(attachment, now))
        return { kind: "open", until: Math.max(due, turn.lastHookAt + BUSY_LIFE_MS) };
    if (now < due)
        return { kind: "open", until: due };
    const why = isChannelNamed(client.argv)
        ? "its command line asks for the channel, so its login, provider or policy closes it"
        : isSpare(client.argv)
            ? "it runs in the background, where the flag of its first command line does not come along"
            : "its command line does not ask for the channel";
    const reason = `no sign of the first event within 60 s: the client does not listen (${why})`;
    return { kind: "closed", reason };
}
