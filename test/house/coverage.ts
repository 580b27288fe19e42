/**
 * Loaded into a process of the product (`node --import`): tells which files of src it entered since it was asked before.
 *
 * Owns: V8's precise coverage of that process. Each SIGUSR2 writes `<pid>-<number>.json` into the folder SLUICE_HOUSE and begins anew.
 * Never: changes what the product does.
 */
import { renameSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export type Entered = {
  /** Up to the first COMMIT since the last report; empty where there was none. */
  toCommit: string[];
  /** All of it. */
  all: string[];
};

type Coverage = { result: { url: string; functions: { ranges: { count: number }[] }[] }[] };

const folder = process.env["SLUICE_HOUSE"];
if (folder === undefined) throw new Error("SLUICE_HOUSE names no folder for the reports");

const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });

/** Files with a function that ran since the last call. A session answers before `post` returns. */
function take(): string[] {
  let entered: string[] = [];
  session.post("Profiler.takePreciseCoverage", (fault: Error | null, coverage: unknown) => {
    if (fault !== null) throw fault;
    // The protocol is typed for every method at once; this is the shape of this one's answer.
    entered = (coverage as Coverage).result
      .filter(({ url }) => /^file:.*\/src\/.*\.tsx?$/.test(url))
      .filter(({ functions }) => functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0))
      .map(({ url }) => url.slice(url.lastIndexOf("/src/") + 1));
  });
  return entered;
}

let toCommit: string[] | undefined;
let reports = 0;

const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql) {
  exec.call(this, sql);
  if (sql === "COMMIT") toCommit ??= take();
};

process.on("SIGUSR2", () => {
  const entered: Entered = {
    toCommit: toCommit ?? [],
    all: [...new Set([...(toCommit ?? []), ...take()])],
  };
  toCommit = undefined;
  const file = join(folder, `${process.pid}-${++reports}.json`);
  // Moved into its place whole: it is waited for by name.
  writeFileSync(`${file}.new`, JSON.stringify(entered));
  renameSync(`${file}.new`, file);
});
