/**
 * `sluice agent`, running: a session without a person, until it is told to end or nothing has come for long.
 *
 * Owns: its life. Never: parses a command line; prints.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { VERSION } from "../local/version.js";
import { SluiceError } from "../sdk/errors.js";
import { AgentBridge } from "./bridge.js";
import { AgentLink } from "./link.js";
import { isRunning, toRunning } from "./state.js";
const LOOK_MS = 1_000;
const GIVE_UP_MS = 10_000;
/** @throws SluiceError `conflict` where it runs already. */
export async function runAgent(options) {
    const { state, agent, most, log, stop } = options;
    const { owner } = state.state;
    if (isRunning(owner) && owner.pid !== process.pid)
        throw new SluiceError("conflict", `the agent of ${state.state.cwd} runs already, in process ${owner.pid}; end that one first`);
    state.change({ owner: toRunning(process.pid) });
    const readFacts = () => ({
        session: state.state.session,
        pid: process.pid,
        version: VERSION,
        cwd: state.state.cwd,
        agent,
        most,
        caller: options.readCaller(),
    });
    const { locate, ensure } = options;
    const onMessage = (message) => bridge.take(message);
    const link = new AgentLink({ locate, ensure, readFacts, onMessage, log });
    const session = options.open({
        ask: (call, signal) => {
            log(`  asks: ${call.tool}`);
            return link.ask(call, signal);
        },
        tool: (name, input) => link.tool(name, input),
        log,
    });
    const bridge = new AgentBridge({ session, log, report: (report) => link.report(report) });
    const running = link.run();
    try {
        await Promise.race([running, untilOver(options, bridge)]);
        if (bridge.isBusy) {
            log("the turn that runs is ended; its event waits again");
            await session.interrupt();
            await Promise.race([bridge.settled, sleep(GIVE_UP_MS)]);
        }
    }
    finally {
        await session.close();
        await link.close();
        // Its end by the closed link is no fault any more.
        await running.catch(() => { });
        log(stop.aborted ? "ended" : "ended by itself");
    }
}
async function untilOver({ idleMs, stop, log }, bridge) {
    while (!stop.aborted) {
        if (!bridge.isBusy && Date.now() - bridge.idleSince >= idleMs)
            return log(`nothing has come for ${Math.round(idleMs / 60_000)} min`);
        await sleep(LOOK_MS, undefined, { signal: stop }).catch(() => { });
    }
}
