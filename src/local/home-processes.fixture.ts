/**
 * The processes of a test's home, found in /proc by what stands in their environment.
 *
 * Owns: finding and ending them. Never: ends a process of another home.
 */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Every process with this home in its environment, but this one. */
export function listHomeProcesses(home: string): { pid: number; argv: string[] }[] {
  return readdirSync("/proc").flatMap((name) => {
    const pid = Number(name);
    if (!Number.isSafeInteger(pid) || pid === process.pid || !isRunning(pid)) return [];
    try {
      const environ = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      if (!environ.includes(`SLUICE_HOME=${home}`)) return [];
      return [{ pid, argv: readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0") }];
    } catch {
      return []; // Gone meanwhile, or not ours to look at.
    }
  });
}

/** What a shim or a command had started is nobody's child. More than one look: while one ends, it may start another. */
export async function killHomeProcesses(home: string): Promise<void> {
  for (;;) {
    const pids = listHomeProcesses(home).map(({ pid }) => pid);
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // Gone before: what was wanted.
      }
    }
    while (pids.some(isRunning)) await sleep(10);
  }
}

/** A zombie is dead. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false; // No such process.
  }
}
