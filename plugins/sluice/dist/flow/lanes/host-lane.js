/**
 * The lane of a host that tells of its turns: it says when one begins and ends, and which events stand in it.
 *
 * Owns: what is the same on these lanes. Never: speaks to an agent (src/hosts).
 *
 * HOSTLANE-1 Nothing is sent into a turn that runs: what waits is sent once it has ended.
 * HOSTLANE-2 An event is seen once a turn has ended well that had it in its conversation. A turn that failed proves nothing.
 * HOSTLANE-3 A connection that breaks gives nothing back: what has become of an event is read in the session's own history.
 */
import { paceWake } from "../deliver/pace.js";
export function makeHostLane({ name, title, means, found, ...more }) {
    return {
        name,
        means,
        suits: () => false,
        refuses: () => `it is for sessions of ${title} that the hub finds by itself`,
        relaysPrompts: true,
        sends: {
            kind: "events",
            room: (_, inFlight) => 1 - inFlight.length,
            toReceipt: () => null,
            // The host tells of every turn that begins.
            startsTurn: () => false,
            ...more,
        },
        canWake: ({ health }) => health !== "unproven",
        pace(input) {
            if (input.inFlight.length > 0)
                return { kind: "hold", reason: `${title} has an event that its turn has not answered yet` };
            return input.attachment.turn.kind === "busy"
                ? { kind: "hold", reason: "a turn is running; delivered when it ends" }
                : paceWake(input);
        },
        judge({ receipt, carriedBy }, signal) {
            switch (signal.kind) {
                case "carried":
                    return signal.events.includes(carriedBy)
                        ? { to: "carried", receipt: signal.promptId }
                        : undefined;
                case "stop": {
                    if (receipt === null)
                        return undefined;
                    const isOwn = receipt === signal.promptId;
                    const reason = isOwn ? "its turn ended" : "a later turn of its conversation ended";
                    return { to: "seen", reason };
                }
                case "stop-failure":
                    return receipt === signal.promptId
                        ? { to: "back", reason: "its turn failed" }
                        : undefined;
                default:
                    return undefined;
            }
        },
        isRevivedByHooks: false,
        beginsTurnsUnseen: false,
        explain: () => undefined,
        describe: () => [found],
        isStuck: () => false,
    };
}
