/**
 * The process of a hub: log, signals, exit.
 *
 * Owns: the process. Never: what the hub does.
 */
import { isSluiceError } from "../sdk/errors.js";
import { hasTerminal } from "../local/hangup.js";
import { locateHome } from "../local/home.js";
import { closeHome } from "./process/close-home.js";
import { openHome } from "./process/home.js";
import { openHub } from "./hub.js";
import { openLog } from "./process/log.js";
import { keepMemorySmall } from "./process/spare-memory.js";
import { machineClock } from "./process/machine-clock.js";
import { Shutdown } from "./process/shutdown.js";
const PATHS_LOGGED = 20;
/**
 * Runs a hub until it is stopped; then the process exits.
 * @throws SluiceError when it cannot start.
 */
export async function runHub({ env, detached }) {
    const closed = closeHome(locateHome(env));
    const home = openHome(env);
    const opened = openLog({ home, env, foreground: !detached });
    if (closed.length > 0) {
        const facts = { count: closed.length, paths: closed.slice(0, PATHS_LOGGED) };
        opened.log.warn(facts, "was open to other users, who could not get at it; closed");
    }
    const shutdown = new Shutdown({ log: opened.log, endsAtHangup: hasTerminal() });
    shutdown.add("log", () => opened.close());
    try {
        const hub = await openHub({
            env,
            log: opened.log,
            stop: (reason) => void shutdown.stop(reason),
        });
        shutdown.add("hub", () => hub.close());
        keepMemorySmall(machineClock);
    }
    catch (thrown) {
        opened.close();
        if (detached && isSluiceError(thrown, "hub_running"))
            process.exit(0);
        throw thrown;
    }
}
