/**
 * What an event of a known sender costs beside a plain webhook's: `node bench/catalogue.ts [--rounds 8] [--quick] [--cli "node bin/sluice.js"]
 * [--dir FOLDER]`.
 *
 * One hub, and the same bytes to two channels of it in turns: one that knows the sender, and a `webhook`, which tells what it finds. What
 * is compared is the hub's processor time for each event, from the first byte to the answer behind the COMMIT. Beside them stands a short
 * text on a webhook, of which nothing is read at all.
 *
 * Exits 1 where a sender's event costs more than 1.3 times as much as the same bytes on the webhook.
 */
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { readSamples, toBodyText } from "../src/catalogue/samples.ts";
import { toMedianRatio } from "./bars.ts";
import { readCpuMs } from "./cpu.ts";
import { runClosedLoop } from "./load.ts";
import { toMedian } from "./summary.ts";
import { openSluice, waitForHttp } from "./targets.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    cli: {
      type: "string",
      default: `${process.execPath} ${join(import.meta.dirname, "../bin/sluice.js")}`,
    },
    dir: { type: "string", default: tmpdir() },
  },
});

const LIMIT = 1.3;
const CONNECTIONS = 64;
const ROUNDS = Number(values.rounds ?? (values.quick ? 2 : 8));
const ROUND_MS = values.quick ? 500 : 1_000;
/** Senders that a token proves: one who signs would have to sign each of these requests. */
const SENDERS: readonly (readonly [kind: string, event: string])[] = [
  ["gitlab", "pipeline.failed"],
  ["alertmanager", "alert.firing"],
  ["grafana", "alert.firing"],
  ["jenkins", "FINALIZED (failure)"],
];
const TEXT = `[<id>] build 4711 of octo/app failed on main: ${"unit tests, 3 of 812; ".repeat(8)}`;

type Candidate = {
  name: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  cpuUs: number[];
};

await using hub = await openSluice({ cli: toWords(values.cli), parent: values.dir });
const { authorization = "" } = hub.headers;
const plain = { "content-type": "text/plain", authorization };
await waitForHttp({ url: hub.url, headers: plain });
const text: Candidate = {
  name: "webhook, a text",
  url: hub.url,
  headers: plain,
  body: TEXT,
  cpuUs: [],
};
const pairs: { own: Candidate; other: Candidate }[] = [];
for (const [kind, event] of SENDERS) pairs.push(await openPair(kind, event));
const all = [text, ...pairs.flatMap(({ own, other }) => [own, other])];
// The first round only warms up.
for (let round = 0; round <= ROUNDS; round++)
  for (const one of all) {
    const before = readCpuMs(hub.pid);
    const { ok, notOk } = await runClosedLoop({
      ...one,
      connections: CONNECTIONS,
      forMs: ROUND_MS,
    });
    if (notOk > 0) throw new Error(`${one.name}: ${notOk} requests were refused`);
    if (round > 0) one.cpuUs.push(((readCpuMs(hub.pid) - before) * 1_000) / ok);
  }
const ratios = pairs.map(({ own, other }) => toMedianRatio(own.cpuUs, other.cpuUs));
for (const one of all)
  console.log(`${one.name.padEnd(34)}${toMedian(one.cpuUs).toFixed(0).padStart(6)} µs an event`);
for (const [index, { own }] of pairs.entries())
  console.log(
    `${own.name.padEnd(34)}${(ratios[index] ?? Number.NaN).toFixed(2).padStart(6)} of the same on a webhook, ${toMedianRatio(own.cpuUs, text.cpuUs).toFixed(2)} of a text's`,
  );
process.exitCode = ratios.every((ratio) => ratio <= LIMIT) ? 0 : 1;

async function openPair(kind: string, event: string): Promise<(typeof pairs)[number]> {
  const sample = readSamples(kind).find((one) => one.event === event) ?? readSamples(kind)[0];
  if (sample === undefined) throw new Error(`${kind} has no sample`);
  const fields = JSON.parse(toBodyText(sample)) as object;
  const body = JSON.stringify({ ...fields, bench: "[<id>]" });
  const proved = kind === "grafana" ? ["--verify", "bearer"] : [];
  const added = await run("add", kind, ...proved, "--rate", "0", "--quota", "5000000", "--json");
  const token = String(added["token"]);
  const json = { "content-type": "application/json" };
  const proof: Record<string, string> =
    kind === "gitlab" ? { "x-gitlab-token": token } : { authorization: `Bearer ${token}` };
  return {
    own: {
      name: `${kind} ${sample.event}`,
      url: String(added["url"]),
      headers: { ...json, ...proof },
      body,
      cpuUs: [],
    },
    other: {
      name: `webhook, the same (${body.length} bytes)`,
      url: hub.url,
      headers: { ...json, authorization },
      body,
      cpuUs: [],
    },
  };
}

async function run(...words: string[]): Promise<Record<string, unknown>> {
  const [command, ...args] = [...toWords(values.cli), ...words] as const;
  const { stdout } = await promisify(execFile)(command, args, { env: hub.session.env });
  return JSON.parse(stdout) as Record<string, unknown>;
}

function toWords(line: string): [string, ...string[]] {
  const [first = "", ...rest] = line.split(" ").filter((word) => word !== "");
  return [first, ...rest];
}
