/**
 * The opencode lane: a plugin inside opencode tells of the session that a person writes in, and begins a turn in it with what has come.
 *
 * Owns: its words. Never: speaks to opencode (src/hosts/opencode).
 */
import { makeHostLane } from "./host-lane.js";
export const opencode = makeHostLane({
    name: "opencode",
    title: "opencode",
    means: {
        agents: "opencode 1.18 or newer with the plugin, once a person has written in a session",
        wakes: "yes, by a turn of its own once no turn runs",
        text: "with the push, as a message marked untrusted",
        receipt: "the end of a turn that had it, by opencode's own word",
        prompts: "yes, by the plugin; the first answer counts",
        questions: "no",
        stop: "yes, its turn is aborted",
    },
    found: "told by the plugin inside opencode",
    showsLines: true,
});
