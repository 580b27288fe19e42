/** One event in copies: three sessions on three lanes, of which one is killed, and a hub that is killed in between. */
import { expect, test } from "vitest";
import type { CopyView } from "../../src/api/wire/trace-wire.ts";
import type { ModelTurn } from "../../src/host/turns.ts";
import { openRigWithHub, type Rig, until } from "./rig.ts";
import { post } from "./senders.ts";
import {
  type ClientProcess,
  countReads,
  findTag,
  makeProject,
  openLane,
  spawnClient,
  untilAttached,
} from "./sessions.ts";

/** Without hooks only a call that names what was read proves it. */
async function readInbox(turn: ModelTurn): Promise<void> {
  if (turn.text !== "inbox") return;
  const { text } = await turn.callTool("inbox", {});
  const event_ids = [...text.matchAll(/event_id="(evt_\w+)"/g)].map(([, id]) => id);
  await turn.callTool("ack", { event_ids });
}

async function sessionOf(rig: Rig, { pid }: ClientProcess): Promise<string> {
  const { sessions } = await rig.status();
  const found = sessions.find((one) => one.client.pid === pid);
  if (found === undefined) throw new Error(`no session of ${pid}`);
  return found.id;
}

async function copyOf(rig: Rig, event: string, session: string): Promise<CopyView> {
  const { copies = [] } = await rig.trace(event);
  const found = copies.find((one) => one.session === session);
  if (found === undefined) throw new Error(`no copy of ${event} for ${session}`);
  return found;
}

function untilCopy(rig: Rig, event: string, session: string, state: string): Promise<void> {
  return until(
    `the copy for ${session} is ${state}`,
    async () => {
      const copy = await copyOf(rig, event, session).catch(() => undefined);
      return copy?.state === state;
    },
    undefined,
    async () => JSON.stringify((await rig.trace(event)).steps),
  );
}

// COPY-1, WATCH-4
test("three sessions on three lanes each get the event once; a killed hub and a killed session cost nobody else anything", async () => {
  await using rig = await openRigWithHub();
  const alerts = await rig.addChannel({ kind: "webhook", name: "alerts" });
  const cwd = makeProject(rig, "octo-org/ops");
  const ops = await spawnClient(rig, "monitor", { cwd, model: "hold" });
  const docs = await spawnClient(rig, "channel", { cwd: makeProject(rig, "octo-org/docs") });
  const puller = await openLane(rig, "pull", {
    cwd: makeProject(rig, "octo-org/puller"),
    model: readInbox,
  });
  const { sessions } = await rig.status();
  const pulling = sessions.find(({ lane }) => lane === "pull")?.id ?? "";
  const ids = [await sessionOf(rig, ops), await sessionOf(rig, docs), pulling] as const;
  const [opsId, docsId] = ids;
  for (const id of ids) {
    const { code, stdout } = await rig.run("watch", "alerts", "--copy", "--session", id, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ channel: "alerts", copy: true, session: id });
  }

  const { id } = await post(alerts.url, "disk full", {
    "content-type": "text/plain",
    authorization: `Bearer ${alerts.secret}`,
  });
  await untilCopy(rig, id, docsId, "done");
  await untilCopy(rig, id, opsId, "offered");
  expect((await rig.events()).map((event) => [event.id, event.state])).toEqual([[id, "offered"]]);
  expect((await rig.status()).events).toMatchObject({ stored: 0, offered: 1, done: 0 });

  await rig.killHub();
  await rig.startHub().catch(() => undefined);
  await untilAttached(rig, "pull");
  puller.type("inbox");
  await untilCopy(rig, id, pulling, "done");

  const before = ops.reads.slice();
  await ops.kill();
  await untilCopy(rig, id, opsId, "stored");
  const { stdout } = await rig.run("trace", id);
  expect(stdout.match(/^copy +evt_\w+ for .*: (?:done|stored)/gm)).toHaveLength(3);
  const resumed = await spawnClient(rig, "monitor", { cwd, session: { sessionId: opsId } });
  await rig.untilState(id, "done");

  const [first, second, third] = await Promise.all(ids.map((one) => copyOf(rig, id, one)));
  expect([first?.attempts, second?.attempts, third?.attempts]).toEqual([2, 1, 1]);
  expect(countReads(docs.reads, second?.id ?? "")).toBe(1);
  expect(countReads(puller.reads, third?.id ?? "")).toBe(1);
  expect(findTag(before, first?.id ?? "")).not.toContain("replayed");
  expect(findTag(resumed.reads, first?.id ?? "")).toContain('replayed="true"');
  const { steps } = await rig.trace(id);
  expect(steps.at(-1)).toMatchObject({ stage: "done", reason: "all 3 copies are done" });
  expect((await rig.status()).events).toMatchObject({ stored: 0, offered: 0, done: 1 });
});
