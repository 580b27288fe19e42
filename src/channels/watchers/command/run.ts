/**
 * Runs the command of a watcher once.
 *
 * Owns: its process group, its limits, and its output. Never: a shell; the command is a program and its arguments.
 *
 * RUN-1 It ends, with all that it started in its group, at its time limit, or when the channel or the hub ends.
 * RUN-2 Of its output a limited part is kept; the rest is read and left out.
 */
import { spawn } from "node:child_process";
import { SluiceError } from "../../../sdk/errors.ts";

const KEPT_BYTES = 256 * 1024;
/** Between the polite signal and the other one. */
const GRACE_MS = 2_000;
const DRAIN_MS = 1_000;

export type CommandRun = {
  argv: readonly string[];
  cwd: string;
  timeoutMs: number;
  signal: AbortSignal;
  /** What it writes to stderr is read and left out. */
  isOutputOnly?: boolean;
};

/** `status`: `exit 1`, `SIGKILL`, `no end in 60 s`. */
export type Ran = { isOk: boolean; status: string; output: string; leftOut: number };

/** @throws SluiceError `send_failed`, retryable, where it cannot be started, or was stopped with the channel. */
export function runCommand({
  argv,
  cwd,
  timeoutMs,
  signal,
  isOutputOnly,
}: CommandRun): Promise<Ran> {
  const [program = "", ...args] = argv;
  return new Promise((resolve, reject) => {
    // Its own group: what it starts ends with it.
    const child = spawn(program, args, {
      cwd,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks: Buffer[] = [];
    let kept = 0;
    let leftOut = 0;
    let isLate = false;
    let kill: NodeJS.Timeout | undefined;
    const take = (chunk: Buffer): void => {
      const room = Math.max(0, KEPT_BYTES - kept);
      chunks.push(chunk.subarray(0, room));
      kept += Math.min(room, chunk.length);
      leftOut += Math.max(0, chunk.length - room);
    };
    const stop = (): void => {
      signalGroup(child.pid, "SIGTERM");
      kill = setTimeout(() => signalGroup(child.pid, "SIGKILL"), GRACE_MS);
    };
    const limit = setTimeout(() => {
      isLate = true;
      stop();
    }, timeoutMs);
    signal.addEventListener("abort", stop, { once: true });
    const end = (settle: () => void): void => {
      clearTimeout(limit);
      clearTimeout(kill);
      signal.removeEventListener("abort", stop);
      settle();
    };
    const fail = (why: string, cause?: unknown): void =>
      end(() => reject(new SluiceError("send_failed", why, { retryable: true, cause })));
    child.stdout.on("data", take);
    if (isOutputOnly === true) child.stderr.resume();
    else child.stderr.on("data", take);
    child.once("error", (fault) => fail(`${program} cannot be run (${fault.message})`, fault));
    child.once("exit", (code, killedBy) => {
      signalGroup(child.pid, "SIGKILL");
      const finish = (): void => {
        clearTimeout(drained);
        child.stdout.destroy();
        child.stderr.destroy();
        if (signal.aborted) return fail(`${program} was stopped`);
        const late = `no end in ${Math.round(timeoutMs / 1_000)} s`;
        const status = isLate ? late : (killedBy ?? `exit ${code}`);
        const output = Buffer.concat(chunks).toString("utf8");
        end(() => resolve({ isOk: code === 0 && !isLate, status, output, leftOut }));
      };
      // What has left its group may hold the pipes for ever.
      const drained = setTimeout(finish, DRAIN_MS);
      child.once("close", finish);
    });
    if (signal.aborted) stop();
  });
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: nothing of it is left.
  }
}
