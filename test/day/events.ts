/**
 * What happens in a day: pull requests and their builds, alerts that fire and clear, deploys, a few people who ask something.
 *
 * Owns: that mixture, the same for the same seed, signed as its senders would. Never: posts it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "../../src/sdk/secret.ts";
import { sign } from "../../src/verify/sign.ts";
import { GITHUB_SECRET } from "../e2e/senders.ts";

export type DayChannels = Record<"github" | "alerts" | "ops", { url: string; secret: string }>;
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

/** Endless; 62 in 100 are GitHub's, 34 alerts (one in 40 of them urgent), 3 deploys, 1 a person's. */
export function* listEvents(channels: DayChannels, random: () => number): Generator<DayEvent> {
  const firing = new Set<number>();
  for (let index = 0; ; index++) {
    const dice = random() * 100;
    if (dice < 62) yield toGithub(channels.github, random, index);
    else {
      const event =
        dice < 96
          ? toAlert(channels.alerts, firing, random)
          : dice < 99
            ? toDeploy(channels.alerts, index)
            : toQuestion(channels.ops, random, index);
      event.headers["idempotency-key"] = `day-${index}`;
      yield event;
    }
  }
}

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

function toAlert(
  { url, secret }: DayChannels["alerts"],
  firing: Set<number>,
  random: () => number,
): DayEvent {
  const group = Math.floor(random() * ALERTS);
  const isOver = firing.has(group) && random() < 0.4;
  if (isOver) firing.delete(group);
  else firing.add(group);
  const alert = {
    status: isOver ? "resolved" : "firing",
    title: `High latency on service-${group}`,
    message: `p99 of service-${group} is ${Math.floor(random() * 4_000)} ms (limit 800 ms) for five minutes`,
    labels: { service: `service-${group}`, severity: "page", region: "eu-west-1" },
  };
  return {
    url,
    body: Buffer.from(JSON.stringify(alert)),
    headers: {
      authorization: `Bearer ${secret}`,
      "content-type": "application/json",
      "x-sluice-entity": `service-${group}`,
      "x-sluice-status": alert.status,
      "x-sluice-priority": random() < 0.025 ? "urgent" : "normal",
    },
  };
}

function toDeploy({ url, secret }: DayChannels["alerts"], index: number): DayEvent {
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
