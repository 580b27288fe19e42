import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { HostNote } from "../../src/host/note.ts";
import { openRigWithHub } from "./rig.ts";
import { GITHUB_SECRET, post, postGithub, postMessage } from "./senders.ts";
import { carriesEvent, countReads, findRead, findTag, openLane } from "./sessions.ts";

const GITHUB = { kind: "github", secret: GITHUB_SECRET };
const ALERTS = { kind: "webhook", name: "alerts" };
const woken = (note: HostNote): boolean => note.kind === "turn-start";

/** A turn that holds back what comes until it is ended. */
function openTask(): { hold: Promise<void>; end: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { hold: promise, end: resolve };
}

test.concurrent("monitor: a burst of states of one build is one wake and one tag, with the latest; the traces say which superseded which", async () => {
  await using rig = await openRigWithHub();
  const builds = await rig.addChannel({ kind: "webhook", name: "builds" });
  const listed: string[] = [];
  const task = openTask();
  const session = await openLane(rig, "monitor", {
    model: async (turn) => {
      await task.hold;
      const [, id] = /event_id="(evt_\w+)"/.exec(turn.text) ?? [];
      if (id !== undefined) listed.push((await turn.callTool("details", { event_id: id })).text);
    },
  });
  // In a turn nothing rings, however slowly this machine posts.
  session.type("a long task");
  await session.until(woken);
  const ids: string[] = [];
  for (let index = 0; index < 10; index++) {
    const status = index === 9 ? "success" : "failure";
    const answer = await post(builds.url, `build of main: ${status}`, {
      authorization: `Bearer ${builds.secret}`,
      "content-type": "text/plain",
      "x-sluice-entity": "octo/app@main",
      "x-sluice-state-of": "octo/app@main/build",
      "x-sluice-status": status,
    });
    ids.push(answer.id);
  }
  task.end();
  const last = ids.at(-1) ?? "";
  for (const id of ids) await rig.untilState(id, "done");
  expect(countReads(session.reads, last)).toBe(1);
  expect(findTag(session.reads, last)).toContain('count="10"');
  expect(findRead(session.reads, last).text).toContain("success");
  expect(findRead(session.reads, last).text).toContain(
    "(this ends 9 earlier: webhook x9; details lists them)",
  );
  for (const id of ids.slice(0, -1)) {
    expect(countReads(session.reads, id)).toBe(0);
    expect(listed.join()).toContain(`- ${id} `);
    const { steps } = await rig.trace(id);
    expect(steps).toContainEqual(
      expect.objectContaining({ stage: "offered", reason: `superseded by ${last}` }),
    );
  }
  expect((await rig.trace(last)).steps).toContainEqual(
    expect.objectContaining({
      stage: "offered",
      reason: `it supersedes ${ids.slice(0, 5).join(" ")} and 4 more`,
    }),
  );
  const { sessions } = await rig.status();
  expect(sessions).toMatchObject([{ wakesToday: 1 }]);
});

test.concurrent("monitor: Tests failed, then Lint and Docs went well, all of one pull request: the failure leads, the others are named, none ends it", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  const task = openTask();
  const session = await openLane(rig, "monitor", { model: () => task.hold });
  session.type("a long task");
  await session.until(woken);
  const [tests = "", ...others] = [
    (await postGithub(github, { pull: 12, workflow: "Tests", conclusion: "failure" })).id,
    (await postGithub(github, { pull: 12, workflow: "Lint", conclusion: "success" })).id,
    (await postGithub(github, { pull: 12, workflow: "Docs", conclusion: "success" })).id,
  ];
  task.end();
  for (const id of [tests, ...others]) await rig.untilState(id, "done");
  const { text } = findRead(session.reads, tests);
  expect(text.match(/<channel /g)).toHaveLength(1);
  expect(text).toMatch(/Workflow "Tests": failure[^]*"Lint": success[^]*"Docs": success/);
  expect(text).not.toContain("ends");
  for (const id of others) expect(text).toContain(id);
});

test.concurrent("monitor: what is urgent, and a person's message, are read at once", async () => {
  await using rig = await openRigWithHub();
  const alerts = await rig.addChannel(ALERTS);
  const ops = await rig.addChannel({ kind: "webhook", name: "ops", twoWay: true });
  const session = await openLane(rig, "monitor", {
    model: async (turn) => {
      const [, id] = /chat_id="[^>]*|event_id="(evt_\w+)"/.exec(turn.text) ?? [];
      if (id !== undefined) await turn.callTool("ack", { event_ids: [id] });
    },
  });
  const [urgent, message] = [
    await post(alerts.url, "the disk is full", {
      authorization: `Bearer ${alerts.secret}`,
      "content-type": "text/plain",
      "x-sluice-priority": "urgent",
    }),
    await postMessage(ops, "where are we?"),
  ];
  for (const { id } of [urgent, message]) {
    await session.until((note) => note.kind === "read" && note.text.includes(id));
    const { steps } = await rig.trace(id);
    const at = (stage: string): number => steps.find((one) => one.stage === stage)?.at ?? 0;
    // What is held back is so for an hour, or until it is due: this waits for the machine alone.
    expect(at("offered") - at("stored")).toBeLessThan(5 * 60_000);
  }
});

test.concurrent("monitor: more than twenty are a digest, whose lines are read once; the inbox has what did not fit", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  const task = openTask();
  const session = await openLane(rig, "monitor", {
    model: async (turn) => {
      await task.hold;
      for (let page = 0; page < 9 && /more wait/.test(turn.text); page++) {
        if (!(await turn.callTool("inbox")).text.includes("more wait")) return;
      }
    },
  });
  session.type("a long task");
  await session.until(woken);
  const posted = await Promise.all(
    Array.from({ length: 70 }, (_, index) =>
      postGithub(github, { branch: `branch-${index}`, commit: "words ".repeat(30) }),
    ),
  );
  task.end();
  for (const { id } of posted) await rig.untilState(id, "done");
  const digest = session.reads.find(({ text }) => text.includes('kind="digest"'))?.text ?? "";
  expect(digest.match(/^- evt_/gm)?.length).toBeGreaterThan(30);
  const all = session.reads.map(({ text }) => text).join("\n");
  for (const { id } of posted) {
    const lines = all.split(`- ${id} `).length - 1;
    expect(lines + countReads(session.reads, id)).toBe(1);
  }
});

test.concurrent("monitor: what is low waits until something else is due", async () => {
  await using rig = await openRigWithHub();
  const alerts = await rig.addChannel(ALERTS);
  const headers = {
    authorization: `Bearer ${alerts.secret}`,
    "content-type": "text/plain",
  };
  const session = await openLane(rig, "monitor");
  const low = await post(alerts.url, "a star", { ...headers, "x-sluice-priority": "low" });
  await sleep(3_000);
  const { event, steps } = await rig.trace(low.id);
  expect([event.state, steps.at(-1)?.reason]).toEqual([
    "stored",
    "low priority: goes with the next wake, or within the hour",
  ]);
  expect(session.reads.some(carriesEvent)).toBe(false);
  const normal = await post(alerts.url, "a build", headers);
  for (const { id } of [low, normal]) await rig.untilState(id, "done");
  expect(findRead(session.reads, low.id)).toBe(findRead(session.reads, normal.id));
});

test.concurrent("quiet hours hold back all but what is urgent; status and trace say so", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  await openLane(rig, "monitor");
  const time = (offsetHours: number): string => {
    const date = new Date(Date.now() + offsetHours * 3_600_000);
    return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
  };
  for (const wrong of ["soon", "25:00-07:00", "22:60-07:00", "7-8"])
    expect(await rig.run("quiet", wrong)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`"${wrong}" is not a valid time range`),
    });
  const hours = `${time(-1)}-${time(1)}`;
  expect(await rig.run("quiet", hours)).toMatchObject({ code: 0 });
  expect(await rig.run("quiet")).toMatchObject({
    stdout: expect.stringContaining("only urgent events wake sessions"),
  });
  const { id } = await postGithub(github);
  await sleep(2_500);
  const { event, steps } = await rig.trace(id);
  expect(event.state).toBe("stored");
  expect(steps.at(-1)?.reason).toMatch(
    /^quiet hours until \d\d:\d\d \S+: only urgent events wake$/,
  );
  expect((await rig.run("status")).stdout).toContain("only urgent events wake sessions");
  expect(await rig.run("quiet", "off")).toMatchObject({ code: 0 });
  expect((await rig.run("quiet")).stdout).toContain("no quiet hours");
  await rig.untilState(id, "done");
});
