/**
 * The lane of `sluice agent`: a session of ours, in which each message begins a turn.
 *
 * Owns: its words, and that no turn begins beyond the day's ceiling. Never: runs an agent (src/agent).
 */
import { makeHostLane } from "./host-lane.js";
const lane = makeHostLane({
    name: "agent",
    title: "the agent",
    means: {
        agents: "`sluice agent`: a session without a person, by the Claude Agent SDK or an ACP agent",
        wakes: "yes, by a turn of its own once no turn runs, below the day's ceiling",
        text: "with the push, as a message marked untrusted",
        receipt: "the end of a turn that had it, by the agent's own word",
        prompts: "yes: all but harmless reading is asked about",
        questions: "yes, of the Claude Agent SDK",
        stop: "yes, its turn is interrupted",
    },
    found: "run by sluice agent",
});
export const agent = {
    ...lane,
    pace(input) {
        const held = input.attachment.client.agent?.hold(input.now);
        if (held !== undefined)
            return { kind: "hold", ...held };
        // PACE-1 is for who sits at a session. Here nobody is disturbed, and the day's ceiling counts.
        return lane.pace({ ...input, wakes: [] });
    },
};
