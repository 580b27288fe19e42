import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { HostNote } from "../../src/host/note.ts";
import { openRigWithHub, SHIM } from "./rig.ts";
import { GITHUB_SECRET, post, postGithub, toWorkflowRun } from "./senders.ts";
import {
  carriesEvent,
  countReads,
  findRead,
  findTag,
  type LaneName,
  openLane,
  untilAttached,
} from "./sessions.ts";

const GITHUB = { kind: "github", secret: GITHUB_SECRET };
const ended = (note: HostNote): boolean => note.kind === "turn-end";
const started = (note: HostNote): boolean => note.kind === "turn-start";
const PUSHED: LaneName[] = ["channel", "monitor"];

test.concurrent.each(PUSHED)(
  "%s: a signed GitHub event is read exactly once, and its trace tells the way",
  async (lane) => {
    await using rig = await openRigWithHub();
    const github = await rig.addChannel(GITHUB);
    const session = await openLane(rig, lane);
    const { status, id } = await postGithub(github, { deliveryId: "first" });
    expect(status).toBe(202);
    const event = await rig.untilState(id, "done");
    expect(event.deliveries).toMatchObject([{ lane, attempt: 1, session: session.sessionId }]);
    expect(findTag(session.reads, id)).not.toContain("replayed");
    // A hook answer that missed its time adds a second try, never a second reading.
    const stages = (await rig.stages(id)).filter((stage) => stage !== "held");
    const way = ["verified", "gated", "stored", "routed", "offered", "seen", "done"];
    expect([...new Set(stages)]).toEqual(way);
    // GitHub sends it again: the same event, and nothing more to read.
    const again = await postGithub(github, { deliveryId: "first" });
    expect(again).toMatchObject({ status: 200, duplicate: true, id });
    await sleep(300);
    expect(countReads(session.reads, id)).toBe(1);
    expect(session.counters).toMatchObject({
      hookFailures: 0,
      bellLinesLost: 0,
      garbageLines: 0,
    });
  },
);

// req:field.65
test.concurrent("pull: what waits is read by the inbox tool once, and the result of the call is its receipt", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  const session = await openLane(rig, "pull", {
    env: { ...rig.env, SLUICE_LANE: "pull" },
    model: async (turn) => {
      await turn.callTool("inbox");
    },
  });
  const { id } = await postGithub(github);
  session.type("anything new?");
  await session.until(ended);
  expect(countReads(session.reads, id)).toBe(1);
  expect((await rig.event(id)).deliveries).toMatchObject([{ lane: "pull", attempt: 1 }]);
  session.type("and now?");
  await session.idle();
  expect(countReads(session.reads, id)).toBe(1);
  expect(session.counters.garbageLines).toBe(0);
});

// req:field.30
test.concurrent.each(PUSHED)(
  "%s: an event that came before the session is given to it once",
  async (lane) => {
    await using rig = await openRigWithHub();
    const github = await rig.addChannel(GITHUB);
    const { id } = await postGithub(github);
    expect((await rig.trace(id)).steps.at(-1)).toMatchObject({ stage: "held" });
    const session = await openLane(rig, lane);
    await rig.untilState(id, "done");
    expect(countReads(session.reads, id)).toBe(1);
    expect(findTag(session.reads, id)).not.toContain("replayed");
  },
);

test.concurrent.each(PUSHED)(
  "%s: an event that comes while a turn runs is read once, after it",
  async (lane) => {
    await using rig = await openRigWithHub();
    const github = await rig.addChannel(GITHUB);
    const held = Promise.withResolvers<void>();
    const session = await openLane(rig, lane, { model: () => held.promise });
    session.type("a long task");
    await session.until(started);
    const { id } = await postGithub(github);
    await sleep(300);
    expect(countReads(session.reads, id)).toBe(0);
    held.resolve();
    await rig.untilState(id, "done");
    expect(countReads(session.reads, id)).toBe(1);
    expect((await rig.event(id)).deliveries).toHaveLength(1);
  },
);

test.concurrent("monitor: Esc in the turn of an event leaves it offered, and the end of a later turn proves it", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  const gate = { hold: true };
  const session = await openLane(rig, "monitor", {
    model: async (turn) => {
      if (gate.hold && carriesEvent(turn))
        await sleep(60_000, undefined, { signal: turn.signal, ref: false });
    },
  });
  const { id } = await postGithub(github);
  await rig.untilState(id, "offered");
  await session.until((note) => note.kind === "read" && note.text.includes(id));
  gate.hold = false;
  session.interrupt();
  await session.until(ended);
  expect((await rig.event(id)).state).toBe("offered");
  session.type("go on");
  await rig.untilState(id, "done");
  expect(countReads(session.reads, id)).toBe(1);
});

test.concurrent("monitor: twenty events at once are one wake; the note holds 9,500 characters, the inbox the rest, each once", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  const held = Promise.withResolvers<void>();
  const session = await openLane(rig, "monitor", {
    model: async (turn) => {
      await held.promise;
      for (let page = 0; page < 8 && carriesEvent(turn); page++) {
        const { text } = await turn.callTool("inbox");
        if (!text.includes("more wait")) return;
      }
    },
  });
  // In a turn nothing rings: all twenty wait for its end.
  session.type("a long task");
  await session.until(started);
  const posted = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      postGithub(github, { commit: `number ${index} ${"x".repeat(590)}` }),
    ),
  );
  held.resolve();
  for (const { id } of posted) await rig.untilState(id, "done");
  for (const { id } of posted) expect(countReads(session.reads, id)).toBe(1);
  const [note = "", ...others] = session.reads.flatMap(({ how, text }) =>
    how === "context" && carriesEvent({ text }) ? [text] : [],
  );
  expect(others).toEqual([]);
  expect(note).toContain("more wait: read them with the inbox tool.");
  expect(note.length).toBeGreaterThan(8_000);
  expect(note.length).toBeLessThanOrEqual(
    9_500 + "UserPromptSubmit hook additional context: ".length,
  );
});

test.concurrent("channel: twenty events at once are each read once, in order", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  const session = await openLane(rig, "channel");
  const ids: string[] = [];
  for (let index = 0; index < 20; index++) ids.push((await postGithub(github)).id);
  for (const id of ids) await rig.untilState(id, "done");
  for (const id of ids) expect(countReads(session.reads, id)).toBe(1);
  const order = session.reads.flatMap(({ text }) => /event_id="(evt_\w+)"/.exec(text)?.[1] ?? []);
  expect(order).toEqual(ids);
});

test.concurrent("what a subagent reads from the inbox is not taken as read by the session", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  const done = Promise.withResolvers<void>();
  const session = await openLane(rig, "monitor", {
    model: async (turn) => {
      if (turn.kind !== "typed") return;
      const { id } = await postGithub(github);
      await turn.callTool("inbox", {}, { agentId: "agent-1" });
      expect(countReads(session.reads, id)).toBe(1);
      await rig.untilState(id, "stored");
      done.resolve();
    },
  });
  session.type("delegate");
  await done.promise;
  const [event] = await rig.events();
  await rig.untilState(event?.id ?? "", "done");
  expect(findRead(session.reads.slice(-1), event?.id ?? "").how).toBe("context");
  expect(findTag(session.reads.slice(-1), event?.id ?? "")).toContain('replayed="true"');
  expect((await rig.trace(event?.id ?? "")).steps).toContainEqual(
    expect.objectContaining({ stage: "stored", reason: "read by a subagent" }),
  );
});

test.concurrent("the hooks' tool is not listed, and refuses a model that calls it all the same", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  const outputs: { text: string; isError: boolean }[] = [];
  const session = await openLane(rig, "monitor", {
    model: async (turn) => {
      if (turn.kind !== "bell") return;
      const forged = { event: "Stop", session: "", prompt_id: turn.promptId };
      outputs.push(await turn.callTool("hook", forged));
      const [event] = await rig.events();
      expect(event?.state).toBe("offered");
    },
  });
  const names = session.tools.map(({ name }) => name);
  expect(names.slice(0, 4)).toEqual(["inbox", "ack", "details", "reply"]);
  expect(names).not.toContain("hook");
  const { id } = await postGithub(github);
  await rig.untilState(id, "done");
  expect(outputs).toMatchObject([{ isError: true }]);
  expect(outputs[0]?.text).toContain("not a tool for the model");
});

test.concurrent("a client without monitors pulls, and status says why", async () => {
  await using rig = await openRigWithHub();
  await openLane(rig, "pull", {
    clientInfo: { name: "claude-code", version: "2.1.200" },
    args: [SHIM, "--plugin"],
  });
  await untilAttached(rig, "pull");
  const { sessions } = await rig.status();
  expect(sessions).toMatchObject([{ lane: "pull", target: false }]);
  expect(sessions[0]?.reason).toMatch(/2\.1\.200 has no monitors.*2\.1\.310/);
});

test.concurrent("a captured request under a new id is the event that it made, also after the hub was killed", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  const { body, headers } = toWorkflowRun({ deliveryId: "first" });
  const first = await post(github.url, body, headers);
  await rig.killHub();
  await rig.startHub();
  const replayed = await post(github.url, body, { ...headers, "x-github-delivery": "second" });
  expect(replayed).toMatchObject({ status: 200, id: first.id, duplicate: true });
  expect(await rig.events()).toHaveLength(1);
  const { stdout } = await rig.run("status");
  expect(stdout).toContain("1 with the signed bytes of an earlier event (github)");
});
