/**
 * What an event of a known sender costs beside a plain webhook's.
 *
 * One hub, and the same bytes to two channels of it in turns: one that knows the sender, and a `webhook`, which tells what it finds. What
 * is compared is the hub's processor time for each event, from the first byte to the answer behind the COMMIT. Beside them stands a short
 * text on a webhook, of which nothing is read at all.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { readSamples, toBodyText } from "../src/catalogue/samples.ts";
import { toMedianRatio } from "./bars.ts";
import { readCpuMs } from "./cpu.ts";
import { runClosedLoop } from "./load.ts";
import { toMedian } from "./summary.ts";
import { openSluice, waitForHttp } from "./targets.ts";

export const SENDER_LIMIT = 1.3;
const CONNECTIONS = 64;
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

/** Medians: processor time of an event on its sender's channel, as a part of the same on a webhook, and of a short text's there. */
export type SenderCost = { name: string; cpuUs: number; ofWebhook: number; ofText: number };

type SenderRun = {
  cli: readonly [string, ...string[]];
  parent: string;
  rounds: number;
  roundMs: number;
  progress?: (what: string) => void;
};

export async function measureSenders({
  cli,
  parent,
  rounds,
  roundMs,
  progress,
}: SenderRun): Promise<SenderCost[]> {
  await using hub = await openSluice({ cli: [...cli], parent });
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
  for (const [kind, event] of SENDERS) pairs.push(await openPair(cli, hub, kind, event));
  const all = [text, ...pairs.flatMap(({ own, other }) => [own, other])];
  // The first round only warms up.
  for (let round = 0; round <= rounds; round++) {
    progress?.(`senders, round ${round} of ${rounds}`);
    for (const one of all) {
      const before = readCpuMs(hub.pid);
      const { ok, notOk } = await runClosedLoop({
        ...one,
        connections: CONNECTIONS,
        forMs: roundMs,
      });
      if (notOk > 0) throw new Error(`${one.name}: ${notOk} requests were refused`);
      if (round > 0) one.cpuUs.push(((readCpuMs(hub.pid) - before) * 1_000) / ok);
    }
  }
  return pairs.map(({ own, other }) => ({
    name: own.name,
    cpuUs: toMedian(own.cpuUs),
    ofWebhook: toMedianRatio(own.cpuUs, other.cpuUs),
    ofText: toMedianRatio(own.cpuUs, text.cpuUs),
  }));
}

type Hub = Awaited<ReturnType<typeof openSluice>>;

async function openPair(
  cli: SenderRun["cli"],
  hub: Hub,
  kind: string,
  event: string,
): Promise<{ own: Candidate; other: Candidate }> {
  const sample = readSamples(kind).find((one) => one.event === event) ?? readSamples(kind)[0];
  if (sample === undefined) throw new Error(`${kind} has no sample`);
  const fields = JSON.parse(toBodyText(sample)) as object;
  const body = JSON.stringify({ ...fields, bench: "[<id>]" });
  const proved = kind === "grafana" ? ["--verify", "bearer"] : [];
  const added = await run(cli, hub, [
    "add",
    kind,
    ...proved,
    "--rate",
    "0",
    "--quota",
    "5000000",
    "--json",
  ]);
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
      headers: { ...json, authorization: hub.headers["authorization"] ?? "" },
      body,
      cpuUs: [],
    },
  };
}

async function run(
  [command, ...first]: SenderRun["cli"],
  hub: Hub,
  words: readonly string[],
): Promise<Record<string, unknown>> {
  const args = [...first, ...words];
  const { stdout } = await promisify(execFile)(command, args, { env: hub.session.env });
  return JSON.parse(stdout) as Record<string, unknown>;
}
