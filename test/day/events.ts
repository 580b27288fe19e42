/**
 * What happens in a day: pull requests and their builds, alerts that fire and clear, errors of an application, deploys, a few people who
 * ask something.
 *
 * Owns: that mixture, the same for the same seed, made of the senders' own samples and signed as they would. Never: posts it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readSamples, toBodyText } from "../../src/catalogue/samples.ts";
import type { SenderRow } from "../../src/catalogue/sender.ts";
import { loadSender } from "../../src/catalogue/senders.ts";
import { Secret } from "../../src/sdk/secret.ts";
import { findScheme } from "../../src/verify/find-scheme.ts";
import { sign, signParts } from "../../src/verify/sign.ts";
import { GITHUB_SECRET } from "../e2e/senders.ts";

/** Senders of the catalogue, and the secret of each that makes its own. */
export const SENDERS = {
  alertmanager: undefined,
  pagerduty: "a secret of PagerDuty, of the right length",
  sentry: "a secret of Sentry, of the right length",
  gitlab: "a secret of GitLab, of the right length",
} as const;
type SenderName = keyof typeof SENDERS;

export type DayChannels = Record<
  "github" | "deploys" | "ops" | SenderName,
  { url: string; secret: string }
>;
export type DayRows = Readonly<Record<SenderName, SenderRow>>;
export type DayEvent = { url: string; body: Buffer; headers: Record<string, string> };

type Payload = Record<string, unknown>;
type Sample = { event: string; payload: Payload };

const SAMPLES = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../src/channels/github/samples.json"), "utf8"),
) as Record<string, Sample>;

const PULLS = 40;
const BRANCHES = 20;
const ALERTS = 30;
const PEOPLE = ["ada", "grace", "linus"];
/** Which sample, how often, and where in it the pull request or issue has its number. */
const GITHUB_MIX: [sample: string, weight: number, number?: string][] = [
  ["check run", 30],
  ["workflow run", 25],
  ["push", 8],
  ["pull request opened", 5, "pull_request"],
  ["review", 5, "pull_request"],
  ["review comment", 8, "pull_request"],
  ["issue comment", 10, "issue"],
  ["deployment status", 5],
  ["star", 4],
];

export async function loadRows(): Promise<DayRows> {
  const names = Object.keys(SENDERS) as SenderName[];
  const rows = await Promise.all(names.map(loadSender));
  // Each has a row: else nothing of it could be signed.
  return Object.fromEntries(names.map((name, index) => [name, rows[index]])) as DayRows;
}

/** Endless; 55 in 100 are GitHub's, 10 GitLab's, 31 alerts and errors (one in 40 of them urgent), 3 deploys, 1 a person's. */
export function* listEvents(
  channels: DayChannels,
  rows: DayRows,
  random: () => number,
): Generator<DayEvent> {
  const firing = new Set<string>();
  const day: DayRun = { channels, rows, random, firing };
  for (let index = 0; ; index++) {
    const dice = random() * 100;
    if (dice < 55) yield toGithub(channels.github, random, index);
    else if (dice < 65) yield toPipeline(day, index);
    else if (dice < 81) yield toAlert(day, index);
    else if (dice < 89) yield toIncident(day, index);
    else if (dice < 96) yield toError(day, index);
    else {
      const event =
        dice < 99 ? toDeploy(channels.deploys, index) : toQuestion(channels.ops, random, index);
      event.headers["idempotency-key"] = `day-${index}`;
      yield event;
    }
  }
}

type DayRun = {
  channels: DayChannels;
  rows: DayRows;
  random: () => number;
  /** What goes on. */
  firing: Set<string>;
};

/** A number for a number: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function newRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function toGithub({ url }: DayChannels["github"], random: () => number, index: number): DayEvent {
  const all = GITHUB_MIX.reduce((sum, [, weight]) => sum + weight, 0);
  let dice = random() * all;
  const [name, , numbered] = GITHUB_MIX.find(([, weight]) => (dice -= weight) < 0) ?? ["push", 0];
  const sample = SAMPLES[name];
  if (sample === undefined) throw new Error(`samples.json has no case "${name}"`);
  const payload = structuredClone(sample.payload);
  const number = 1 + Math.floor(random() * PULLS);
  const branch = `topic-${Math.floor(random() * BRANCHES)}`;
  if (numbered !== undefined) {
    const thread = payload[numbered] as Payload;
    thread["number"] = number;
    if ("number" in payload) payload["number"] = number;
  }
  if (name === "workflow run" || name === "check run") {
    const run = payload[name.replace(" ", "_")] as Payload;
    run["conclusion"] = random() < 0.25 ? "failure" : "success";
    run["pull_requests"] = [];
    if (name === "workflow run") run["head_branch"] = branch;
    else (run["check_suite"] as Payload)["head_branch"] = branch;
  }
  if (name === "push") payload["ref"] = `refs/heads/${branch}`;
  // No two of GitHub's deliveries are the same bytes: each thing has a time of its own.
  (payload["repository"] as Payload)["updated_at"] = new Date(index * 1000).toISOString();
  const body = Buffer.from(JSON.stringify(payload));
  const credential = { keyId: "k1", secret: new Secret(GITHUB_SECRET) };
  const signed = sign("github", credential, { id: `day-${index}`, sentAt: Date.now(), body });
  return {
    url,
    body,
    headers: { "content-type": "application/json", "x-github-event": sample.event, ...signed },
  };
}

/** A thing of a group; it ends if it goes on, more often than not. */
function turn({ firing, random }: DayRun, kind: string): { thing: number; isOver: boolean } {
  const thing = Math.floor(random() * ALERTS);
  const key = `${kind} ${thing}`;
  const isOver = firing.has(key) && random() < 0.6;
  if (isOver) firing.delete(key);
  else firing.add(key);
  return { thing, isOver };
}

/** The sample of a sender, changed, with an id of its own, signed. */
function toSent(
  { channels, rows }: DayRun,
  name: SenderName,
  event: string,
  index: number,
  change: (body: string) => string,
): DayEvent {
  const sample = readSample(name, event);
  const { url, secret } = channels[name];
  const row = rows[name];
  const scheme = findScheme({ scheme: row.schemes[0], header: undefined, own: row.ownSchemes });
  const id = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
  const body = Buffer.from(change(toBodyText(sample)));
  const given = Object.fromEntries(
    Object.entries(sample.headers ?? {}).map(([key, value]) => [
      key,
      value.replaceAll("{uuid}", id).replaceAll("{ts}", String(Math.floor(Date.now() / 1000))),
    ]),
  );
  const headers = { "content-type": "application/json", ...given };
  const credential = { keyId: "k1", secret: new Secret(secret) };
  const request = { id, sentAt: Date.now(), body, url, method: "POST", headers };
  const signed = signParts(scheme, credential, request);
  return {
    url: url + signed.suffix,
    body: signed.body,
    headers: { ...headers, ...signed.headers },
  };
}

const read = new Map<string, ReturnType<typeof readSamples>[number]>();

function readSample(name: string, event: string): ReturnType<typeof readSamples>[number] {
  const key = `${name} ${event}`;
  const sample = read.get(key) ?? readSamples(name).find((one) => one.event === event);
  if (sample === undefined) throw new Error(`${name} has no sample "${event}"`);
  read.set(key, sample);
  return sample;
}

function toAlert(day: DayRun, index: number): DayEvent {
  const { thing, isOver } = turn(day, "alert");
  const limit = Math.floor(day.random() * 4_000);
  return toSent(day, "alertmanager", isOver ? "alert.resolved" : "alert.firing", index, (body) =>
    body
      .replaceAll("High CPU Temperature", `High latency on service-${thing}`)
      .replaceAll("{}/{}:{}", `{}/{}:{service=\\"service-${thing}\\"}`)
      .replaceAll('"groupLabels":{}', `"groupLabels":{"service":"service-${thing}"}`)
      .replaceAll("34.75C", `${limit} ms`)
      .replaceAll(
        '"severity":"critical"',
        `"severity":"${day.random() < 0.025 ? "page" : "warning"}"`,
      )
      .replaceAll(
        "2020-02-06T00:17:58",
        new Date(1_580_947_078_000 + index * 1_000).toISOString().slice(0, 19),
      ),
  );
}

function toIncident(day: DayRun, index: number): DayEvent {
  const { thing, isOver } = turn(day, "incident");
  const event = isOver ? "incident.resolved" : "incident.triggered";
  return toSent(day, "pagerduty", event, index, (body) =>
    body
      .replaceAll("PGR0VU2", `PGR${1_000 + thing}`)
      .replaceAll("5ac64822-4adc-4fda-ade0", `5ac64822-4adc-4fda-${String(index).padStart(4, "0")}`)
      .replaceAll("A little bump in the road", `Checkout ${thing} is slow`),
  );
}

function toError(day: DayRun, index: number): DayEvent {
  const { thing, isOver } = turn(day, "error");
  return toSent(day, "sentry", isOver ? "issue.resolved" : "issue.created", index, (body) =>
    body
      .replaceAll("1635244907", String(1_635_244_000 + thing))
      .replaceAll(/(?<=TESTING-)\d+/g, String(thing))
      .replaceAll("Custom exception!", `Custom exception ${thing}!`),
  );
}

function toPipeline(day: DayRun, index: number): DayEvent {
  const branch = `topic-${Math.floor(day.random() * BRANCHES)}`;
  const isBad = day.random() < 0.25;
  return toSent(day, "gitlab", "pipeline.failed", index, (body) => {
    const payload = JSON.parse(body) as { object_attributes: Payload; merge_request?: unknown };
    const { object_attributes: run } = payload;
    Object.assign(run, { id: 10_000 + index, ref: branch, status: isBad ? "failed" : "success" });
    return JSON.stringify({ ...payload, merge_request: null });
  });
}

function toDeploy({ url, secret }: DayChannels["deploys"], index: number): DayEvent {
  return {
    url,
    body: Buffer.from(`prod is on build ${index}`),
    headers: { authorization: `Bearer ${secret}`, "content-type": "text/plain" },
  };
}

function toQuestion(
  { url, secret }: DayChannels["ops"],
  random: () => number,
  index: number,
): DayEvent {
  const person = PEOPLE[Math.floor(random() * PEOPLE.length)] ?? "ada";
  return {
    url,
    body: Buffer.from(`What about number ${index}?`),
    headers: {
      authorization: `Bearer ${secret}`,
      "content-type": "text/plain",
      "x-sluice-sender": person,
      "x-sluice-chat": person,
    },
  };
}
