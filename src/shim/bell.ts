/**
 * The bell: the plugin's monitor. It prints the lines that the hub sends; each wakes the session.
 *
 * Owns: staying connected, the time between lines, ending with the client. Never: decides when to ring; prints anything of its own.
 * Lines are at least 2.5 s apart, also across a restart of the hub: the client drops faster ones.
 *
 * BELL-1 The bell ends when the client does: a killed client tells its monitors nothing.
 */
import { readErrorCode } from "../sdk/errors.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { type Env, locateHome, locateSocket } from "../local/home.ts";
import { readProcess } from "../local/process.ts";
import { readBellLines } from "./bell-lines.ts";

const LINE_GAP_MS = 2_500;
const WATCH_MS = 1_000;
const BACKOFF_MS = [100, 250, 500, 1_000, 2_000];

/** Runs until the client leaves or stdout breaks. @throws SluiceError `bad_config` when the environment names no home. */
export async function runBell(env: Env): Promise<void> {
  locateHome(env);
  const parent = process.ppid;
  const pid = Number(env["CLAUDE_PID"] ?? parent);
  const startTime = readProcess(pid)?.startTime;
  if (startTime === undefined) return;
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.stdout.once("error", end);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, end);
  const watch = setInterval(() => {
    if (process.ppid !== parent || !isRunning(pid)) end();
  }, WATCH_MS);

  const print = openPrinter();
  for (let failures = 0; !stop.signal.aborted; failures++) {
    try {
      await readBellLines({
        socket: locateSocket(env),
        client: { pid, startTime },
        signal: stop.signal,
        onLine: (line) => {
          failures = 0;
          print(line);
        },
      });
      failures = 0;
    } catch {
      // No hub: the shim of this client starts one, or says why it cannot. A bell only waits.
    }
    await sleep(BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)], undefined, {
      signal: stop.signal,
    }).catch(() => undefined);
  }
  clearInterval(watch);
}

/** Prints a line at once, or when the gap is over. Of several lines that wait it prints the last: that one has the latest state. */
function openPrinter(): (line: string) => void {
  let nextAt = 0;
  let waiting: string | undefined;
  const flush = (): void => {
    if (waiting === undefined) return;
    process.stdout.write(`${waiting.replaceAll(/[\r\n]+/g, " ")}\n`);
    waiting = undefined;
    nextAt = Date.now() + LINE_GAP_MS;
  };
  return (line) => {
    const isScheduled = waiting !== undefined;
    waiting = line;
    const delay = nextAt - Date.now();
    if (delay <= 0) flush();
    else if (!isScheduled) setTimeout(flush, delay);
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it runs, but is not ours to signal.
    return readErrorCode(thrown) === "EPERM";
  }
}
