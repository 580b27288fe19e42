/**
 * Runs the benchmarks and prints ratios: `node bench/run.ts [--quick] [--only startup,throughput,latency,hooks,sustained] [--cli "node bin/sluice.js"]
 * [--shim "node dist/client/shim.js --plugin"] [--without-sluice] [--dir FOLDER] [--out FILE]`.
 *
 * Owns: the order and the report. Every measurement is interleaved; every number stands beside the reference's.
 */
import { writeFileSync } from "node:fs";
import { cpus, release, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureFsync } from "./fsync.ts";
import { measureHooks, type Memory } from "./hooks.ts";
import { runClosedLoop, runOpenLoop } from "./load.ts";
import { openReceiver, waitForArrivals } from "./receiver.ts";
import { measureStartup } from "./startup.ts";
import { toMedian, toSummary } from "./summary.ts";
import { readCpuMs } from "./cpu.ts";
import { openBare, openReference, openSluice, waitForHttp } from "./targets.ts";
import type { BareTarget, Target } from "./targets.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "startup,throughput,latency,hooks,sustained" },
    cli: {
      type: "string",
      default: `${process.execPath} ${join(import.meta.dirname, "../bin/sluice.js")}`,
    },
    shim: {
      type: "string",
      default: `${process.execPath} ${join(import.meta.dirname, "../dist/client/shim.js")} --plugin`,
    },
    "without-sluice": { type: "boolean", default: false },
    "without-bun": { type: "boolean", default: false },
    dir: { type: "string", default: tmpdir() },
    out: { type: "string", default: join(import.meta.dirname, "RESULTS.md") },
  },
});

const BODY = `BENCH_ID build 4711 of octo/app failed on main: ${"unit tests, 3 of 812; ".repeat(8)}`;
const ROUNDS = values.quick ? 2 : 5;
const STARTS = values.quick ? 5 : 20;
const LOOP_MS = values.quick ? 1_000 : 5_000;
const CONNECTIONS = [1, 16, 64];
const RATE_PER_SECOND = 200;
const SUSTAINED_PER_SECOND = 1_000;
const SUSTAINED_MS = values.quick ? 3_000 : 60_000;
const HOOK_CALLS = values.quick ? 200 : 2_000;

/** A line of the report: one measure, a value for each target. */
type Row = {
  measure: string;
  unit: string;
  better: "lower" | "higher";
  values: Record<string, number>;
};

const opens: (() => Promise<Target>)[] = [];
if (!values["without-sluice"])
  opens.push(() =>
    openSluice({ cli: toWords(values.cli), shim: toWords(values.shim), parent: values.dir }),
  );
opens.push(() => openReference("node"));
if (!values["without-bun"]) opens.push(() => openReference("bun"));

/** What can only be posted to: what keeping alone costs. */
const bares: (() => Promise<BareTarget>)[] = [
  () => openBare("group", values.dir),
  () => openBare("plain", values.dir),
];

const WARM_UP_MS = 1_500;

const rows: Row[] = [];
const remarks: string[] = [];
const fsyncs = measureFsync(values.dir);

for (const measure of values.only.split(",")) {
  if (measure === "startup") rows.push(await runStartup());
  else if (measure === "throughput")
    for (const connections of CONNECTIONS) rows.push(...(await runThroughput(connections)));
  else if (measure === "latency") rows.push(...(await runLatency()));
  else if (measure === "hooks") await runHooks();
  else if (measure === "sustained") await runSustained();
  else
    throw new Error(
      `unknown measure "${measure}"; take startup, throughput, latency, hooks, sustained`,
    );
}

const report = toReport();
process.stdout.write(report);
writeFileSync(values.out, report);

async function runStartup(): Promise<Row> {
  await using targets = await openAll();
  const samples = await measureStartup(
    Object.fromEntries(targets.list.map(({ name, session }) => [name, session])),
    STARTS,
  );
  return {
    measure: `spawn to initialize, median of ${STARTS}`,
    unit: "ms",
    better: "lower",
    values: mapValues(samples, toMedian),
  };
}

/** POSTs answered with a 2xx, in a closed loop, with a session attached where there are sessions. */
async function runThroughput(connections: number): Promise<Row[]> {
  const perSecond: Record<string, number[]> = {};
  const p99: Record<string, number[]> = {};
  const cpuUs: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const open of [...opens, ...bares]) {
      await using stack = new AsyncDisposableStack();
      const target: Target | BareTarget = stack.use(await open());
      // A session is attached; what it takes is the latency's matter.
      if ("session" in target) stack.use(await openReceiver(target.session, "notifications"));
      await waitForHttp(target);
      const startedMs = toCpuMs(target);
      const result = await runClosedLoop({
        url: target.url,
        headers: target.headers,
        body: BODY,
        connections,
        forMs: LOOP_MS,
      });
      (perSecond[target.name] ??= []).push(result.perSecond);
      (p99[target.name] ??= []).push(result.p99Ms);
      const tookMs = toCpuMs(target) - startedMs;
      if (!Number.isNaN(tookMs)) (cpuUs[target.name] ??= []).push((tookMs * 1_000) / result.ok);
      if (result.notOk + result.errors > 0)
        remarks.push(
          `${target.name}, ${connections} connections: ${result.notOk} refused ${JSON.stringify(result.statuses)}, ${result.errors} errors`,
        );
    }
  }
  return [
    {
      measure: `POST answered, ${connections} connections`,
      unit: "/s",
      better: "higher",
      values: mapValues(perSecond, toMedian),
    },
    {
      measure: `the same, p99 of an answer`,
      unit: "ms",
      better: "lower",
      values: mapValues(p99, toMedian),
    },
    {
      measure: `the same, CPU of who answers, for each`,
      unit: "µs",
      better: "lower",
      values: mapValues(cpuUs, toMedian),
    },
  ];
}

/** Of the one process that answers: a reference's is its session's, which is not ours to name. */
function toCpuMs(target: Target | BareTarget): number {
  return "pid" in target && process.platform === "linux" ? readCpuMs(target.pid) : Number.NaN;
}

/** From the moment a POST was due to the moment the event is at the session, at a fixed rate. */
async function runLatency(): Promise<Row[]> {
  const samples: Record<string, number[]> = {};
  const lost: Record<string, number> = {};
  const duplicates: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const open of opens) {
      await using target = await open();
      await using receiver = await openReceiver(target.session, target.receive);
      await waitForHttp(target);
      // A client that has just started may not listen yet; what is measured is one that does.
      await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
      const tag = `bench-${Date.now().toString(36)}`;
      const sent = await runOpenLoop({
        url: target.url,
        headers: target.headers,
        body: BODY,
        ratePerSecond: RATE_PER_SECOND,
        forMs: LOOP_MS,
        tag,
      });
      await waitForArrivals(receiver, sent.length);
      const accepted = sent.filter(({ status }) => status >= 200 && status < 300);
      if (accepted.length < sent.length)
        remarks.push(
          `${target.name}, ${RATE_PER_SECOND}/s: ${sent.length - accepted.length} of ${sent.length} not accepted`,
        );
      for (const { id, dueAt } of accepted) {
        const arrivedAt = receiver.arrivals.get(id);
        if (arrivedAt === undefined) lost[target.name] = (lost[target.name] ?? 0) + 1;
        else (samples[target.name] ??= []).push(arrivedAt - dueAt);
      }
      lost[target.name] ??= 0;
      duplicates[target.name] = (duplicates[target.name] ?? 0) + receiver.duplicates;
    }
  }
  const row = (measure: string, unit: string, of: Record<string, number>): Row => ({
    measure,
    unit,
    better: "lower",
    values: of,
  });
  return [
    row(
      `POST to session at ${RATE_PER_SECOND}/s, p50`,
      "ms",
      mapValues(samples, (list) => toSummary(list).p50),
    ),
    row(
      `POST to session at ${RATE_PER_SECOND}/s, p99`,
      "ms",
      mapValues(samples, (list) => toSummary(list).p99),
    ),
    row("accepted and not arrived", "events", lost),
    row("read twice", "events", duplicates),
  ];
}

/** What only Sluice has: there is nothing to set beside it but its own bounds. */
async function runHooks(): Promise<void> {
  if (values["without-sluice"]) return;
  const shim = toWords(values.shim);
  await using target = await openSluice({ cli: toWords(values.cli), shim, parent: values.dir });
  const { up, stopped, idle, memory } = await measureHooks(target, target.pid, HOOK_CALLS);
  const show = (samples: readonly number[]) => {
    const { p50, p99, max } = toSummary(samples);
    return `p50 ${toNumber(p50)} ms, p99 ${toNumber(p99)} ms, max ${toNumber(max)} ms (${samples.length} calls)`;
  };
  remarks.push(`hook answer, hub up: ${show(up)}; bound of the p99 5 ms`);
  remarks.push(`hook answer, hub stopped by SIGSTOP: ${show(stopped)}; bound of the p99 40 ms`);
  remarks.push(`resident memory: ${toSum(memory, "resident")}, after ${HOOK_CALLS} hooks`);
  remarks.push(`the same, shared pages counted once (Pss): ${toSum(memory, "share")}`);
  remarks.push(
    `resident memory before the first hook: ${toSum(idle, "resident")}; bounds: hub 110, shim + bell 120 MiB`,
  );
}

function toSum(of: Readonly<Record<string, Memory>>, kind: keyof Memory): string {
  const sum = Object.values(of).reduce((total, one) => total + one[kind], 0);
  const parts = Object.entries(of).map(([name, one]) => `${name} ${Math.round(one[kind])}`);
  return `${parts.join(" + ")} = ${Math.round(sum)} MiB`;
}

/** A steady stream with nobody to take it; an answer's time counts from when its POST was due. */
async function runSustained(): Promise<void> {
  if (values["without-sluice"]) return;
  const shim = toWords(values.shim);
  await using target = await openSluice({ cli: toWords(values.cli), shim, parent: values.dir });
  await waitForHttp(target);
  const sent = await runOpenLoop({
    url: target.url,
    headers: target.headers,
    body: BODY,
    ratePerSecond: SUSTAINED_PER_SECOND,
    forMs: SUSTAINED_MS,
    tag: "bench-sustained",
  });
  const times = sent.flatMap(({ status, answeredAt, dueAt }) =>
    status === 202 && answeredAt !== null ? [answeredAt - dueAt] : [],
  );
  const { p50, p99, max } = toSummary(times);
  remarks.push(
    `${SUSTAINED_PER_SECOND} POSTs a second for ${SUSTAINED_MS / 1000} s: ${times.length} of ${sent.length} accepted; p50 ${toNumber(p50)} ms, p99 ${toNumber(p99)} ms, max ${toNumber(max)} ms; bounds 100 ms and 1 s`,
  );
}

/** All targets at once; only for what leaves them idle. */
async function openAll(): Promise<AsyncDisposable & { list: Target[] }> {
  const stack = new AsyncDisposableStack();
  const list: Target[] = [];
  try {
    for (const open of opens) list.push(stack.use(await open()));
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
  return { list, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

function toReport(): string {
  const names = [...new Set(rows.flatMap(({ values: of }) => Object.keys(of)))];
  const ours = names.includes("sluice");
  const others = names.filter((name) => name !== "sluice");
  const head = ["measure", ...names, ...(ours ? others.map((name) => `sluice / ${name}`) : [])];
  const body = rows.map(({ measure, unit, better, values: of }) => {
    const cells = names.map((name) => toNumber(of[name]));
    const ratios = ours ? others.map((name) => toRatio(of["sluice"], of[name])) : [];
    return [`${measure} (${unit}, ${better} is better)`, ...cells, ...ratios];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    "# Results",
    "",
    `${new Date().toISOString().slice(0, 10)} · ${cpus()[0]?.model.trim()} × ${cpus().length} · ${process.platform} ${release()} · Node ${process.versions.node} · ${Math.round(fsyncs)} flushed 4 KiB writes a second on the disk measured${values.quick ? " · quick run: a smoke test, not a measurement" : ""}`,
    "",
    line(head),
    line(head.map(() => "---")),
    ...body.map(line),
    "",
    ...remarks.map((remark) => `- ${remark}`),
    "",
  ].join("\n");
}

function toNumber(value: number | undefined): string {
  if (value === undefined) return "-";
  return value >= 100
    ? Math.round(value).toString()
    : value.toFixed(value >= 10 || value === 0 ? 0 : 2);
}

function toRatio(a: number | undefined, b: number | undefined): string {
  return a === undefined || b === undefined || b === 0 ? "-" : `${(a / b).toFixed(2)}`;
}

function mapValues<T>(of: Record<string, T>, to: (value: T) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, to(value)]));
}

function toWords(line: string): [string, ...string[]] {
  const [first = "", ...rest] = line.split(" ").filter((word) => word !== "");
  return [first, ...rest];
}
