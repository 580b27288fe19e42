/**
 * Runs a command as if nobody stood between it and its caller.
 *
 * Owns: its start, the signals that reach it, and its stops. Never: its output (output.ts), or who is told of its end (report.ts).
 *
 * RUNCHILD-1 It stands in our own process group, with our standard input: what a terminal does (Ctrl-C, Ctrl-Z, fg, bg, a window's size)
 *    reaches it as it would without us.
 * RUNCHILD-2 A signal that was sent to us alone goes on to it; one that a terminal sent to all is not doubled.
 * RUNCHILD-3 It has the umask, the limit of open files and, under nohup, the ignored SIGHUP that it would have without us: our process has
 *    changed each of them for itself.
 * RUNCHILD-4 We stop when it stops, and go on when it goes on, so that a shell sees the job as it is.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { hasTerminal } from "../../local/hangup.ts";
import { withUsualUmask } from "../../local/umask.ts";
import { readErrorCode } from "../../sdk/errors.ts";
import type { CommandOutput } from "./output.ts";

export type ChildEnd =
  | { kind: "exit"; code: number }
  | { kind: "signal"; signal: NodeJS.Signals }
  /** It was not started: 127 where there is no such command, 126 where it may not be run, as shells say it. */
  | { kind: "failed"; code: 126 | 127; reason: string };

const PASSED_ON = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const;
/** What a terminal sends to every process of its group. */
const FROM_KEYS = ["SIGINT", "SIGQUIT"] as const;
const STOP_LOOK_MS = 200;

export async function runChild(
  command: readonly string[],
  output: CommandOutput,
): Promise<ChildEnd> {
  const [program = "", ...args] = toSpawned(command);
  let child: ChildProcess | undefined;
  const stop = watchSignals(() => child);
  try {
    // One turn: a signal that comes before finds it started.
    const started = withUsualUmask(() =>
      spawn(program, args, { stdio: ["inherit", ...output.stdio] }),
    );
    child = started;
    output.started();
    return await new Promise((resolve) => {
      started.once("error", (fault) => resolve(toFailed(command[0] ?? "", fault)));
      started.once("exit", (code, signal) =>
        resolve(signal === null ? { kind: "exit", code: code ?? 0 } : { kind: "signal", signal }),
      );
    });
  } catch (thrown) {
    // What cannot even be tried: no name, arguments that no program takes.
    const fault = thrown instanceof Error ? thrown : new Error("it broke");
    return toFailed(command[0] ?? "", command[0] === "" ? toMissing(fault) : fault);
  } finally {
    stop();
  }
}

/** What a shell would say in `$?`. */
export function toExitCode(end: ChildEnd): number {
  return end.kind === "signal" ? 128 + constants.signals[end.signal] : end.code;
}

function toMissing(cause: Error): Error {
  return Object.assign(new Error("no name", { cause }), { code: "ENOENT" });
}

function toFailed(name: string, fault: Error): ChildEnd {
  const isMissing = readErrorCode(fault) === "ENOENT";
  return isMissing
    ? { kind: "failed", code: 127, reason: `${name === "" ? "''" : name}: command not found` }
    : { kind: "failed", code: 126, reason: `${name} cannot be run (${fault.message})` };
}

/** RUNCHILD-3. A shell changes into the command once it has set back what has to be; without need there is none. */
function toSpawned(command: readonly string[]): readonly string[] {
  const limit = readUsualLimit();
  const steps = [
    ...(limit === undefined ? [] : [`ulimit -S -n ${limit} 2>/dev/null`]),
    ...(isUnderNohup() ? ['trap "" HUP'] : []),
  ];
  if (steps.length === 0) return command;
  return ["/bin/sh", "-c", `${steps.join("; ")}; exec "$@"`, "sh", ...command];
}

/** The soft limit of who started us, where it is lower than ours: Node has raised that. */
function readUsualLimit(): string | undefined {
  if (process.platform !== "linux") return undefined;
  const read = (who: string): string | undefined =>
    /^Max open files\s+(\S+)/m.exec(readText(`/proc/${who}/limits`))?.[1];
  const [usual, own] = [read(String(process.ppid)), read("self")];
  return usual !== undefined && /^\d+$/.test(usual) && usual !== own ? usual : undefined;
}

/** As local/hangup.ts: nohup leaves no standard stream a terminal, while there is one that could be lost. */
function isUnderNohup(): boolean {
  return !hasTerminal() && readGroup().terminal !== 0;
}

type Group = { own: number; terminal: number; foreground: number };

/** Of this process; https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: pgrp, tty_nr, tpgid. */
function readGroup(): Group {
  const stat = readText("/proc/self/stat");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [own = 0, terminal = 0, foreground = 0] = [fields[2], fields[4], fields[5]].map(Number);
  return { own, terminal, foreground };
}

/** True where a key that was pressed reaches all of our group. Elsewhere than on Linux: where a standard stream is a terminal. */
function isInForeground(): boolean {
  if (process.platform !== "linux") return hasTerminal();
  const { own, terminal, foreground } = readGroup();
  return terminal !== 0 && own === foreground;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // No such system file here: nothing is known, and nothing is changed.
    return "";
  }
}

/** RUNCHILD-2 and RUNCHILD-4. Call the result to end it: from then on signals do what they usually do. */
function watchSignals(find: () => ChildProcess | undefined): () => void {
  const listeners = new Map<NodeJS.Signals, () => void>();
  const on = (signal: NodeJS.Signals, act: () => void): void => {
    listeners.set(signal, act);
    process.on(signal, act);
  };
  const pass = (signal: NodeJS.Signals): void => void find()?.kill(signal);
  for (const signal of PASSED_ON) on(signal, () => pass(signal));
  for (const signal of FROM_KEYS)
    on(signal, () => {
      if (!isInForeground()) pass(signal);
    });
  // By the usual effect of the signal, which a group that no shell looks after does not have: it could never be continued.
  const standStill = (): void => {
    process.off("SIGTSTP", stopped);
    process.kill(process.pid, "SIGTSTP");
    process.on("SIGTSTP", stopped);
  };
  const stopped = (): void => {
    if (!isInForeground()) pass("SIGTSTP");
    standStill();
  };
  on("SIGTSTP", stopped);
  on("SIGCONT", () => pass("SIGCONT"));
  const look = setInterval(() => {
    const pid = find()?.pid;
    // In the foreground a shell continues both of us at once; elsewhere nobody might ever continue this process.
    if (pid !== undefined && isStopped(pid) && isInForeground()) standStill();
  }, STOP_LOOK_MS);
  look.unref();
  return () => {
    clearInterval(look);
    for (const [signal, act] of listeners) process.off(signal, act);
  };
}

/** Stopped by a signal, its own for one; not by a debugger. */
function isStopped(pid: number): boolean {
  const stat = readText(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) === "T";
}
