/**
 * The codex lane: the hub speaks to Codex's app-server, finds the threads that people have open, and begins a turn in one with what has
 * come.
 *
 * Owns: its words. Never: speaks to Codex (src/hosts/codex).
 */
import { makeHostLane } from "./host-lane.js";
export const codex = makeHostLane({
    name: "codex",
    title: "Codex",
    means: {
        agents: "Codex 0.171 or newer, in its shared app-server",
        wakes: "yes, by a turn of its own once no turn runs",
        text: "with the push, as untrusted context",
        receipt: "the end of a turn that had it, by Codex's own word",
        prompts: "yes, by the app-server; the first answer counts",
        questions: "yes, by the app-server",
        stop: "yes, its turn is interrupted",
    },
    found: "found over the app-server of Codex",
});
