import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { HostNote } from "../../src/host/note.ts";
import { endProcess, isRunning, openRig, openRigWithHub, until } from "./rig.ts";
import { GITHUB_SECRET, postGithub } from "./senders.ts";
import {
  carriesEvent,
  countReads,
  findTag,
  type LaneName,
  openLane,
  spawnClient,
  toSessionOptions,
  untilAttached,
} from "./sessions.ts";
import { openSession } from "../../src/host/session.ts";

const GITHUB = { kind: "github", secret: GITHUB_SECRET };
const PUSHED: LaneName[] = ["channel", "monitor"];
const ended = (note: HostNote): boolean => note.kind === "turn-end";

test.concurrent.each(PUSHED)(
  "%s: the hub is killed after it accepted; the shim starts another, which delivers once",
  async (lane) => {
    await using rig = await openRigWithHub();
    const github = await rig.addChannel(GITHUB);
    const { id } = await postGithub(github);
    await rig.killHub();
    expect(rig.listHubs()).toEqual([]);
    const session = await openLane(rig, lane);
    expect(rig.listHubs()).toHaveLength(1);
    await rig.untilState(id, "done");
    expect(countReads(session.reads, id)).toBe(1);
    expect(findTag(session.reads, id)).not.toContain("replayed");
  },
);

test.concurrent.each(PUSHED)(
  "%s: the hub is killed between offer and turn end; the turn end still proves the event, and it is read once",
  async (lane) => {
    await using rig = await openRigWithHub();
    const github = await rig.addChannel(GITHUB);
    const held = Promise.withResolvers<void>();
    const session = await openLane(rig, lane, {
      model: (turn) => (carriesEvent(turn) ? held.promise : undefined),
    });
    const { id } = await postGithub(github);
    await session.until((note) => note.kind === "read" && note.text.includes(id));
    await rig.killHub();
    held.resolve();
    await session.until(ended);
    await untilAttached(rig, lane);
    await until(
      "it is proved, or read again",
      async () => {
        const { state } = await rig.event(id);
        return state === "done";
      },
      15_000,
    );
    const reads = countReads(session.reads, id);
    // Read once; or, where nothing can prove that it arrived, again and marked.
    const tags = session.reads.flatMap(({ text }) => text.match(/<channel [^>]*>/g) ?? []);
    const unmarked = tags.filter((tag) => tag.includes(id) && !tag.includes('replayed="true"'));
    expect(unmarked).toHaveLength(1);
    if (lane === "monitor") expect(reads).toBe(1);
  },
);

// LINK-2
test.concurrent("the hub stands still: hooks are answered with nothing, at once, and what waited is read once afterwards", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  const session = await openLane(rig, "monitor");
  const hub = await rig.hubPid();
  rig.add(() => process.kill(hub, "SIGCONT"));
  const stop = session.observe((note) => {
    // Just before the hook of the bell's prompt is called.
    if (note.kind === "turn-start") process.kill(hub, "SIGSTOP");
  });
  const { id } = await postGithub(github);
  await session.until(ended);
  stop();
  const answers = session.notes.filter((note) => note.kind === "hook");
  expect(answers.map(({ moment, output }) => [moment, output])).toEqual([
    ["UserPromptSubmit", "{}"],
    ["Stop", "{}"],
  ]);
  for (const { tookMs } of answers) expect(tookMs).toBeLessThan(1_000);
  expect(session.counters.hookFailures).toBe(0);
  process.kill(hub, "SIGCONT");
  const { deliveries } = await rig.untilState(id, "done");
  expect(deliveries).toMatchObject([{ attempt: 1 }]);
  expect(countReads(session.reads, id)).toBe(1);
  expect(findTag(session.reads, id)).not.toContain("replayed");
});

test.concurrent("down with a session open: the hub leaves in order, the session attaches to the next one and goes on", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  const session = await openLane(rig, "monitor");
  const first = await postGithub(github);
  await rig.untilState(first.id, "done");
  const before = await rig.hubPid();
  const down = await rig.run("down", "--json");
  expect(down).toMatchObject({ code: 0, stderr: "" });
  expect(isRunning(before)).toBe(false);
  await untilAttached(rig, "monitor");
  const up = await rig.run("up", "--json");
  expect(JSON.parse(up.stdout)).toMatchObject({ pid: await rig.hubPid() });
  expect(rig.listHubs()).toHaveLength(1);
  const second = await postGithub(github);
  await rig.untilState(second.id, "done");
  expect(countReads(session.reads, first.id)).toBe(1);
  expect(countReads(session.reads, second.id)).toBe(1);
});

test.concurrent("ten shims that start at once start one hub", async () => {
  await using rig = openRig();
  const sessions = await Promise.all(
    Array.from({ length: 10 }, () => openSession(toSessionOptions(rig, "monitor"))),
  );
  for (const session of sessions) rig.add(() => session.close());
  await until(
    "the hub answers",
    async () => (await rig.status().catch(() => undefined)) !== undefined,
  );
  await until("the losers of the race are gone", () => rig.listHubs().length === 1);
  const pid = await rig.hubPid();
  await sleep(500);
  expect(rig.listHubs()).toEqual([pid]);
  for (const session of sessions) expect(session.stderr).toBe("");
});

// BELL-1
test.concurrent("the client is killed right after the bell: nothing was offered, and the next session reads it as new", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  const first = await spawnClient(rig, "monitor");
  const { id } = await postGithub(github);
  await until("the bell rang", async () =>
    (await rig.status()).sessions.some((one) => one.wakesToday > 0),
  );
  await first.kill();
  const { serverPid, bellPid } = first;
  const next = await spawnClient(rig, "monitor");
  await rig.untilState(id, "done");
  await until("it is told", () => countReads(next.reads, id) > 0);
  expect(countReads(next.reads, id)).toBe(1);
  expect(findTag(next.reads, id)).not.toContain("replayed");
  await until("shim and bell are gone", () => !isRunning(serverPid) && !isRunning(bellPid));
});

test.concurrent.each(PUSHED)(
  "%s: the client is killed in the turn of an event; the next session gets it, marked as replayed",
  async (lane) => {
    await using rig = await openRigWithHub();
    const github = await rig.addChannel(GITHUB);
    const first = await spawnClient(rig, lane, { model: "hold" });
    const { id } = await postGithub(github);
    await first.until("it is read", (note) => note.kind === "read" && note.text.includes(id));
    await first.kill();
    const next = await spawnClient(rig, lane);
    const { deliveries } = await rig.untilState(id, "done");
    expect(deliveries).toMatchObject([{ attempt: 1, state: "back" }, { attempt: 2 }]);
    await until("it is told", () => countReads(next.reads, id) > 0);
    expect(findTag(next.reads, id)).toContain('replayed="true"');
  },
);

// req:field.63
test.concurrent("the shim is killed: the bell says how to reconnect, the event waits, and a new shim gets it", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  const session = await openLane(rig, "monitor");
  await endProcess(session.serverPid ?? 0, "SIGKILL");
  const { id } = await postGithub(github);
  const told = await session.until((note) => note.kind === "read" && note.how === "bell");
  expect(told).toMatchObject({ text: expect.stringContaining("/mcp") });
  expect((await rig.event(id)).state).toBe("stored");
  // Reconnect, as the client does it: a new server under the same process, the monitor goes on.
  const again = await openSession(toSessionOptions(rig, "monitor"));
  rig.add(() => again.close());
  await until("it is connected", async () => (await rig.status()).sessions.length === 1);
  await until(
    "the bell rings",
    () => session.notes.some((note) => note.kind === "turn-start" && note.at > told.at),
    10_000,
  );
});
