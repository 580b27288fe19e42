import { expect, test } from "vitest";
import type { HostNote } from "../../src/host/note.ts";
import type { ModelTurn } from "../../src/host/turns.ts";
import { openRigWithHub, type Rig, until } from "./rig.ts";
import { type Endpoint, post } from "./senders.ts";
import { countReads, makeProject, openLane, spawnClient, untilAttached } from "./sessions.ts";

const ended = (note: HostNote): boolean => note.kind === "turn-end";

/** An alert of one database, as a program posts it. */
async function alert(to: Endpoint, database: string): Promise<string> {
  const { id, status, text } = await post(to.url, `${database} is slow`, {
    "content-type": "text/plain",
    authorization: `Bearer ${to.secret}`,
    "x-sluice-entity": database,
  });
  if (status !== 202) throw new Error(`the hub answered ${status}: ${text}`);
  return id;
}

/** Calls a tool for what was typed; reads whatever else comes. */
async function callTyped(turn: ModelTurn): Promise<void> {
  const [, tool, database] = /^(watch|unwatch) (\S+)$/.exec(turn.text) ?? [];
  if (tool !== undefined) await turn.callTool(tool, { channel: "alerts", entity: database });
}

/** One that watches, in this process, and beside it one that is active last. */
async function open() {
  const rig = await openRigWithHub();
  const alerts = await rig.addChannel({ kind: "webhook", name: "alerts" });
  const cwd = makeProject(rig, "octo-org/watcher");
  const watcher = await openLane(rig, "monitor", { cwd, model: callTyped });
  const other = await spawnClient(rig, "monitor", { cwd: makeProject(rig, "octo-org/other") });
  await untilAttached(rig, "monitor", 2);
  /** Makes the other one the last active. */
  const turnToOther = async (): Promise<void> => {
    const turns = other.notes.filter(ended).length;
    other.send({ type: "hello" });
    await until("the other's turn ends", () => other.notes.filter(ended).length > turns);
  };
  return { rig, alerts, watcher, other, cwd, turnToOther };
}

async function waits(rig: Rig, id: string): Promise<string | undefined> {
  const { event, steps } = await rig.trace(id);
  return event.state === "stored" ? steps.at(-1)?.reason : event.state;
}

// req:field.37
test.concurrent("what a session asked for by its tool comes to it and to no other, through /clear, until it takes that back", async () => {
  const { rig, alerts, watcher, other, turnToOther } = await open();
  await using _ = rig;
  watcher.type("watch db-1");
  await watcher.until(ended);
  await turnToOther();
  const free = await alert(alerts, "db-2");
  await rig.untilState(free, "done");
  const asked = await alert(alerts, "db-1");
  await rig.untilState(asked, "done");
  expect([countReads(watcher.reads, asked), countReads(other.reads, asked)]).toEqual([1, 0]);
  expect([countReads(watcher.reads, free), countReads(other.reads, free)]).toEqual([0, 1]);

  const before = watcher.sessionId;
  await watcher.clear();
  await turnToOther();
  const cleared = await alert(alerts, "db-1");
  const { deliveries } = await rig.untilState(cleared, "done");
  expect(countReads(watcher.reads, cleared)).toBe(1);
  expect(deliveries.at(-1)?.session).toBe(watcher.sessionId);
  expect(watcher.sessionId).not.toBe(before);

  watcher.type("unwatch db-1");
  await until("nothing is watched", async () => {
    const { stdout } = await rig.run("watch", "--json");
    return stdout.trim() === "";
  });
  await watcher.idle();
  await turnToOther();
  const after = await alert(alerts, "db-1");
  await rig.untilState(after, "done");
  expect([countReads(watcher.reads, after), countReads(other.reads, after)]).toEqual([0, 1]);
});

test.concurrent("sluice watch for a session by its name: what comes while it is closed waits for the resume", async () => {
  const { rig, alerts, watcher, other, cwd, turnToOther } = await open();
  await using _ = rig;
  watcher.type("hello");
  await watcher.until(ended);
  const name = "octo-org-watcher (main)";
  const watched = await rig.run("watch", "alerts", "--entity", "db-1", "--session", name, "--json");
  expect(JSON.parse(watched.stdout)).toMatchObject({ session: watcher.sessionId, entity: "db-1" });

  const { sessionId } = watcher;
  await watcher.close();
  await turnToOther();
  const ids = [await alert(alerts, "db-1"), await alert(alerts, "db-1")];
  const free = await alert(alerts, "db-2");
  await rig.untilState(free, "done");
  for (const id of ids) {
    await until(
      `${id} waits for its session`,
      async () => (await waits(rig, id))?.startsWith("no session that subscribed") === true,
    );
  }
  const resumed = await openLane(rig, "monitor", { cwd, sessionId });
  for (const id of ids) await rig.untilState(id, "done");
  const [shown = ""] = ids.slice(-1);
  expect(countReads(resumed.reads, shown)).toBe(1);
  for (const id of ids) expect(countReads(other.reads, id)).toBe(0);
});
