/**
 * Readers that stop reading while events come in: the hub's memory does not pay for them, and nothing is lost.
 * SLUICE_PAUSED_EVENTS sets how many (4 kB each).
 */
import { readFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { expect, test } from "vitest";
import { read } from "../../src/api/client.ts";
import { locateSocket } from "../../src/api/home.ts";
import { openRigWithHub, until } from "./rig.ts";
import { post } from "./senders.ts";

const EVENTS = Number(process.env["SLUICE_PAUSED_EVENTS"] ?? 1_500);
const WARM_UP = 500;
const TEXT = "x".repeat(4_096);
const MIB = 1024 ** 2;

test("a follower and a listener that stopped reading cost the hub no memory, and no event is lost", async () => {
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
  const send = async (count: number): Promise<void> => {
    let left = count;
    const work = async (): Promise<void> => {
      while (left-- > 0) expect((await post(channel.url, TEXT, headers)).status).toBe(202);
    };
    await Promise.all(Array.from({ length: 16 }, work));
  };
  const hub = await rig.hubPid();
  await send(WARM_UP);
  const paused = await Promise.all([
    pause({ socketPath: locateSocket(rig.env), path: "/v1/events/stream" }),
    pause(new URL(`/out/ops`, channel.url), { authorization: `Bearer ${channel.listenToken}` }),
  ]);
  const before = readRss(hub);
  await send(EVENTS);
  const grownMiB = (readRss(hub) - before) / MIB;
  process.stdout.write(
    `${EVENTS} events of 4 kB, two readers paused: hub +${grownMiB.toFixed(1)} MiB\n`,
  );
  expect(grownMiB).toBeLessThanOrEqual(32);
  expect((await read(rig.api.status.$get())).events["stored"]).toBe(EVENTS + WARM_UP);
  // The follower was cut off: it comes back and catches up by the list.
  paused[0]?.resume();
  await until("the follower hears that it was cut off", () => paused[0]?.destroyed === true);
  for (const one of paused) one.destroy();
}, 600_000);

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
