/** A hub, or a shim, that dies at each step of an event: nothing is lost, kept twice, or read twice without saying so. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { HUB_NODE_ARGS, isHubAnswering } from "../../src/api/client/start-hub.ts";
import { locateSocket } from "../../src/local/home.ts";
import { CLI, isRunning, openRig, openRigWithHub, type Rig, SHIM, until } from "../e2e/rig.ts";
import { type Endpoint, post } from "../e2e/senders.ts";
import { type LaneName, openLane, spawnClient } from "../e2e/sessions.ts";
import { countReads } from "./chaos.ts";
import { SHIM_STEPS, STEPS, type StepName } from "./steps.ts";

const KILLER = join(import.meta.dirname, "kill-at.ts");

/** A hub that dies at `step`, once it was sent something. Returns its pid. */
async function startDoomed(rig: Rig, step: StepName): Promise<number> {
  const args = ["--import", KILLER, ...HUB_NODE_ARGS, CLI, "up", "--foreground", "--detached"];
  const child = rig.spawn(args, { KILL_AT: step });
  let said = "";
  child.stdout?.resume();
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
  await until(
    "the hub answers",
    () => isHubAnswering(locateSocket(rig.env)),
    undefined,
    () => said,
  );
  return child.pid ?? 0;
}

/** As a careful sender does: until it hears a 2xx, under one delivery id. */
async function send({ url, secret }: Endpoint): Promise<string> {
  const headers = {
    authorization: `Bearer ${secret}`,
    "content-type": "text/plain",
    "idempotency-key": randomUUID(),
  };
  for (;;) {
    const answer = await post(url, "the disk is full", headers).catch(() => undefined);
    if (answer?.status === 202 || answer?.status === 200) return answer.id;
    await sleep(100);
  }
}

const LANES: LaneName[] = ["monitor", "channel"];
const CASES = LANES.flatMap((lane) => STEPS.map((step) => [lane, step] as const));

test.concurrent.each(CASES)("%s: the hub is killed: %s", async (lane, step) => {
  await using rig = openRig();
  const doomed = await startDoomed(rig, step);
  const ops = await rig.addChannel({ kind: "webhook", name: "ops" });
  const session = await openLane(rig, lane);
  const id = await send(ops);
  await until("the hub is dead", () => !isRunning(doomed));
  // The shim brings the next one.
  await rig.untilState(id, "done", 120_000);
  const events = await rig.events();
  expect(events.map((event) => event.id)).toEqual([id]);
  const { unread, repeated } = countReads(session.reads, new Set([id]));
  expect({ unread, repeated }).toEqual({ unread: 0, repeated: [] });
  expect(Math.max(...(events[0]?.deliveries ?? []).map(({ attempt }) => attempt))).toBeLessThan(3);
});

const SHIM_KILLER = join(import.meta.dirname, "kill-shim-at.ts");

test.concurrent.each(SHIM_STEPS)(
  "the shim is killed: %s; its user starts the client anew",
  async (step) => {
    await using rig = await openRigWithHub();
    const ops = await rig.addChannel({ kind: "webhook", name: "ops" });
    const first = await spawnClient(rig, "monitor", {
      session: {
        args: ["--import", SHIM_KILLER, SHIM, "--plugin"],
        env: { ...rig.env, KILL_AT: step },
      },
    });
    const id = await send(ops);
    await until("the shim is dead", () => !isRunning(first.serverPid));
    await first.kill();
    const next = await spawnClient(rig, "monitor");
    await rig.untilState(id, "done", 120_000);
    const read = (): ReturnType<typeof countReads> =>
      countReads([...first.reads, ...next.reads], new Set([id]));
    await until("it is told", () => read().unread === 0);
    expect(read().repeated).toEqual([]);
  },
);
