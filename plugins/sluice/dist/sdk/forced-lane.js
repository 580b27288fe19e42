/**
 * Reads `SLUICE_LANE`: `auto`, or the lane that is forced.
 *
 * Owns: reading it. Never: whether a client may be forced onto that lane (flow/lanes/choose-lane.ts).
 */
import { LANES } from "./event.js";
/** `fault`: one line for people, where it is neither. Then it counts as `auto`. */
export function parseForcedLane(text) {
    if (text === undefined || text === "" || text === "auto")
        return {};
    const lane = LANES.find((one) => one === text);
    if (lane !== undefined)
        return { lane };
    const known = ["auto", ...LANES].join(", ");
    return {
        fault: `SLUICE_LANE is ${JSON.stringify(text.slice(0, 64))}, which is none of ${known}; it counts as auto`,
    };
}
