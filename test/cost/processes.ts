/**
 * What processes have cost, from /proc.
 *
 * Owns: processor time of a process and of those that it has waited for. Never: knows a test.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** In seconds: its own, and that of the children that it has seen end. */
export type Cost = { own: number; children: number };
export type Process = { pid: number; parent: number; startedAt: string; cost: Cost };

let ticks = 0;

/** @throws where there is no such process. */
export function readProcess(pid: number): Process {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // Its name stands in brackets, and may hold some. From the third field on, proc(5) counts from one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (number: number): string => fields[number - 3] ?? "";
  ticks ||= Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  const toSeconds = (first: number): number =>
    (Number(field(first)) + Number(field(first + 1))) / ticks;
  return {
    pid,
    parent: Number(field(4)),
    startedAt: field(22),
    cost: { own: toSeconds(14), children: toSeconds(16) },
  };
}

export function readCost(pid: number): Cost {
  return readProcess(pid).cost;
}

export function listProcesses(): Process[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [readProcess(Number(name))];
    } catch {
      return []; // Gone meanwhile.
    }
  });
}

/** False also where it is gone. */
export function hasInEnvironment(pid: number, text: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").includes(text);
  } catch {
    return false;
  }
}
