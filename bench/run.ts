/**
 * Runs the benchmarks and prints ratios: `node bench/run.ts [--quick] [--only startup,throughput,latency,hooks,sustained,serve,senders] [--connections 1,64]
 * [--rounds 6] [--cli "node bin/sluice.js"] [--shim "node dist/client/shim.js --plugin"] [--without-sluice] [--without-bun] [--dir FOLDER]
 * [--out FILE]`. The whole of it takes less than ten minutes; what it is doing stands on stderr.
 *
 * Owns: the order and the report. Every measurement is interleaved; every number stands beside the reference's.
 */
import { writeFileSync } from "node:fs";
import { cpus, release, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Bar, renderBars, toMedianRatio, toShort } from "./bars.ts";
import { measureFsync } from "./fsync.ts";
import { measureHooks, type Memory } from "./hooks.ts";
import { runClosedLoop, runOpenLoop } from "./load.ts";
import { openReceiver, waitForArrivals } from "./receiver.ts";
import { measureSenders, SENDER_LIMIT } from "./senders.ts";
import { measureServe, openServe, openServeReference, type ServeFigures } from "./serve.ts";
import { measureStartup } from "./startup.ts";
import { toMedian, toSummary } from "./summary.ts";
import { readCpuMs } from "./cpu.ts";
import { openBare, openReference, openSluice, waitForHttp } from "./targets.ts";
import type { BareTarget, Target } from "./targets.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "startup,throughput,latency,hooks,sustained,serve,senders" },
    connections: { type: "string", default: "1,64" },
    rounds: { type: "string" },
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
const ROUNDS = Number(values.rounds ?? (values.quick ? 2 : 6));
const LATENCY_ROUNDS = Number(values.rounds ?? (values.quick ? 1 : 4));
const STARTS = values.quick ? 5 : 20;
const LOOP_MS = values.quick ? 1_000 : 2_500;
const LATENCY_MS = values.quick ? 1_000 : 5_000;
const CONNECTIONS = values.connections.split(",").map(Number);
const RATE_PER_SECOND = 200;
const SUSTAINED_PER_SECOND = 1_000;
const SUSTAINED_MS = values.quick ? 3_000 : 60_000;
const SERVE_ROUNDS = Number(values.rounds ?? (values.quick ? 1 : 5));
const SERVE_SIZE = values.quick
  ? { events: 200, slowEvents: 200 }
  : { events: 2_000, slowEvents: 5_000 };
const SERVE_MEASURES = [
  { key: "startMs", measure: "processor time to initialize", unit: "ms", bar: 1.3 },
  { key: "idleMiB", measure: "memory once it listens", unit: "MiB", bar: 1.5 },
  { key: "eventUs", measure: "processor time of an event", unit: "µs", bar: undefined },
  { key: "slowMiB", measure: "memory that a deaf client costs", unit: "MiB", bar: 1 },
] as const;
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

const [NODE, GROUP, PLAIN] = ["reference (node)", "bare, group commit", "bare, a commit each"];
const WARM_UP_MS = 1_500;

const rows: Row[] = [];
const remarks: string[] = [];
const bars: Bar[] = [];
const fsyncs = measureFsync(values.dir);

for (const measure of values.only.split(",")) {
  progress(measure);
  if (measure === "startup") rows.push(await runStartup());
  else if (measure === "throughput")
    for (const connections of CONNECTIONS) rows.push(...(await runThroughput(connections)));
  else if (measure === "latency") rows.push(...(await runLatency()));
  else if (measure === "hooks") await runHooks();
  else if (measure === "sustained") await runSustained();
  else if (measure === "serve") await runServe();
  else if (measure === "senders") await runSenders();
  else
    throw new Error(
      `unknown measure "${measure}"; take startup, throughput, latency, hooks, sustained, serve, senders`,
    );
}

const report = toReport();
process.stdout.write(report);
writeFileSync(values.out, report);

/** What is being done, and after how long. */
function progress(what: string): void {
  process.stderr.write(`${(performance.now() / 1_000).toFixed(0).padStart(4)} s  ${what}\n`);
}

async function runStartup(): Promise<Row> {
  await using targets = await openAll();
  const samples = await measureStartup(
    Object.fromEntries(targets.list.map(({ name, session }) => [name, session])),
    STARTS,
  );
  for (const [runtime, bar] of [
    ["node", 0.45],
    ["bun", 0.85],
  ] as const)
    bars.push({
      figure: `spawn to initialize, of the SDK's server on ${runtime}`,
      value: toMedianRatio(samples["sluice"], samples[`reference (${runtime})`]),
      bar,
      is: "at most",
    });
  return {
    measure: `spawn to initialize, median of ${STARTS}`,
    unit: "ms",
    better: "lower",
    values: mapValues(samples, toMedian),
  };
}

/** POSTs answered with a 2xx, in a closed loop, with a session attached where there are sessions. All run at once and take turns. */
async function runThroughput(connections: number): Promise<Row[]> {
  const perSecond: Record<string, number[]> = {};
  const p99: Record<string, number[]> = {};
  const cpuUs: Record<string, number[]> = {};
  await using stack = new AsyncDisposableStack();
  const targets: (Target | BareTarget)[] = [];
  for (const open of [...opens, ...bares]) {
    const target: Target | BareTarget = stack.use(await open());
    targets.push(target);
    // A session is attached; what it takes is the latency's matter.
    if ("session" in target) stack.use(await openReceiver(target.session, "notifications"));
    await waitForHttp(target);
  }
  // The first round only warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    progress(`throughput at ${connections} connections, round ${round} of ${ROUNDS}`);
    for (const target of targets) {
      const { url, headers, name } = target;
      const startedMs = toCpuMs(target);
      const load = { url, headers: toOrdinary(headers), body: BODY, connections };
      const result = await runClosedLoop({ ...load, forMs: round === 0 ? WARM_UP_MS : LOOP_MS });
      if (result.notOk + result.errors > 0)
        remarks.push(
          `${name}, ${connections} connections: ${result.notOk} refused ${JSON.stringify(result.statuses)}, ${result.errors} errors`,
        );
      if (round === 0) continue;
      (perSecond[name] ??= []).push(result.perSecond);
      (p99[name] ??= []).push(result.p99Ms);
      const tookMs = toCpuMs(target) - startedMs;
      if (!Number.isNaN(tookMs)) (cpuUs[name] ??= []).push((tookMs * 1_000) / result.ok);
    }
  }
  bars.push(...toThroughputBars(connections, perSecond, cpuUs));
  const row = (measure: string, unit: string, better: Row["better"], of: typeof p99): Row => ({
    measure,
    unit,
    better,
    values: mapValues(of, toMedian),
  });
  return [
    row(`POST answered, ${connections} connections`, "/s", "higher", perSecond),
    row("the same, p99 of an answer", "ms", "lower", p99),
    row("the same, CPU of who answers, for each", "µs", "lower", cpuUs),
  ];
}

/** The everyday event: an urgent one is looked at in the turn that stores it, and that is the latency's matter. */
function toOrdinary(headers: Readonly<Record<string, string>>): Record<string, string> {
  return "x-sluice-priority" in headers
    ? { ...headers, "x-sluice-priority": "normal" }
    : { ...headers };
}

function toThroughputBars(
  connections: number,
  perSecond: Record<string, number[]>,
  cpuUs: Record<string, number[]>,
): Bar[] {
  const own = perSecond["sluice"];
  const of = (name: string): number => toMedianRatio(own, perSecond[name]);
  if (connections === 1)
    return [
      { figure: "one connection, of a commit each", value: of(PLAIN), bar: 1, is: "at least" },
    ];
  if (connections !== 64) return [];
  const cpu = toMedianRatio(cpuUs["sluice"], cpuUs[GROUP]);
  const figure = "POST to durable answer at 64 connections, of";
  return [
    { figure: `${figure} the reference (node)`, value: of(NODE), bar: 0.75, is: "at least" },
    { figure: `${figure} a bare group commit`, value: of(GROUP), bar: 0.8, is: "at least" },
    { figure: `${figure} a commit each`, value: of(PLAIN), bar: 4, is: "at least" },
    { figure: "CPU an event, of a bare group commit's", value: cpu, bar: 1.4, is: "at most" },
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
  const perRound: Record<"p50" | "p99", Record<string, number[]>> = { p50: {}, p99: {} };
  for (let round = 0; round < LATENCY_ROUNDS; round++) {
    progress(`POST to session, round ${round + 1} of ${LATENCY_ROUNDS}`);
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
        forMs: LATENCY_MS,
        tag,
      });
      await waitForArrivals(receiver, sent.length);
      const accepted = sent.filter(({ status }) => status >= 200 && status < 300);
      if (accepted.length < sent.length)
        remarks.push(
          `${target.name}, ${RATE_PER_SECOND}/s: ${sent.length - accepted.length} of ${sent.length} not accepted`,
        );
      const times: number[] = [];
      for (const { id, dueAt } of accepted) {
        const arrivedAt = receiver.arrivals.get(id);
        if (arrivedAt === undefined) lost[target.name] = (lost[target.name] ?? 0) + 1;
        else times.push(arrivedAt - dueAt);
      }
      (samples[target.name] ??= []).push(...times);
      const { p50, p99 } = toSummary(times);
      (perRound.p50[target.name] ??= []).push(p50);
      (perRound.p99[target.name] ??= []).push(p99);
      lost[target.name] ??= 0;
      duplicates[target.name] = (duplicates[target.name] ?? 0) + receiver.duplicates;
    }
  }
  for (const [which, bar] of [
    ["p50", 2],
    ["p99", 3],
  ] as const) {
    const value = toMedianRatio(perRound[which]["sluice"], perRound[which][NODE]);
    const figure = `POST to session at ${RATE_PER_SECOND}/s, ${which}, of the reference (node)`;
    bars.push({ figure, value, bar, is: "at most" });
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
    return `p50 ${toShort(p50)} ms, p99 ${toShort(p99)} ms, max ${toShort(max)} ms (${samples.length} calls)`;
  };
  remarks.push(`hook answer, hub up: ${show(up)}`);
  remarks.push(`hook answer, hub stopped by SIGSTOP: ${show(stopped)}`);
  remarks.push(`resident memory: ${toSum(memory, "resident")}, after ${HOOK_CALLS} hooks`);
  remarks.push(`the same, shared pages counted once (Pss): ${toSum(memory, "share")}`);
  remarks.push(`resident memory before the first hook: ${toSum(idle, "resident")}`);
  const of = (name: string): number => idle[name]?.resident ?? Number.NaN;
  const [p99Up, p99Stopped] = [toSummary(up).p99, toSummary(stopped).p99];
  bars.push(
    { figure: "hook answer, hub up, p99, ms", value: p99Up, bar: 5, is: "at most" },
    { figure: "the same, hub stopped, ms", value: p99Stopped, bar: 40, is: "at most" },
    { figure: "hub, idle, MiB", value: of("hub"), bar: 110, is: "at most" },
    {
      figure: "a session's shim and bell, MiB",
      value: of("shim") + of("bell"),
      bar: 120,
      is: "at most",
    },
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
    `${SUSTAINED_PER_SECOND} POSTs a second for ${SUSTAINED_MS / 1000} s: ${times.length} of ${sent.length} accepted; p50 ${toShort(p50)} ms, p99 ${toShort(p99)} ms, max ${toShort(max)} ms`,
  );
  const figure = `${SUSTAINED_PER_SECOND}/s for ${SUSTAINED_MS / 1_000} s`;
  bars.push({ figure: `${figure}, p99, ms`, value: p99, bar: 10, is: "at most" });
  const refused = sent.length - times.length;
  bars.push({ figure: `${figure}, not accepted`, value: refused, bar: 0, is: "at most" });
}

/** A channel alone, without a hub, beside the same on the SDK. */
async function runServe(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const own = stack.use(await openServe(values.dir));
  const reference = stack.use(await openServeReference());
  const samples = new Map<string, ServeFigures[]>([own, reference].map(({ name }) => [name, []]));
  for (let round = 0; round <= SERVE_ROUNDS; round++) {
    progress(`serve, round ${round} of ${SERVE_ROUNDS}`);
    for (const candidate of [own, reference]) {
      const figures = await measureServe(candidate, SERVE_SIZE);
      // The first round only warms up.
      if (round > 0) samples.get(candidate.name)?.push(figures);
    }
  }
  for (const { key, measure, unit, bar } of SERVE_MEASURES) {
    const of = (name: string) => samples.get(name)?.map((one) => one[key]);
    rows.push({
      measure: `serve: ${measure}`,
      unit,
      better: "lower",
      values: mapValues({ [own.name]: of(own.name), [NODE]: of(reference.name) }, (list) =>
        toMedian(list ?? []),
      ),
    });
    if (bar === undefined) continue;
    const value = toMedianRatio(of(own.name), of(reference.name));
    bars.push({ figure: `serve: ${measure}, of the SDK's server`, value, bar, is: "at most" });
  }
}

/** Of senders that Sluice knows, beside the same bytes on a plain webhook. */
async function runSenders(): Promise<void> {
  if (values["without-sluice"]) return;
  const costs = await measureSenders({
    cli: toWords(values.cli),
    parent: values.dir,
    rounds: ROUNDS,
    roundMs: values.quick ? 500 : 1_000,
    progress,
  });
  bars.push({
    figure: "CPU of a known sender's event, of the same bytes on a webhook, the dearest",
    value: Math.max(...costs.map(({ ofWebhook }) => ofWebhook)),
    bar: SENDER_LIMIT,
    is: "at most",
  });
  for (const { name, cpuUs, ofWebhook } of costs)
    remarks.push(
      `${name}: ${toShort(cpuUs)} µs of CPU, ${toShort(ofWebhook)} of the same bytes on a webhook`,
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
    const cells = names.map((name) => toShort(of[name]));
    const ratios = ours ? others.map((name) => toRatio(of["sluice"], of[name])) : [];
    return [`${measure} (${unit}, ${better} is better)`, ...cells, ...ratios];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    "# Results",
    "",
    `${new Date().toISOString().slice(0, 10)} · ${cpus()[0]?.model.trim()} × ${cpus().length} · ${process.platform} ${release()} · Node ${process.versions.node} · ${Math.round(fsyncs)} flushed 4 KiB writes a second on the disk measured${values.quick ? " · quick run: a smoke test, not a measurement" : ""}`,
    "",
    ...renderBars(bars, fsyncs),
    "",
    line(head),
    line(head.map(() => "---")),
    ...body.map(line),
    "",
    ...remarks.map((remark) => `- ${remark}`),
    "",
  ].join("\n");
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
