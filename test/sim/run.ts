/**
 * Runs seeds: `node test/sim/run.ts [--from N] [--count N] [--source FOLDER]`. Prints failures and a line of counts; exits 1 on any.
 *
 * `--source` puts another copy of the flow in place of ours: how the seeded bugs are shown to be caught.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { Database } from "../../src/store/file/database.ts";
import { DATABASE, type Failure, type Loss, type Parts, World } from "./world.ts";

const LOSSES: readonly Loss[] = [0, 0.1, 0.5, 1];
/** A growing file would make each history slower than the last. */
const SEEDS_PER_FILE = 5;

const { values } = parseArgs({
  options: {
    from: { type: "string", default: "0" },
    count: { type: "string", default: "500" },
    source: { type: "string", default: join(import.meta.dirname, "../../src") },
    "stop-at-first": { type: "boolean", default: false },
  },
});

const parts = await loadParts(resolve(values.source));
const failures: Failure[] = [];
const totals = { seeds: 0, accepted: 0, copies: 0, reads: 0, replayed: 0 };
// Nothing of it has to last, and the disk may be busy.
const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "sluice-sim-"));
// Also where a history throws, as in a sabotaged copy.
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const empty = join(folder, "empty.db");
new parts.Database(empty, DATABASE).close();
let db: Database | undefined;
const from = Number(values.from);
for (let seed = from; seed < from + Number(values.count); seed++) {
  if (db === undefined || seed % SEEDS_PER_FILE === 0) {
    db?.close();
    const path = join(folder, `${seed}.db`);
    copyFileSync(empty, path);
    db = new parts.Database(path, DATABASE);
  }
  const world = new World(parts, db, seed, LOSSES[seed % 4] ?? 0);
  failures.push(...(await world.run()));
  totals.seeds++;
  totals.accepted += world.accepted.length;
  totals.copies += world.copies;
  totals.reads += world.reads.length;
  totals.replayed += world.reads.filter(({ replayed }) => replayed).length;
  if (values["stop-at-first"] && failures.length > 0) break;
}
db?.close();
for (const { seed, claim, detail } of failures.slice(0, 20)) {
  process.stdout.write(`seed ${seed}: ${claim}: ${detail}\n`);
}
process.stdout.write(`${JSON.stringify({ ...totals, failures: failures.length })}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;

async function loadParts(source: string): Promise<Parts> {
  const load = (path: string) => import(pathToFileURL(join(source, path)).href);
  const [database, deliver, limit, accept, hook, tool, sweep] = await Promise.all(
    [
      "store/file/database.ts",
      "flow/deliver/deliver.ts",
      "store/events/add-event.ts",
      "flow/intake/accept.ts",
      "flow/deliver/hook.ts",
      "flow/tools/tool.ts",
      "store/events/sweep.ts",
    ].map(load),
  );
  return { ...database, ...deliver, ...limit, ...accept, ...hook, ...tool, ...sweep };
}
