// The processes under a client: who they are, and ending exactly those by pid.
// Never matches by name across the machine.
import { execFile, execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

export type ChildProcess = { pid: number; parentPid: number; command: string };

/** All living descendants of `pid`, parents first. */
export async function listDescendants(pid: number): Promise<ChildProcess[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-ww", "-o", "pid=,ppid=,args="], {
    timeout: 10_000,
    maxBuffer: 16 * 1024 * 1024,
  });
  const all = stdout.split("\n").flatMap((line): ChildProcess[] => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match
      ? [{ pid: Number(match[1]), parentPid: Number(match[2]), command: match[3] ?? "" }]
      : [];
  });
  const found: ChildProcess[] = [];
  const parents = [pid];
  for (let parent = parents.shift(); parent !== undefined; parent = parents.shift()) {
    const children = all.filter((process) => process.parentPid === parent);
    found.push(...children);
    parents.push(...children.map((child) => child.pid));
  }
  return found;
}

/** True while the process runs. A zombie is dead: tmux reaps late, the pid still answers. */
export function isAlive(pid: number): boolean {
  try {
    const state = execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
    return !state.trim().startsWith("Z");
  } catch {
    // ps exits with 1 where no process has this pid.
    return false;
  }
}

/** Signals a process that may be gone already; true when it was there. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    // Gone between the look and the kill: what was wanted.
    return false;
  }
}

/** Waits until all are gone, then kills the rest. */
export async function endAll(pids: number[], graceMs = 2_000): Promise<void> {
  const deadlineAt = Date.now() + graceMs;
  while (pids.some(isAlive) && Date.now() < deadlineAt) await sleep(30);
  for (const pid of pids) signal(pid, "SIGKILL");
}
