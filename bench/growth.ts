/**
 * What an event costs where much is kept: `node bench/growth.ts [--quick] [--rounds 6] [--stored 1000000] [--waiting 100000] [--channels 200]
 * [--sessions 1000] [--attached 1000] [--statements] [--cli "node bin/sluice.js"] [--dir FOLDER]`.
 *
 * Two real hubs, one with an empty home and one with a full one, are given the same events in turns; what is compared is the processor
 * time of the hub for each. Two ways: accepted and kept, with nobody to take it; and the whole way (accepted, routed, delivered over a
 * real shim, acknowledged). In the full home `--sessions` are known and closed, each with a subscription, and what waits is for them;
 * `--attached` more hold a lease each, as a shim does, but without a process: this one holds all of them. So what a hub does for an
 * attached session is measured, and not what its client does.
 * `--statements` counts each home's SQL statements as well.
 *
 * Exits 1 where an event costs more than 1.3 times as much in the full home.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { readStream } from "../src/api/client/client.ts";
import { readCpuMs } from "./cpu.ts";
import { fillHome, LIVE, SHELF, type Size } from "./fill.ts";
import { runClosedLoop, runOpenLoop } from "./load.ts";
import { openReceiver, type Receiver, waitForArrivals } from "./receiver.ts";
import { toMedian } from "./summary.ts";
import { openSluice, waitForHttp } from "./targets.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    stored: { type: "string" },
    waiting: { type: "string" },
    channels: { type: "string" },
    sessions: { type: "string" },
    attached: { type: "string" },
    statements: { type: "boolean", default: false },
    cli: {
      type: "string",
      default: `${process.execPath} ${join(import.meta.dirname, "../bin/sluice.js")}`,
    },
    dir: { type: "string", default: tmpdir() },
  },
});

const LIMIT = 1.3;
const CONNECTIONS = 16;
const ACCEPT_MS = 1_500;
const RATE_PER_SECOND = 200;
const DELIVER_MS = 2_500;
const IDLE_MS = 3_000;
/** Nothing came for so long: nothing more comes. A busy machine is slow. */
const QUIET_MS = 20_000;
const BODY = `BENCH_ID build 4711 of octo/app failed on main: ${"unit tests, 3 of 812; ".repeat(8)}`;

const toNumber = (given: string | undefined, whole: number, quick: number): number =>
  given === undefined ? (values.quick ? quick : whole) : Number(given);
const ROUNDS = toNumber(values.rounds, 6, 3);
const FULL: Size & { attached: number } = {
  stored: toNumber(values.stored, 1_000_000, 20_000),
  waiting: toNumber(values.waiting, 100_000, 2_000),
  channels: toNumber(values.channels, 200, 20),
  sessions: toNumber(values.sessions, 1_000, 50),
  attached: toNumber(values.attached, 1_000, 50),
};
const EMPTY: typeof FULL = { stored: 0, waiting: 0, channels: 0, sessions: 0, attached: 0 };

type Way = "accept" | "deliver";
type Statement = { sql: string; count: number; ms: number };
type Hub = AsyncDisposable & {
  pid: number;
  /** Microseconds of processor time an event. */
  run(way: Way): Promise<number>;
  /** Milliseconds of processor time a second, while nothing comes. */
  idle(): Promise<number>;
  statements: string;
};

await using stack = new AsyncDisposableStack();
console.error("making the homes, and starting their hubs");
const hubs = { empty: stack.use(await open(EMPTY)), full: stack.use(await open(FULL)) };
const names = ["empty", "full"] as const;
const samples = { accept: { empty: [], full: [] }, deliver: { empty: [], full: [] } } as Record<
  Way,
  Record<(typeof names)[number], number[]>
>;
for (let round = -1; round < ROUNDS; round++) {
  for (const way of ["accept", "deliver"] as const)
    for (const name of names) {
      const us = await hubs[name].run(way);
      if (round >= 0) samples[way][name].push(us);
    }
  console.error(`round ${round + 1} of ${ROUNDS} is over`);
}
const idle = { empty: await hubs.empty.idle(), full: await hubs.full.idle() };
const { stored, waiting, channels, sessions, attached } = FULL;
console.log(
  `## An event in a home with ${stored} events, of which ${waiting} wait, ${channels} channels, ${sessions} closed and ${attached} attached sessions\n`,
);
console.log(
  "| the hub's processor time | empty home | full home | ratio |\n| --- | ---: | ---: | ---: |",
);
let worst = 0;
for (const [way, what] of [
  ["accept", "accepted and kept, µs an event"],
  ["deliver", "accepted, routed, delivered and acknowledged, µs an event"],
] as const) {
  const { empty, full } = samples[way];
  const ratio = toMedian(full.map((us, index) => us / (empty[index] ?? Number.NaN)));
  worst = Math.max(worst, ratio);
  console.log(
    `| ${what} | ${toMedian(empty).toFixed(1)} | ${toMedian(full).toFixed(1)} | ${ratio.toFixed(2)} |`,
  );
}
console.log(`| idle, ms a second | ${idle.empty.toFixed(1)} | ${idle.full.toFixed(1)} | |`);
await stack.disposeAsync();
if (values.statements) printStatements(hubs.empty.statements, hubs.full.statements);
if (worst > LIMIT) {
  console.error(`an event costs ${worst.toFixed(2)} times as much; at most ${LIMIT}`);
  process.exitCode = 1;
}

async function open(size: typeof FULL): Promise<Hub> {
  const [node = "", ...args] = values.cli.split(" ").filter((word) => word !== "");
  const inner = new AsyncDisposableStack();
  const statements = join(values.dir, `sluice-statements-${process.pid}-${size.stored}.json`);
  let tokens: Record<string, string> = {};
  let child: ChildProcess | undefined;
  const target = inner.use(
    await openSluice({
      cli: [node, ...args],
      parent: values.dir,
      shim: [node, join(import.meta.dirname, "../dist/client/shim.js"), "--plugin"],
      start: async (env) => {
        tokens = await fillHome(env, size);
        const counting = ["--import", join(import.meta.dirname, "statements.mjs")];
        child = spawn(
          node,
          [
            "--max-semi-space-size=16",
            "--expose-gc",
            ...(values.statements ? counting : []),
            ...args,
            "up",
            "--foreground",
            "--detached",
          ],
          { env: { ...env, STATEMENTS_FILE: statements }, stdio: "ignore" },
        );
        return child.pid ?? 0;
      },
    }),
  );
  const { pid } = target;
  const toTarget = (channel: string): { url: string; headers: Record<string, string> } => ({
    url: target.url.replace(/[^/]+$/, channel),
    headers: { ...target.headers, authorization: `Bearer ${tokens[channel]}` },
  });
  await waitForHttp(toTarget(SHELF), 60_000);
  const leases = await attach(target.session.env["SLUICE_HOME"] ?? "", size.attached);
  inner.defer(() => leases.abort());
  const receiver = inner.use(await openReceiver(target.session, "confirming"));
  if (values.statements) process.kill(pid, "SIGUSR2");
  let turn = 0;
  return {
    pid,
    statements,
    run: (way) =>
      way === "accept"
        ? measureAccept(pid, toTarget(SHELF))
        : measureDelivery(pid, toTarget(LIVE), receiver, `bench-g${turn++}`),
    async idle() {
      const before = readCpuMs(pid);
      await sleep(IDLE_MS);
      return ((readCpuMs(pid) - before) * 1_000) / IDLE_MS;
    },
    [Symbol.asyncDispose]: () => inner.disposeAsync(),
  };
}

type Place = { url: string; headers: Record<string, string> };

async function measureAccept(pid: number, { url, headers }: Place): Promise<number> {
  const before = readCpuMs(pid);
  const ordinary = { ...headers, "x-sluice-priority": "normal" };
  const load = { url, headers: ordinary, body: BODY, connections: CONNECTIONS, forMs: ACCEPT_MS };
  const { ok, notOk, errors } = await runClosedLoop(load);
  if (notOk + errors > 0) throw new Error(`${notOk} were refused, ${errors} broke off`);
  return ((readCpuMs(pid) - before) * 1_000) / ok;
}

async function measureDelivery(
  pid: number,
  { url, headers }: Place,
  receiver: Receiver,
  tag: string,
): Promise<number> {
  // The turn that goes on is believed for twenty seconds.
  await receiver.prompt();
  const before = readCpuMs(pid);
  const already = receiver.arrivals.size;
  const load = { url, headers, body: BODY, ratePerSecond: RATE_PER_SECOND, forMs: DELIVER_MS, tag };
  const sent = await runOpenLoop(load);
  await waitForArrivals(receiver, already + sent.length, QUIET_MS);
  const arrived = receiver.arrivals.size - already;
  if (arrived < sent.length) throw new Error(`${arrived} of ${sent.length} arrived`);
  return ((readCpuMs(pid) - before) * 1_000) / sent.length;
}

/** Holds `count` leases, each of another client in a folder of its own. */
async function attach(home: string, count: number): Promise<AbortController> {
  const stop = new AbortController();
  for (let index = 0; index < count; index++) {
    const client = {
      // Beyond what a system gives: no process of this machine is meant.
      pid: 5_000_000 + index,
      startTime: "bench",
      argv: ["claude"],
      name: "claude-code",
      version: "2.1.332",
      plugin: true,
      interactive: true,
      session: `attached-${index}`,
      cwd: join(home, `no-project-${index}`),
    };
    await new Promise<void>((resolve, reject) => {
      readStream({
        socket: readSocket(home),
        path: "/v1/attachments",
        body: { client, remembered: { stops: 0 } },
        signal: stop.signal,
        onMessage: () => resolve(),
      }).then(() => reject(new Error("a lease ended")), reject);
    });
  }
  return stop;
}

function readSocket(home: string): string {
  return join(home, "hub.sock");
}

function printStatements(empty: string, full: string): void {
  const read = (file: string): Map<string, Statement> =>
    // The shape is statements.mjs's own.
    new Map((JSON.parse(readFileSync(file, "utf8")) as Statement[]).map((one) => [one.sql, one]));
  const [before, after] = [read(empty), read(full)];
  console.log("\n| statement | times | µs each, empty | µs each, full | ratio |");
  console.log("| --- | ---: | ---: | ---: | ---: |");
  for (const { sql, count, ms } of [...after.values()]
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, 40)) {
    const known = before.get(sql);
    const [was, is] = [(1_000 * (known?.ms ?? 0)) / (known?.count ?? 1), (1_000 * ms) / count];
    const text = sql.replaceAll(/\s+/g, " ").replaceAll("|", "\\|").slice(0, 110);
    console.log(
      `| ${text} | ${count} | ${was.toFixed(1)} | ${is.toFixed(1)} | ${(is / was).toFixed(2)} |`,
    );
  }
}
