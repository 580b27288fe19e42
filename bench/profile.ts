/**
 * Where each microsecond of a webhook goes: `node bench/profile.ts [--cli "node bin/sluice.js"] [--before "node OTHER/bin/sluice.js"]
 * [--connections 64] [--rounds 12] [--without-stages] [--dir FOLDER]`.
 *
 * Processor time, not the clock's: it stays the same on a machine that others use. First what the hub takes for an event, beside what
 * keeping alone takes (bare.mjs), in short rounds that take turns; then its stages out of V8's own profile; then its SQL statements,
 * each counted and timed in a hub of its own, as that costs time itself.
 *
 * Owns: the processes that it starts, and the tables. Never: changes what it measures.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readCpuMs } from "./cpu.ts";
import { runClosedLoop } from "./load.ts";
import { type Profile, toStages } from "./stages.ts";
import { toMedian } from "./summary.ts";
import { openBare, openSluice, type SluiceOptions, waitForHttp } from "./targets.ts";

const CLI = join(import.meta.dirname, "../bin/sluice.js");
const { values } = parseArgs({
  options: {
    cli: { type: "string", default: `${process.execPath} ${CLI}` },
    before: { type: "string" },
    connections: { type: "string", default: "64" },
    rounds: { type: "string", default: "12" },
    "without-stages": { type: "boolean", default: false },
    dir: { type: "string", default: tmpdir() },
  },
});

const BODY = `build 4711 of octo/app failed on main: ${"unit tests, 3 of 812; ".repeat(8)}`;
const ROUND_MS = 1_000;
const WARM_UP_MS = 3_000;
const PROFILE_MS = 8_000;
const connections = Number(values.connections);

type Candidate = {
  name: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  pid: number;
};

await compare();
if (!values["without-stages"]) {
  await profileStages();
  await profileStatements();
}

/** Microseconds of processor time an event, and events a second, of each candidate, in turns. */
async function compare(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const candidates: Candidate[] = [];
  const add = async (name: string, cli: string): Promise<void> => {
    const hub = stack.use(await openSluice({ cli: toWords(cli), parent: values.dir }));
    candidates.push({ name, url: hub.url, headers: toOrdinary(hub.headers), pid: hub.pid });
  };
  await add("sluice", values.cli);
  if (values.before !== undefined) await add("sluice before", values.before);
  for (const mode of ["group", "plain"] as const) {
    candidates.push(stack.use(await openBare(mode, values.dir)));
  }
  for (const one of candidates) {
    await waitForHttp(one);
    await load(one, WARM_UP_MS);
  }
  const samples = candidates.map((one) => ({
    one,
    cpuUs: [] as number[],
    perSecond: [] as number[],
  }));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const { one, cpuUs, perSecond } of samples) {
      const before = readCpuMs(one.pid);
      const { ok, perSecond: rate } = await load(one, ROUND_MS);
      cpuUs.push(((readCpuMs(one.pid) - before) * 1_000) / ok);
      perSecond.push(rate);
    }
  }
  const bare = samples.find(({ one }) => one.name === "bare, group commit");
  const ratio = (own: number[], other: number[] = []): string =>
    toMedian(own.map((value, index) => value / (other[index] ?? Number.NaN))).toFixed(2);
  console.log(
    `## ${connections} connections, medians of ${values.rounds} rounds of ${ROUND_MS / 1_000} s, taking turns; ratios to the bare group commit\n`,
  );
  console.log("| candidate | CPU of its process, µs an event | ratio | events a second | ratio |");
  console.log("| --- | ---: | ---: | ---: | ---: |");
  for (const { one, cpuUs, perSecond } of samples) {
    console.log(
      `| ${one.name} | ${toMedian(cpuUs).toFixed(1)} | ${ratio(cpuUs, bare?.cpuUs)} | ${toMedian(perSecond).toFixed(0)} | ${ratio(perSecond, bare?.perSecond)} |`,
    );
  }
}

/** V8's own profile of a hub under load, its idle time taken out. */
async function profileStages(): Promise<void> {
  const folder = mkdtempSync(join(values.dir, "sluice-profile-"));
  try {
    const flags = ["--cpu-prof", "--cpu-prof-interval=200", `--cpu-prof-dir=${folder}`];
    const { ok } = await withHub(flags, {}, async (hub) => load(hub, PROFILE_MS));
    const [file = ""] = readdirSync(folder)
      .map((name) => join(folder, name))
      .toSorted((a, b) => readFileSync(b).length - readFileSync(a).length);
    // The shape is V8's: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile
    const { stages, functions } = toStages(JSON.parse(readFileSync(file, "utf8")) as Profile);
    const print = (head: string, rows: ReadonlyMap<string, number>, most: number): void => {
      const total = [...rows.values()].reduce((sum, us) => sum + us, 0);
      console.log(`\n## ${head}, of ${(total / ok).toFixed(1)} µs an event\n`);
      console.log("| | µs an event | share |");
      console.log("| --- | ---: | ---: |");
      for (const [name, us] of [...rows].toSorted((a, b) => b[1] - a[1]).slice(0, most))
        console.log(`| ${name} | ${(us / ok).toFixed(2)} | ${((100 * us) / total).toFixed(1)} % |`);
    };
    print("By stage", stages, 30);
    print("By function", functions, 45);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function profileStatements(): Promise<void> {
  const folder = mkdtempSync(join(values.dir, "sluice-profile-"));
  try {
    const file = join(folder, "statements.json");
    const script = join(import.meta.dirname, "statements.mjs");
    const { ok } = await withHub(["--import", script], { STATEMENTS_FILE: file }, async (hub) => {
      await load(hub, WARM_UP_MS);
      process.kill(hub.pid, "SIGUSR2");
      return load(hub, PROFILE_MS);
    });
    // The shape is statements.mjs's own.
    const rows = JSON.parse(readFileSync(file, "utf8")) as {
      sql: string;
      count: number;
      ms: number;
    }[];
    console.log("\n## By statement\n");
    console.log("| statement | times an event | µs each | µs an event |");
    console.log("| --- | ---: | ---: | ---: |");
    for (const { sql, count, ms } of rows.toSorted((a, b) => b.ms - a.ms).slice(0, 25)) {
      const text = sql.replaceAll(/\s+/g, " ").replaceAll("|", "\\|").slice(0, 90);
      console.log(
        `| ${text} | ${(count / ok).toFixed(3)} | ${((1_000 * ms) / count).toFixed(1)} | ${((1_000 * ms) / ok).toFixed(2)} |`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A hub that this process holds, with flags of its own; it is ended before this resolves, so that what it writes at its end is there. */
async function withHub<T>(
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
  use: (hub: Candidate) => Promise<T>,
): Promise<T> {
  let child: ChildProcess | undefined;
  const [node, ...args] = toWords(values.cli);
  const start: SluiceOptions["start"] = async (base) => {
    child = spawn(
      node,
      [
        "--max-semi-space-size=16",
        "--expose-gc",
        ...flags,
        ...args,
        "up",
        "--foreground",
        "--detached",
      ],
      { env: { ...base, ...env }, stdio: "ignore" },
    );
    return child.pid ?? 0;
  };
  const hub = await openSluice({ cli: [node, ...args], parent: values.dir, start });
  try {
    await waitForHttp(hub);
    return await use({
      name: hub.name,
      url: hub.url,
      headers: toOrdinary(hub.headers),
      pid: hub.pid,
    });
  } finally {
    const ended = child === undefined || child.exitCode !== null ? undefined : once(child, "exit");
    await hub[Symbol.asyncDispose]();
    await ended;
  }
}

async function load(one: Candidate, forMs: number): Promise<{ ok: number; perSecond: number }> {
  const result = await runClosedLoop({
    url: one.url,
    headers: one.headers,
    body: BODY,
    connections,
    forMs,
  });
  if (result.notOk + result.errors > 0)
    throw new Error(`${one.name} refused ${result.notOk} and broke off ${result.errors} requests`);
  return result;
}

/** The everyday event waits for company; an urgent one is looked at in the turn that stores it (DISPATCH-1). */
function toOrdinary(headers: Readonly<Record<string, string>>): Record<string, string> {
  return { ...headers, "x-sluice-priority": "normal" };
}

function toWords(line: string): [string, ...string[]] {
  const [first = "", ...rest] = line.split(" ").filter((word) => word !== "");
  return [first, ...rest];
}
