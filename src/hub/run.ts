/**
 * The process of a hub: log, signals, exit.
 *
 * Owns: the process. Never: what the hub does.
 */
import { isSluiceError } from "../sdk/errors.ts";
import { hasTerminal } from "../local/hangup.ts";
import { type Env, locateHome } from "../local/home.ts";
import { closeHome } from "./process/close-home.ts";
import { openHome } from "./process/home.ts";
import { openHub } from "./hub.ts";
import { openLog } from "./process/log.ts";
import { keepMemorySmall } from "./process/spare-memory.ts";
import { machineClock } from "./process/machine-clock.ts";
import { Shutdown } from "./process/shutdown.ts";

export type RunOptions = {
  env: Env;
  /** Nobody watches: log to the file only, and leave quietly when another hub has the home. */
  detached: boolean;
};

const PATHS_LOGGED = 20;

/**
 * Runs a hub until it is stopped; then the process exits.
 * @throws SluiceError when it cannot start.
 */
export async function runHub({ env, detached }: RunOptions): Promise<void> {
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
  } catch (thrown) {
    opened.close();
    if (detached && isSluiceError(thrown, "hub_running")) process.exit(0);
    throw thrown;
  }
}
