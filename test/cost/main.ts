/**
 * What the tests cost in processor time, by file: `npm run test:cost [-- <arguments of vitest>]`. Linux only.
 *
 * Owns: running them, and the table of the dearest. Time of the clock depends on what else runs; processor time hardly does, and that of all
 * processes that a test starts counts, detached ones too. Never: fails on a figure.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CODE_CACHE } from "../../src/cli/run-cli.fixture.ts";
import { type Cost, hasInEnvironment, listProcesses, readCost } from "./processes.ts";

/** How many files are named. */
const shown = Number(process.env["SLUICE_TEST_COST_ROWS"] ?? 25);
const SAMPLE_MS = 100;
const ROOT = join(import.meta.dirname, "../..");
const PROJECTS = ["units", "whole", "histories"].flatMap((name) => ["--project", name]);

/** A process that the tests have started, as it was last seen. */
type Seen = Cost & {
  pid: number;
  /** The process of the runner that it belongs to, if that was seen. */
  worker: number | undefined;
  parent: number;
  /** Its parent ended before it did: no other process counts what it costs. */
  isDetached: boolean;
  since: number;
};
type Recorded = { pid: number; at: number; file: string; cost: Cost };
type Row = { file: string; own: number; children: number };

const folder = mkdtempSync(join(tmpdir(), "sluice-cost-"));
const list = join(folder, "recorded");
const began = Date.now();
const more = process.argv.slice(2);
const runner = spawn(
  process.execPath,
  [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", ...(more.length > 0 ? more : PROJECTS)],
  { cwd: ROOT, stdio: "inherit", env: { ...process.env, SLUICE_TEST_COST: list } },
);
const seen = new Map<string, Seen>();
const strangers = new Set<string>();
const sampling = setInterval(() => sample(runner.pid ?? 0), SAMPLE_MS);
const [code] = (await once(runner, "exit")) as [number | null];
clearInterval(sampling);
process.exitCode = code ?? 1;
print(toRows(), (Date.now() - began) / 1_000);
rmSync(folder, { recursive: true });

function sample(main: number): void {
  for (const { pid, parent, startedAt, cost } of listProcesses()) {
    const key = `${pid} ${startedAt}`;
    if (pid === main || pid === process.pid || strangers.has(key)) continue;
    let known = seen.get(key);
    if (known === undefined) {
      const above = findByPid(parent);
      const isChild = parent === main || above !== undefined;
      // Started and let go between two looks: it is ours by what the tests give to each process.
      if (!isChild && !hasInEnvironment(pid, CODE_CACHE)) {
        strangers.add(key);
        continue;
      }
      const worker = parent === main ? pid : above?.worker;
      known = { pid, parent, worker, isDetached: !isChild, since: Date.now(), own: 0, children: 0 };
      seen.set(key, known);
    }
    known.isDetached ||= parent !== known.parent;
    Object.assign(known, cost);
  }
}

function findByPid(pid: number): Seen | undefined {
  // The last one: numbers come again.
  return [...seen.values()].findLast((one) => one.pid === pid);
}

/** A process that takes several files, one after the other, is charged to each by what has been added since the one before. */
function toRows(): Row[] {
  const recorded = existsSync(list)
    ? readFileSync(list, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Recorded)
    : [];
  const before = new Map<number, Cost>();
  const rows = recorded.map(({ pid, at, file, cost }) => {
    const { own, children } = before.get(pid) ?? { own: 0, children: 0 };
    before.set(pid, cost);
    return { pid, at, file, own: cost.own - own, children: cost.children - children };
  });
  for (const { pid, worker, isDetached, since, own, children } of seen.values()) {
    const all = rows.filter((one) => one.pid === worker);
    // The file that was at work when it was started.
    const row = (isDetached && all.find(({ at }) => at >= since)) || all.at(-1);
    if (row === undefined) continue;
    if (isDetached) row.children += own + children;
    // What it did after its last file was over: ending, and waiting for the last child.
    else if (pid === worker) {
      row.own += Math.max(0, own - (before.get(pid)?.own ?? 0));
      row.children += Math.max(0, children - (before.get(pid)?.children ?? 0));
    }
  }
  return rows.toSorted((a, b) => toSum(b) - toSum(a));
}

function toSum({ own, children }: Cost): number {
  return own + children;
}

function print(rows: Row[], seconds: number): void {
  const detached = [...seen.values()].filter((one) => one.isDetached);
  const all = readCost(process.pid).children + detached.reduce((sum, one) => sum + toSum(one), 0);
  const files = rows.reduce((sum, row) => sum + toSum(row), 0);
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  const toColumn = (value: number): string => value.toFixed(1).padStart(7);
  write("\nprocessor seconds\n    all process children file");
  for (const row of rows.slice(0, shown))
    write(`${[toSum(row), row.own, row.children].map(toColumn).join(" ")}  ${row.file}`);
  const rest = rows.slice(shown).reduce((sum, row) => sum + toSum(row), 0);
  write(`${toColumn(rest)}                  ${Math.max(0, rows.length - shown)} other files`);
  write(
    `${toColumn(all - files)}                  the runner itself, and what it could not be told of`,
  );
  write(`${toColumn(all)}                  together, in ${seconds.toFixed(0)} s of the clock`);
}
