/**
 * Loaded into a process of the product (`node --import`): tells which functions of src it called since it was asked before, and how often.
 *
 * Owns: V8's precise coverage of that process. Each SIGUSR2 writes `<pid>-<number>.json` into the folder SLUICE_HOUSE and begins anew.
 * Never: changes what the product does.
 */
import { renameSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** How often each function was called, by its file and, behind a `#`, its place there. */
export type Calls = Record<string, number>;

export type Entered = {
  /** Up to the first COMMIT since the last report; empty where there was none. */
  toCommit: Calls;
  /** All of it. */
  all: Calls;
};

type FunctionCoverage = { functionName: string; ranges: { startOffset: number; count: number }[] };
type Coverage = { result: { url: string; functions: FunctionCoverage[] }[] };

const folder = process.env["SLUICE_HOUSE"];
if (folder === undefined) throw new Error("SLUICE_HOUSE names no folder for the reports");

const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });

/** What was called since the last call. A session answers before `post` returns. */
function take(): Calls {
  const calls: Calls = {};
  session.post("Profiler.takePreciseCoverage", (fault: Error | null, coverage: unknown) => {
    if (fault !== null) throw fault;
    // The protocol is typed for every method at once; this is the shape of this one's answer.
    for (const { url, functions } of (coverage as Coverage).result) {
      if (!/^file:.*\/src\/.*\.tsx?$/.test(url)) continue;
      const path = url.slice(url.lastIndexOf("/src/") + 1);
      for (const { functionName, ranges } of functions) {
        const [{ startOffset, count } = { startOffset: 0, count: 0 }] = ranges;
        if (count > 0) calls[`${path}#${startOffset} ${functionName}`] = count;
      }
    }
  });
  return calls;
}

function add(some: Calls, more: Calls): Calls {
  const sum = { ...some };
  for (const [name, count] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

let toCommit: Calls | undefined;
let reports = 0;

const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql) {
  exec.call(this, sql);
  if (sql === "COMMIT") toCommit ??= take();
};

process.on("SIGUSR2", () => {
  const entered: Entered = {
    toCommit: toCommit ?? {},
    all: add(toCommit ?? {}, take()),
  };
  toCommit = undefined;
  const file = join(folder, `${process.pid}-${++reports}.json`);
  // Moved into its place whole: it is waited for by name.
  writeFileSync(`${file}.new`, JSON.stringify(entered));
  renameSync(`${file}.new`, file);
});
