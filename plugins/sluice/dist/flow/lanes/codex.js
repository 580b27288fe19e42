/**
 * The codex lane: the hub speaks to Codex's app-server, finds the threads that people have open, and begins a turn in one with what has
 * come.
 *
 * Owns: everything that differs on this lane. Never: speaks to Codex (src/hosts/codex).
 *
 * CODEX-1 Nothing is sent into a turn that runs: what waits is sent once it has ended.
 * CODEX-2 An event is seen once a turn has ended well that had it in its conversation. A turn that failed proves nothing.
 * CODEX-3 A connection that breaks gives nothing back: what has become of an event is read in the thread's own history.
 */
import { paceWake } from "../deliver/pace.js";
export const codex = {
    name: "codex",
    means: {
        agents: "Codex 0.171 or newer, in its shared app-server",
        wakes: "yes, by a turn of its own once no turn runs",
        text: "with the push, as untrusted context",
        receipt: "the end of a turn that had it, by Codex's own word",
        prompts: "yes, by the app-server; the first answer counts",
        questions: "yes, by the app-server",
        stop: "yes, its turn is interrupted",
    },
    suits: () => false,
    refuses: () => "it is for threads of Codex that the hub finds by itself",
    relaysPrompts: true,
    sends: {
        kind: "events",
        room: (_, inFlight) => 1 - inFlight.length,
        toReceipt: () => null,
        // Codex tells of every turn that begins.
        startsTurn: () => false,
    },
    canWake: ({ health }) => health !== "unproven",
    pace(input) {
        if (input.inFlight.length > 0)
            return { kind: "hold", reason: "Codex has an event that its turn has not answered yet" };
        // CODEX-1
        return input.attachment.turn.kind === "busy"
            ? { kind: "hold", reason: "a turn is running; delivered when it ends" }
            : paceWake(input);
    },
    judge(delivery, signal) {
        const { receipt, carriedBy } = delivery;
        switch (signal.kind) {
            case "carried":
                return signal.events.includes(carriedBy)
                    ? { to: "carried", receipt: signal.promptId }
                    : undefined;
            case "stop":
                if (receipt === null)
                    return undefined;
                return {
                    to: "seen",
                    reason: receipt === signal.promptId
                        ? "its turn ended"
                        : "a later turn of its conversation ended",
                };
            case "stop-failure":
                return receipt === signal.promptId ? { to: "back", reason: "its turn failed" } : undefined;
            default:
                return undefined;
        }
    },
    isRevivedByHooks: false,
    beginsTurnsUnseen: false,
    explain: () => undefined,
    describe: () => ["found over the app-server of Codex"],
    isStuck: () => false,
};
