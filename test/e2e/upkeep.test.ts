/** What an owner does about delivery: probe it, replay, ask for figures, be told, be kept from floods. Real processes. */
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { locateSocket } from "../../src/local/home.ts";
import type { Check } from "../../src/cli/doctor/check.ts";
import { openRigWithHub, type Rig } from "./rig.ts";
import { type LaneName, openLane } from "./sessions.ts";

async function probe(rig: Rig, ...args: string[]): Promise<Check[]> {
  const { stdout } = await rig.run("doctor", "--probe", "--json", ...args);
  const checks = JSON.parse(stdout) as Check[];
  return checks.filter(({ check }) => check.startsWith("probe "));
}

const PUSHED: LaneName[] = ["channel", "monitor"];

// PROBE-1, PROBE-2
test.concurrent.each(PUSHED)(
  "%s: a probe passes every hop, says that it is one, and leaves nothing behind",
  async (lane) => {
    await using rig = await openRigWithHub();
    await rig.run("add", "webhook", "--name", "alerts");
    const session = await openLane(rig, lane);
    const hops = await probe(rig);
    expect(hops.map(({ check, ok }) => [check, ok])).toEqual(
      ["ingress", "verify", "gate", "store", "route", "lane", "receipt"].map((hop) => [
        `probe ${hop}`,
        true,
      ]),
    );
    const read = session.reads.map(({ text }) => text).join("\n");
    expect(read).toContain("No action is needed.");
    expect(read).toContain('kind="probe"');
    expect(await rig.events()).toEqual([]);
    expect(Object.values((await rig.status()).events).every((count) => count === 0)).toBe(true);
  },
);

test.concurrent("without a session a probe says up to where it came", async () => {
  await using rig = await openRigWithHub();
  await rig.run("add", "webhook", "--name", "alerts");
  const hops = await probe(rig);
  expect(hops.map(({ check, ok }) => [check, ok])).toEqual([
    ["probe ingress", true],
    ["probe verify", true],
    ["probe gate", true],
    ["probe store", true],
    ["probe route", false],
  ]);
  expect(hops.at(-1)).toMatchObject({ fix: expect.stringContaining("start claude") as string });
  expect(await rig.events()).toEqual([]);
});

test.concurrent("a session whose turn does not end: the probe names the receipt, and the reason stands with it", async () => {
  await using rig = await openRigWithHub();
  await rig.run("add", "webhook", "--name", "alerts");
  await openLane(rig, "channel", { model: () => new Promise(() => undefined) });
  const hops = await probe(rig, "--wait", "3s");
  expect(hops.at(-1)).toMatchObject({ check: "probe receipt", ok: false });
  expect(await rig.events()).toEqual([]);
});

test.concurrent("what is done is delivered again by id, range and channel, marked as replayed, also to one session", async () => {
  await using rig = await openRigWithHub();
  await rig.run("add", "webhook", "--name", "alerts");
  const session = await openLane(rig, "channel");
  const { stdout } = await rig.run("emit", "alerts", "disk almost full", "--json");
  const { id } = JSON.parse(stdout) as { id: string };
  await rig.untilState(id, "done");
  expect((await rig.run("replay", id)).code).toBe(0);
  await rig.untilState(id, "done");
  const reads = (): string[] =>
    session.reads.map(({ text }) => text).filter((text) => text.includes(id));
  expect(reads()).toHaveLength(2);
  expect(reads()[0]).not.toContain('replayed="true"');
  expect(reads()[1]).toContain('replayed="true"');
  const range = await rig.run("replay", "--since", "1h", "--state", "done", "--json");
  expect(range.stderr).toBe("");
  expect(JSON.parse(range.stdout)).toEqual({ events: [{ id, replayed: true }] });
  await rig.untilState(id, "done");
  expect(reads()).toHaveLength(3);
  const targeted = await rig.run("replay", id, "--session", session.sessionId);
  expect(targeted).toMatchObject({ code: 0, stdout: "1 event to be delivered again\n" });
  await rig.untilState(id, "done");
  await rig.run("sessions", "label", session.sessionId, "on call");
  const byChannel = await rig.run("replay", "--channel", "alerts", "--session", "on call");
  expect(byChannel).toMatchObject({ code: 0, stdout: "1 event to be delivered again\n" });
  await rig.untilState(id, "done");
  expect(reads()).toHaveLength(5);
  const { steps } = await rig.trace(id);
  expect(steps).toContainEqual(
    expect.objectContaining({ reason: "replayed by hand, was done, for session on call" }),
  );
  expect((await rig.run("replay", "--channel", "other")).stdout).toContain("nothing to deliver");
  expect((await rig.run("replay", "--state", "done")).code).toBe(2);
  expect((await rig.run("replay", id, "--session", "nobody")).code).toBe(1);
  expect((await rig.run("replay")).code).toBe(2);
});

test.concurrent("over its quota a channel answers 429 with Retry-After, counts it, and takes more once there is room", async () => {
  await using rig = await openRigWithHub();
  const ops = await rig.addChannel({ kind: "webhook", name: "ops", quota: 3 });
  const post = () =>
    fetch(ops.url, {
      method: "POST",
      headers: { authorization: `Bearer ${ops.secret}`, "content-type": "text/plain" },
      body: "x",
    });
  const answers = [];
  for (let i = 0; i < 5; i++) answers.push(await post());
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429, 429]);
  expect(answers.at(-1)?.headers.get("retry-after")).toBe("60");
  const status = await rig.status();
  expect(status.channels[0]?.refused).toEqual({ quota_full: 2 });
  const [first] = await rig.events();
  await rig.run("ack", first?.id ?? "");
  await sleep(1_100);
  expect((await post()).status).toBe(202);
  const metrics = await readMetrics(rig);
  expect(metrics).toContain('sluice_events{state="stored"} 3');
  expect(metrics).toContain('sluice_refused_total{channel="ops",reason="quota_full"} 2');
  expect(metrics).toMatch(/sluice_oldest_unseen_seconds [\d.]+/);
  const { stdout } = await rig.run("status");
  expect(stdout).toMatch(/oldest {3}evt_\w+ of ops, stored for \d+ s/);
  expect(stdout).toContain("refused  2 while too many waited (ops)");
});

test.concurrent("notices go to a channel that carries messages out, and to no other", async () => {
  await using rig = await openRigWithHub();
  await rig.run("add", "webhook", "--name", "alerts", "--ttl", "36h");
  await rig.run("add", "webhook", "--name", "ops", "--two-way");
  expect((await rig.run("notices", "alerts")).stderr).toContain("only brings events in");
  expect((await rig.run("notices", "nobody")).stderr).toContain("no channel");
  expect(await rig.run("notices", "ops")).toMatchObject({ code: 0 });
  expect(await rig.run("notices", "off")).toMatchObject({ code: 0 });
  expect((await rig.run("add", "webhook", "--name", "x", "--ttl", "soon")).code).toBe(2);
});

function readMetrics(rig: Rig): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ socketPath: locateSocket(rig.env), path: "/metrics" }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => resolve(text));
    })
      .on("error", reject)
      .end();
  });
}
