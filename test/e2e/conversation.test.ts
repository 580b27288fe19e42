import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { openRigWithHub, until } from "./rig.ts";
import { GITHUB_SECRET, listen, postGithub, postMessage } from "./senders.ts";
import { countReads, findTag, makeProject, openLane, spawnClient } from "./sessions.ts";

const GITHUB = { kind: "github", secret: GITHUB_SECRET };
const OPS = { kind: "webhook", name: "ops", twoWay: true };

test.concurrent("two-way: a reply goes out once to who listens, also when the model sends it twice", async () => {
  await using rig = await openRigWithHub();
  const ops = await rig.addChannel(OPS);
  const early = listen(ops);
  rig.add(early.close);
  const outputs: string[] = [];
  await openLane(rig, "monitor", {
    model: async (turn) => {
      const [, id] = /event_id="(evt_\w+)"/.exec(turn.text) ?? [];
      if (id === undefined) return;
      const answer = { event_id: id, text: "rolled back" };
      outputs.push((await turn.callTool("reply", answer)).text);
      outputs.push((await turn.callTool("reply", answer)).text);
    },
  });
  const { id } = await postMessage(ops, "what about the deploy?");
  await until("the reply is heard", () => early.replies.length > 0);
  await until("both calls returned", () => outputs.length === 2);
  expect(outputs[0]).toMatch(/^Sent\./);
  expect(outputs[1]).toMatch(/^Sent before/);
  // Who comes late misses nothing that nobody has had, and hears nothing twice.
  const late = listen(ops);
  rig.add(late.close);
  await sleep(300);
  expect(early.replies).toMatchObject([{ event_id: id, chat_id: "ops", text: "rolled back" }]);
  expect(late.replies).toEqual([]);
  expect(await rig.stages(id)).toEqual(
    expect.arrayContaining(["offered", "seen", "replied", "done"]),
  );
});

test.concurrent("a reply that nobody listens for waits for the first listener", async () => {
  await using rig = await openRigWithHub();
  const ops = await rig.addChannel(OPS);
  await openLane(rig, "channel", {
    model: async (turn) => {
      const [, id] = /event_id="(evt_\w+)"/.exec(turn.text) ?? [];
      if (id !== undefined) await turn.callTool("reply", { event_id: id, text: "yes" });
    },
  });
  const { id } = await postMessage(ops, "are you there?");
  await rig.untilState(id, "done");
  const late = listen(ops);
  rig.add(late.close);
  await until("the reply is heard", () => late.replies.length > 0);
  expect(late.replies).toMatchObject([{ event_id: id, text: "yes" }]);
});

test.concurrent("/clear: what was read and not answered is given to the new conversation, marked as replayed", async () => {
  await using rig = await openRigWithHub();
  const ops = await rig.addChannel(OPS);
  const session = await openLane(rig, "monitor");
  const { id } = await postMessage(ops, "please look");
  await rig.untilState(id, "seen");
  await session.idle();
  const before = session.sessionId;
  await session.clear();
  await until("it is read again", () => countReads(session.conversation, id) === 1);
  expect(findTag(session.conversation, id)).toContain('replayed="true"');
  const { deliveries } = await rig.untilState(id, "seen");
  expect(deliveries).toMatchObject([
    { session: before, attempt: 1 },
    { session: session.sessionId, attempt: 2 },
  ]);
});

// req:field.27 req:field.41
test.concurrent("two sessions: a repository's events go to its own session, the rest to one, never to both", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  const ops = await rig.addChannel({ kind: "webhook", name: "alerts" });
  const [one, two] = await Promise.all(
    ["octo-org/one", "octo-org/two"].map((repository) =>
      spawnClient(rig, "monitor", { cwd: makeProject(rig, repository) }),
    ),
  );
  if (one === undefined || two === undefined) throw new Error("two were opened");
  const toOne = await postGithub(github, { repository: "octo-org/one" });
  const toTwo = await postGithub(github, { repository: "Octo-Org/Two" });
  const toAny = await postGithub(github, { repository: "octo-org/elsewhere" });
  const alert = await fetch(ops.url, {
    method: "POST",
    body: "disk is full",
    headers: { authorization: `Bearer ${ops.secret}`, "content-type": "text/plain" },
  });
  const { id: alertId } = (await alert.json()) as { id: string };
  for (const id of [toOne.id, toTwo.id, toAny.id, alertId]) await rig.untilState(id, "done");
  const count = (id: string) => [countReads(one.reads, id), countReads(two.reads, id)];
  await until("both have told", () => count(toOne.id)[0] === 1 && count(toTwo.id)[1] === 1);
  expect(count(toOne.id)).toEqual([1, 0]);
  expect(count(toTwo.id)).toEqual([0, 1]);
  for (const id of [toAny.id, alertId]) expect(count(id).toSorted()).toEqual([0, 1]);
});
