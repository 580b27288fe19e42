/**
 * Makes sure that a hub answers: looks for one, starts a detached one where none runs, and waits for it.
 *
 * Owns: the start as the starting process sees it. Never: stops or replaces a hub, and never takes its lock.
 *
 * START-1 Any number of callers may start a hub at the same time: the lock in the home lets one run, and the other processes exit with
 *    0.
 * START-2 A socket file without a listener does not count as a hub. Only the holder of the lock removes it.
 * START-3 A start that fails reports the reason at once: the last line that the new process wrote.
 */
import type { ChildProcess } from "node:child_process";
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError, toMessage } from "../../sdk/errors.ts";
import { toHubEnvironment } from "../../local/environment.ts";
import { type Env, locateHome, locateSocket } from "../../local/home.ts";
import { exchange } from "./exchange.ts";
import { checkSafeFolder, ensureInnerFolder, ensureSafeFolder } from "../../local/safe-folder.ts";

export type HubEntry = {
  /** Absolute path of a good Node. */
  node: string;
  /** Absolute path of the command line's entry file. */
  cli: string;
  /** What makes it a hub. Default `up --foreground --detached`. */
  args?: readonly string[];
};

export type EnsureHubOptions = { entry: HubEntry; env: Env; timeoutMs: number };

/** In the foreground of a process of its own: logs to the file only, and is quiet when another hub already has the lock. */
export const HUB_ARGS = ["up", "--foreground", "--detached"] as const;

/**
 * Under load V8 lets the young generation grow to 128 MiB and keeps it; a hub lives for weeks, and what an event leaves behind is
 * garbage at once. With this it has 32 MiB (https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib), which the hub gives back
 * when it is idle (hub/process/spare-memory.ts): that needs the second.
 */
export const HUB_NODE_ARGS = ["--max-semi-space-size=16", "--expose-gc"] as const;

const POLL_MS = 25;
const YIELD_MS = 2_000;
const PROBE_TIMEOUT_MS = 2_000;
const MAX_START_LOG_BYTES = 256 * 1024;

/** True when a hub answers `GET /v1/hub` on this socket. Never throws: a missing, stale or silent socket is false. */
export async function isHubAnswering(
  socket: string,
  timeoutMs = PROBE_TIMEOUT_MS,
): Promise<boolean> {
  try {
    const call = { socket, method: "GET", path: "/v1/hub", silenceMs: timeoutMs, onText: () => {} };
    return (await exchange(call)).status === 200;
  } catch {
    // ENOENT, ECONNREFUSED (left by a kill -9), a reset while it drains: nobody, for now.
    return false;
  }
}

/**
 * Where the hub of this home answers if it runs; undefined where there is no such place. Makes nothing.
 * @throws SluiceError `unsafe_home`: in a folder that others can write the socket may be theirs, and nothing is sent to it.
 */
export function findSafeSocket(env: Env): string | undefined {
  const home = locateHome(env).path;
  if (!checkSafeFolder(home)) return undefined;
  const socket = locateSocket(env);
  return dirname(socket) === home || checkSafeFolder(dirname(socket)) ? socket : undefined;
}

/** True when a hub of this home answers. Starts none. @throws SluiceError as findSafeSocket. */
export async function isHubUp(env: Env, timeoutMs = PROBE_TIMEOUT_MS): Promise<boolean> {
  const socket = findSafeSocket(env);
  return socket !== undefined && isHubAnswering(socket, timeoutMs);
}

/**
 * Resolves when a hub of this home answers.
 * @throws SluiceError `hub_unreachable` when none does in time or the start failed, `unsafe_home` or `store_readonly` from the folders.
 */
export async function ensureHub(options: EnsureHubOptions): Promise<void> {
  const { env, timeoutMs } = options;
  const home = locateHome(env);
  const deadlineAt = Date.now() + timeoutMs;
  ensureSafeFolder(home.path);
  const answers = (): Promise<boolean> =>
    isHubUp(env, Math.max(1, Math.min(PROBE_TIMEOUT_MS, deadlineAt - Date.now())));

  let start: Start | undefined;
  while (!(await answers())) {
    if (Date.now() >= deadlineAt) {
      const said = start?.readLastLine();
      throw new SluiceError(
        "hub_unreachable",
        `no hub answered in ${home.path} within ${timeoutMs / 1_000} s${said === undefined ? "" : `: ${said}`}; "sluice doctor" says what holds it up`,
        { retryable: true },
      );
    }
    start ??= startHub(options, home.path, home.logDir);
    if (start.failure !== undefined && !(await answers())) {
      throw new SluiceError(
        start.isSetupFault ? "bad_config" : "hub_unreachable",
        `the hub did not start: ${start.readLastLine() ?? start.failure}`,
      );
    }
    // It left the field to another (START-1). That one is most likely starting, and every further start would slow it down; it may
    // also be draining: then a new start follows.
    if (start.hasYielded && Date.now() - start.endedAt >= YIELD_MS) start = undefined;
    await sleep(POLL_MS);
  }
}

/**
 * Has the command line put its hub in the place of an older one, and does not wait for it. Only for a hub that is known to be older: of two
 * versions each of which replaces the other, sessions would take turns.
 */
export function startReplacement({ node, cli }: HubEntry, env: Env): void {
  const { spawn } = process.getBuiltinModule("node:child_process");
  const child = spawn(node, [cli, "up"], {
    cwd: "/",
    detached: true,
    env: { ...toHubEnvironment(env), SLUICE_HOME: locateHome(env).path },
    stdio: "ignore",
  });
  // The older hub stays, and doctor says that it is older.
  child.on("error", () => undefined);
  child.unref();
}

type Start = {
  /** Why it ended, if it ended badly. */
  readonly failure: string | undefined;
  /** True when it ended well, which a starting hub does only because another has the lock. */
  readonly hasYielded: boolean;
  /** Epoch ms; 0 while it runs. */
  readonly endedAt: number;
  /** True when it ended with 78 (EX_CONFIG): something the user set up cannot be used. */
  readonly isSetupFault: boolean;
  readLastLine(): string | undefined;
};

function startHub({ entry, env }: EnsureHubOptions, homePath: string, logDir: string): Start {
  // Loaded where it is needed: nearly every command and shim finds a hub that runs.
  const { spawn } = process.getBuiltinModule("node:child_process");
  ensureInnerFolder(logDir);
  const logFile = join(logDir, "start.log");
  const log = openStartLog(logFile);
  let child: ChildProcess;
  let offset: number;
  try {
    if (fstatSync(log).size > MAX_START_LOG_BYTES) ftruncateSync(log);
    offset = fstatSync(log).size;
    child = spawn(entry.node, [...HUB_NODE_ARGS, entry.cli, ...(entry.args ?? HUB_ARGS)], {
      cwd: "/",
      detached: true,
      // A relative SLUICE_HOME would mean another folder under the hub's own cwd.
      env: { ...toHubEnvironment(env), SLUICE_HOME: homePath },
      stdio: ["ignore", "ignore", log],
    });
  } finally {
    closeSync(log);
  }
  let failure: string | undefined;
  let hasYielded = false;
  let isSetupFault = false;
  let endedAt = 0;
  child.once("error", (error) => (failure = error.message));
  child.once("exit", (code, signal) => {
    isSetupFault = code === 78;
    endedAt = Date.now();
    if (code === 0) hasYielded = true;
    else failure ??= `it ended with ${signal ?? `exit code ${code}`}`;
  });
  child.unref();
  return {
    get failure() {
      return failure;
    },
    get hasYielded() {
      return hasYielded;
    },
    get endedAt() {
      return endedAt;
    },
    get isSetupFault() {
      return isSetupFault;
    },
    readLastLine: () => readLastLine(logFile, offset),
  };
}

function openStartLog(path: string): number {
  const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW } = constants;
  try {
    return openSync(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600);
  } catch (thrown) {
    // A read-only disk, a link in its place: nothing that a new try would mend.
    throw new SluiceError(
      "store_readonly",
      `${path} cannot be written (${toMessage(thrown)}); check its owner, its mode and its disk`,
      { cause: thrown },
    );
  }
}

function readLastLine(path: string, offset: number): string | undefined {
  const text = readFileSync(path).subarray(offset).toString("utf8");
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  // An uncaught fault ends with Node's own version; the line that names the fault stands before the stack.
  const fault = lines.findLast((line) => /^(?!\s)\S*Error\b.*: /.test(line));
  return (fault ?? lines.at(-1))
    ?.trim()
    .replace(/^sluice: /, "")
    .slice(0, 500);
}
