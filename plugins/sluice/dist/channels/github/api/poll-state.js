/**
 * What is kept of the lists that a poll reads.
 *
 * Owns: that shape. Pure.
 */
import { at, countAt, listAt, textAt } from "../../../sdk/json.js";
export function parsePollState(state) {
    const from = countAt(state, "from");
    if (from === undefined)
        return undefined;
    const toIds = (path) => listAt(state, path).filter((one) => typeof one === "string");
    const runsEtag = textAt(state, "runsEtag");
    return {
        from,
        seen: toIds("seen"),
        etag: textAt(state, "etag"),
        ...(Array.isArray(at(state, "runs")) && { runs: toIds("runs") }),
        ...(runsEtag !== undefined && { runsEtag }),
    };
}
