/** Each gate that can stop delivery, closed for real: what doctor, its probe and the trace then name. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import type { Check } from "../../src/cli/doctor/check.ts";
import { endProcess, openRigWithHub, type Rig, until } from "./rig.ts";
import { openLane, spawnClient } from "./sessions.ts";

async function examine(rig: Rig, ...args: string[]): Promise<Check[]> {
  const { stdout } = await rig.run("doctor", "--json", ...args);
  return JSON.parse(stdout) as Check[];
}

function toDetail(checks: readonly Check[], name: RegExp): string {
  return checks
    .filter(({ check }) => name.test(check))
    .map(({ detail }) => detail)
    .join("\n");
}

async function emit(rig: Rig): Promise<string> {
  const { stdout } = await rig.run("emit", "alerts", "disk almost full", "--json");
  return (JSON.parse(stdout) as { id: string }).id;
}

/** The last step of a trace says so: why it waits. */
async function untilWaits(rig: Rig, id: string, reason: RegExp): Promise<void> {
  const read = async (): Promise<string> => (await rig.trace(id)).steps.at(-1)?.reason ?? "";
  await until(
    `it waits for ${reason.source}`,
    async () => reason.test(await read()),
    undefined,
    read,
  );
}

// req:field.48 req:field.68
test("quiet hours, a spent wake budget, a subscription of a closed session: doctor, probe and trace name each", async () => {
  await using rig = await openRigWithHub();
  await rig.run("add", "webhook", "--name", "alerts");
  const session = await openLane(rig, "monitor");
  // For a moment that holds everything up, whatever else does.
  await until("the session has started", async () =>
    (await rig.status()).sessions.every(({ held }) => held !== "the session is starting"),
  );
  const at = (hours: number): string =>
    new Date(Date.now() + hours * 3_600_000).toTimeString().slice(0, 5);

  await rig.run("quiet", `${at(-1)}-${at(1)}`);
  const quiet = await examine(rig, "--probe", "--wait", "3s");
  expect(toDetail(quiet, /^quiet hours$/)).toContain("they hold now: only urgent events wake");
  expect(toDetail(quiet, /^session /)).toContain("now: quiet hours until");
  expect(quiet.at(-1)).toMatchObject({ check: "probe lane", ok: false });
  expect(quiet.at(-1)?.detail).toContain("still waiting: quiet hours until");
  await rig.run("quiet", "off");

  const inbox = new DatabaseSync(join(rig.home, "sluice.db"));
  inbox.exec("PRAGMA busy_timeout = 5000");
  const wake = inbox.prepare("INSERT INTO wakes (session, at, urgent, chars) VALUES (?, ?, 0, 9)");
  for (let i = 0; i < 12; i++) wake.run(session.sessionId, Date.now() - 60_000 + i);
  inbox.close();
  const spent = await examine(rig, "--probe", "--wait", "3s");
  expect(toDetail(spent, /^session /)).toContain("now: the wake budget is spent (12 an hour)");
  expect(spent.at(-1)?.detail).toContain("still waiting: the wake budget is spent");
  const held = await emit(rig);
  await untilWaits(rig, held, /^the wake budget is spent \(12 an hour\)$/);

  await rig.run("watch", "alerts", "--session", session.sessionId);
  await session.close();
  await until("the session is closed", async () => (await rig.status()).sessions.length === 0);
  const watched = await emit(rig);
  await untilWaits(rig, watched, /^no session that subscribed to it is open$/);
  await rig.run("ack", held);
  expect(toDetail(await examine(rig), /^inbox$/)).toMatch(
    /: no session that subscribed to it is open$/,
  );
  expect((await rig.run("status")).stdout).toContain("no session that subscribed to it is open");
});

test("a bell that died, a client without the plugin: doctor names the session and why nothing wakes it", async () => {
  await using rig = await openRigWithHub();
  await rig.run("add", "webhook", "--name", "alerts");
  const client = await spawnClient(rig, "monitor");
  await openLane(rig, "pull");
  await endProcess(client.bellPid, "SIGKILL");
  await until("the bell is gone", async () =>
    (await rig.status()).sessions.some((one) => one.lane === "monitor" && !one.bell),
  );
  const checks = (await examine(rig)).filter(({ check }) => check.startsWith("session "));
  const [dead] = checks.filter(({ detail }) => detail.includes("lane monitor"));
  expect(dead).toMatchObject({ ok: false, detail: expect.stringContaining("no bell") as string });
  const [pulls] = checks.filter(({ detail }) => detail.includes("lane pull"));
  expect(pulls?.detail).toContain("no plugin in it: pull only, receipts by tool calls only");
  expect(pulls?.detail).toMatch(/claude-code [\d.]+ \(MCP \d{4}-\d{2}-\d{2}\)/);
  const id = await emit(rig);
  await untilWaits(rig, id, /the bell is not connected|reads its inbox by itself/);
});
