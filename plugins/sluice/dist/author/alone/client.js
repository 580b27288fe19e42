import { readProcess } from "../../local/process.js";
import { isClaudeCode } from "../../sdk/channel-flag.js";
import { mayUseChannel } from "../../sdk/channel-hosts.js";
import { parseForcedLane } from "../../sdk/forced-lane.js";
/** A launcher (npx, a shell) may stand between. */
const MAX_ANCESTORS = 6;
const FLAG = /^--(?:channels|dangerously-load-development-channels)(?:=|$)/;
/**
 * False where `SLUICE_LANE` says so, and under a Claude Code whose command line asks for no channel: it would drop them without a sign.
 * There events wait for the inbox tool.
 */
export function findMayPush(env, parent) {
    const { lane } = parseForcedLane(env["SLUICE_LANE"]);
    if (lane !== undefined)
        return mayUseChannel({ name: "", argv: [], forcedLane: lane });
    let pid = parent;
    for (let steps = 0; steps < MAX_ANCESTORS && pid > 1; steps++) {
        const found = readProcess(pid);
        if (found === undefined)
            return true;
        if (isClaudeCode(found.argv))
            return found.argv.some((argument) => FLAG.test(argument));
        pid = found.ppid;
    }
    return true;
}
