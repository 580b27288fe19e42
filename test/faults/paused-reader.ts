/**
 * Readers that stop reading while events come in: a session's shim that stands still, a follower and a listener that read nothing.
 *
 * Owns: the readers, the load, and what the hub's memory pays. Never: decides how much is too much.
 */
import { readFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { read } from "../../src/api/client/client.ts";
import { locateSocket } from "../../src/local/home.ts";
import { openRigWithHub, until } from "../e2e/rig.ts";
import { post } from "../e2e/senders.ts";
import { spawnClient } from "../e2e/sessions.ts";

const TEXT = "x".repeat(4_096);
const MIB = 1024 ** 2;

export type PausedResult = {
  events: number;
  beforeMiB: number;
  grownMiB: number;
  /** Accepted, and not in the inbox. */
  lost: number;
  refused: number;
  eventsPerSecond: number;
};

/** `warmUp`: events before the readers pause and the hub is measured. */
export async function pauseReaders({
  events,
  warmUp = 500,
}: {
  events: number;
  warmUp?: number;
}): Promise<PausedResult> {
  await using rig = await openRigWithHub();
  const channel = await rig.addChannel({
    kind: "webhook",
    name: "ops",
    twoWay: true,
    rate: 0,
    quota: 1_000_000,
  });
  const headers = {
    authorization: `Bearer ${channel.secret}`,
    "content-type": "text/plain",
    "x-sluice-sender": "bridge",
  };
  let accepted = 0;
  let refused = 0;
  const send = async (count: number): Promise<void> => {
    let left = count;
    const work = async (): Promise<void> => {
      while (left-- > 0) {
        if ((await post(channel.url, TEXT, headers)).status === 202) accepted++;
        else refused++;
      }
    };
    await Promise.all(Array.from({ length: 16 }, work));
  };
  const client = await spawnClient(rig, "monitor");
  process.kill(client.serverPid, "SIGSTOP");
  rig.add(() => void process.kill(client.serverPid, "SIGCONT"));
  const hub = await rig.hubPid();
  await send(warmUp);
  const paused = await Promise.all([
    pause({ socketPath: locateSocket(rig.env), path: "/v1/events/stream" }),
    pause(new URL("/out/ops", channel.url), { authorization: `Bearer ${channel.listenToken}` }),
  ]);
  const before = readRss(hub);
  const startedAt = Date.now();
  await send(events);
  const seconds = (Date.now() - startedAt) / 1_000;
  const grown = readRss(hub) - before;
  const states = (await read(rig.api.status.$get())).events;
  const held = Object.values(states).reduce((sum, count) => sum + count, 0);
  // The follower was cut off: it comes back and catches up by the list.
  paused[0]?.resume();
  await until("the follower hears that it was cut off", () => paused[0]?.destroyed === true);
  for (const one of paused) one.destroy();
  return {
    events,
    beforeMiB: Math.round(before / MIB),
    grownMiB: Math.round((grown / MIB) * 10) / 10,
    lost: accepted - held,
    refused,
    eventsPerSecond: Math.round(events / seconds),
  };
}

/** Opens a stream and reads nothing of it. */
function pause(
  target: URL | { socketPath: string; path: string },
  headers: Record<string, string> = {},
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const answered = (answer: IncomingMessage): void => {
      answer.on("error", () => undefined);
      resolve(answer);
    };
    const outgoing =
      target instanceof URL
        ? request(target, { headers, agent: false }, answered)
        : request({ ...target, headers, agent: false }, answered);
    outgoing.on("error", reject).end();
  });
}

function readRss(pid: number): number {
  const [, kib = "0"] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) * 1024;
}
