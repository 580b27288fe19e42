/**
 * Runs many histories side by side, in processes of their own, and sabotaged copies of the source.
 *
 * Owns: processes and folders. Never: what a history claims (world.ts).
 */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, getPriority, setPriority, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Bug } from "./bugs.ts";
import { CODE_CACHE } from "../../src/cli/run-cli.fixture.ts";

export type Outcome = { ok: boolean; output: string };

const ROOT = resolve(import.meta.dirname, "../..");
const PROCESSES_MAX = 4;
/** Other tests beside it wait for processes and clocks: it takes what they leave. */
const NICENESS = 10;

/** `count` histories from `from` on; all of them hold, or `output` names those that do not. */
export async function runSeeds(from: number, count: number): Promise<Outcome> {
  const processes = Math.min(availableParallelism(), PROCESSES_MAX, count);
  const parts = await Promise.all(
    Array.from({ length: processes }, (_, index) => {
      const first = from + Math.floor((count * index) / processes);
      const next = from + Math.floor((count * (index + 1)) / processes);
      return run(["--from", String(first), "--count", String(next - first)]);
    }),
  );
  return {
    ok: parts.every(({ ok }) => ok),
    output: parts.map(({ output }) => output).join(""),
  };
}

/** True when a copy of the source with this bug fails within `count` histories. */
export async function isCaught(bug: Bug, count: number): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-bug-"));
  try {
    const source = join(folder, "src");
    cpSync(join(ROOT, "src"), source, { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const file = join(source, bug.file);
    const before = readFileSync(file, "utf8");
    if (before.split(bug.find).length !== 2) {
      throw new Error(
        `bug "${bug.name}": its text stands not once in src/${bug.file}; write it anew`,
      );
    }
    writeFileSync(
      file,
      before.replace(bug.find, () => bug.put),
    );
    const { ok } = await run(["--count", String(count), "--source", source, "--stop-at-first"]);
    return !ok;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(args: readonly string[]): Promise<Outcome> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [join(import.meta.dirname, "run.ts"), ...args],
      // Of hundreds of files, read by several processes one after the other.
      { maxBuffer: 16 * 1024 * 1024, env: { ...process.env, NODE_COMPILE_CACHE: CODE_CACHE } },
      (error, stdout, stderr) => done({ ok: error === null, output: `${stdout}${stderr}` }),
    );
    if (child.pid !== undefined && getPriority(child.pid) < NICENESS) {
      setPriority(child.pid, NICENESS);
    }
  });
}
