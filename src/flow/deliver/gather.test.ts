import fc from "fast-check";
import { expect, test } from "vitest";
import type { Arrival } from "../../sdk/event.ts";
import { countByState } from "../../store/events/figures.ts";
import { findEvent, readTrace } from "../../store/events/inbox.ts";
import { readWakes } from "../../store/sessions/sessions.ts";
import { NOTE_MAX_EVENTS } from "../text/bundles.ts";
import { NOTE_MAX_CHARS } from "../text/note.ts";
import { BURST_MS, HOUR_MS } from "./pace.ts";
import { Rig, type Session, start as startAtOnce } from "../rig.fixture.ts";

type Scene = { rig: Rig; session: Session };

/** A session at work, with the product's own pace. */
async function start(): Promise<Scene> {
  const rig = new Rig(undefined, undefined, BURST_MS);
  const session = rig.connect();
  await rig.clock.advance(1_000);
  await session.type("hello", "P");
  await session.stop("P");
  return { rig, session };
}

/** Posts at 20 a second. */
async function post(rig: Rig, count: number, changes: Partial<Arrival> = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    ids.push(await rig.post({ text: `number ${index}`, ...changes }));
    await rig.clock.advance(50);
  }
  return ids;
}

const pull: Partial<Arrival> = {
  channel: "github",
  entity: "octo/app#12",
  stateOf: "octo/app#12 build",
};
const states = (rig: Rig, ids: string[]): (string | undefined)[] => [
  ...new Set(ids.map((id) => rig.state(id))),
];
const reasons = (rig: Rig, id: string): (string | undefined)[] => {
  const event = findEvent(rig.db, id);
  return event === undefined ? [] : readTrace(rig.db, event).map(({ reason }) => reason);
};

test("PACE-5: a burst rings once, 1.5 s after its first event; one that comes later is in the note all the same", async () => {
  const { rig, session } = await start();
  const ids = await post(rig, 10);
  expect(session.lines).toEqual([]);
  await rig.clock.advance(BURST_MS - 501);
  expect(session.lines).toEqual([]);
  await rig.clock.advance(2);
  expect(session.lines).toEqual([expect.stringContaining("10 events wait")]);
  ids.push(await rig.post());
  await session.hear("Q");
  await session.stop("Q");
  expect(states(rig, ids)).toEqual(["done"]);
  await rig.clock.advance(HOUR_MS);
  expect(session.lines.length).toBe(1);
});

test.each<[string, Partial<Arrival>]>([
  ["urgent", { priority: "urgent" }],
  ["a person's message", { channel: "chat", ack: "reply" }],
])("PACE-5: what is %s rings at once, and takes along what was gathering", async (_, changes) => {
  const { rig, session } = await start();
  const normal = await rig.post();
  await rig.clock.advance(100);
  expect(session.lines).toEqual([]);
  const pressing = await rig.post(changes);
  expect(session.lines.length).toBe(1);
  const note = (await session.hear()) ?? "";
  expect([normal, pressing].every((id) => note.includes(id))).toBe(true);
});

test("MERGE-4: states of one thing are one tag with the latest and a count; all are seen together, and their traces say which superseded which", async () => {
  const { rig, session } = await start();
  const ids = await post(rig, 12, pull);
  const last = ids.at(-1) ?? "";
  await rig.clock.advance(BURST_MS);
  const note = (await session.hear("Q")) ?? "";
  expect(note.match(/<channel /g)?.length).toBe(1);
  expect(note).toContain(`event_id="${last}"`);
  expect(note).toContain('count="12"');
  expect(note).toContain("number 11\n(after 11 earlier: ");
  expect(note).not.toContain("more wait");
  expect(states(rig, ids)).toEqual(["offered"]);
  await session.stop("Q");
  expect(states(rig, ids)).toEqual(["done"]);
  for (const id of ids.slice(0, -1)) {
    expect(rig.attempts(id)).toEqual([["done", 1]]);
    expect(reasons(rig, id)).toContain(`superseded by ${last}`);
  }
  expect(reasons(rig, last)).toContain(`it supersedes ${ids.slice(0, 5).join(" ")} and 6 more`);
});

test("an old row, stored before events had a stateOf, supersedes nothing: a failure is told though a success waits beside it", async () => {
  const { rig, session } = await start();
  const old = { channel: "github", entity: "octo/app#12", kind: "workflow_run.completed" };
  const failed = await rig.post({ ...old, text: "Tests failed", meta: { conclusion: "failure" } });
  await rig.post({ ...old, text: "Lint is fine", meta: { conclusion: "success" } });
  await rig.clock.advance(BURST_MS);
  const note = (await session.hear()) ?? "";
  expect(note).toContain(`event_id="${failed}"`);
  expect(note).toMatch(/Tests failed[^]*Lint is fine/);
  expect(note).not.toContain("earlier");
});

test("MERGE-4: an alert of the same entity that is resolved ends no other one; each is kept until its own is", async () => {
  const { rig, session } = await start();
  const on = { channel: "alerts", entity: "db-1", kind: "alert" };
  const disk = { ...on, stateOf: "db-1/disk" };
  const load = { ...on, stateOf: "db-1/load" };
  const firing = await rig.post({ ...disk, text: "disk full", meta: { status: "firing" } });
  await rig.post({ ...load, text: "load high", meta: { status: "firing" } });
  await rig.post({ ...load, text: "load fine", meta: { status: "resolved" } });
  const open = rig.db.all<{ event: string }>("SELECT event FROM firing").map(({ event }) => event);
  expect(open).toEqual([firing]);
  await rig.clock.advance(BURST_MS);
  const note = (await session.hear()) ?? "";
  expect(note).toContain(`event_id="${firing}"`);
  expect(note).toContain(": load fine (ends 1 earlier)\n");
});

test("a failure whose turns failed three times does not come alone after its own success was told", async () => {
  const { rig, session } = await start();
  const build = { ...pull, kind: "build" };
  const failed = await rig.post({ ...build, text: "it failed", meta: { status: "failure" } });
  for (let time = 0; time < 3; time++) {
    await rig.clock.advance(HOUR_MS);
    await session.hear(`Q${time}`);
    await session.hook("StopFailure", { promptId: `Q${time}` });
  }
  expect(rig.attempts(failed).length).toBe(3);
  await rig.post({ ...build, text: "it is fine", meta: { status: "success" } });
  await rig.post({ text: "something else" });
  await rig.clock.advance(HOUR_MS);
  expect(await session.hear("R")).toContain("it is fine\n(this ends 1 earlier: build; details");
  await session.stop("R");
  expect(rig.state(failed)).toBe("done");
});

test("what is a state of something and names no entity is told with the other states of it", async () => {
  const { rig, session } = await start();
  const build = { channel: "ci", kind: "build", stateOf: "build/main" };
  await rig.post({ ...build, text: "main failed", meta: { status: "failure" } });
  const last = await rig.post({ ...build, text: "main is fine", meta: { status: "success" } });
  await rig.clock.advance(BURST_MS);
  const note = (await session.hear()) ?? "";
  expect(note.match(/<channel /g)).toHaveLength(1);
  expect(note).toContain(`event_id="${last}"`);
  expect(note).toContain("main is fine\n(this ends 1 earlier: build; details lists them)");
});

test("a resolved alert stands for the firing one, whichever came in last", async () => {
  const { rig, session } = await start();
  const alert = { channel: "alerts", entity: "disk", stateOf: "disk", kind: "alert" };
  const [, resolved] = [
    await rig.post({ ...alert, text: "disk full", meta: { status: "firing" }, occurredAt: 1 }),
    await rig.post({ ...alert, text: "disk ok", meta: { status: "resolved" }, occurredAt: 9 }),
    await rig.post({ ...alert, text: "disk full", meta: { status: "firing" }, occurredAt: 5 }),
  ];
  await rig.clock.advance(BURST_MS);
  const note = (await session.hear()) ?? "";
  expect(note).toContain(`event_id="${resolved}"`);
  expect(note).toContain("disk ok\n(this ends 2 earlier: alert x2; details lists them)");
  expect(note).not.toContain("disk full");
});

test("details of the shown event lists what it stands for; the merged ones can be read as well", async () => {
  const { rig, session } = await start();
  const ids = await post(rig, 3, { ...pull, quotes: [{ label: "body", text: "</channel>\nx" }] });
  await rig.clock.advance(BURST_MS);
  await session.hear("Q");
  const shown = await session.tool("details", { event_id: ids[2] });
  expect(shown.split("\n").filter((line) => line.startsWith("- "))).toEqual([
    expect.stringMatching(
      new RegExp(`^- ${ids[0]} 2026-\\S+ \\S+: number 0 \\| body: ‹/channel> x$`),
    ),
    expect.stringMatching(new RegExp(`^- ${ids[1]} .*number 1`)),
  ]);
  // RECEIPT-1: who names the one has been given the note, so all of it is seen.
  expect(states(rig, ids)).toEqual(["done"]);
  expect(await session.tool("details", { event_id: ids[0] })).toContain("number 0");
});

test("a failed turn gives all back, each with its own attempts; with a newer one they are one again", async () => {
  const { rig, session } = await start();
  const ids = await post(rig, 3, pull);
  await rig.clock.advance(BURST_MS);
  await session.hear("Q");
  await session.hook("StopFailure", { promptId: "Q" });
  expect(states(rig, ids)).toEqual(["stored"]);
  ids.push(await rig.post({ ...pull, text: "the newest" }));
  await rig.clock.advance(40_000);
  const note = (await session.hear("R")) ?? "";
  expect(note).toContain('count="4"');
  expect(note).toContain("the newest");
  await session.stop("R");
  expect(states(rig, ids)).toEqual(["done"]);
  expect(ids.map((id) => rig.attempts(id).length)).toEqual([2, 2, 2, 1]);
});

test("MERGE-2: messages of one chat each keep their handle, in order", async () => {
  const { rig, session } = await start();
  const chat = { channel: "chat", ack: "reply" as const, chatId: "ops", entity: "ops" };
  const ids = await post(rig, 3, chat);
  const note = (await session.hear()) ?? "";
  const found = note.match(/event_id="(evt_\w+)"/g) ?? [];
  expect(found).toEqual(ids.map((id) => `event_id="${id}"`));
  expect(note).not.toContain("count=");
});

// req:field.45
test("more than twenty are a digest; what does not fit waits for the inbox or the next bell", async () => {
  const { rig, session } = await start();
  const ids = await post(rig, 120, { quotes: [{ label: "body", text: "words ".repeat(40) }] });
  await rig.clock.advance(BURST_MS);
  const note = (await session.hear("Q")) ?? "";
  const told = note.match(/^- evt_/gm)?.length ?? 0;
  expect(told).toBeGreaterThan(30);
  expect(note.length).toBeLessThanOrEqual(NOTE_MAX_CHARS);
  expect(note).toContain(`\n${120 - told} more wait`);
  expect(countByState(rig.db)).toMatchObject({ offered: told, stored: 120 - told });
  // Who traces one of them hears that its session had a line, not the text.
  const [first = ""] = ids;
  const event = findEvent(rig.db, first);
  expect(event && readTrace(rig.db, event).at(-1)).toMatchObject({
    stage: "offered",
    reason: "as a line of a digest",
  });
  await session.tool("inbox", {}, "toolu_1");
  await session.hook("PostToolUse", {
    tool: "mcp__plugin_sluice_sluice__inbox",
    toolUseId: "toolu_1",
  });
  await session.stop("Q");
  // More than twenty are left: the page is a digest as well, with room for all of them.
  expect(countByState(rig.db)).toMatchObject({ done: 120, stored: 0 });
  expect(states(rig, ids)).toEqual(["done"]);
});

test("PACE-6: what is low waits for company", async () => {
  const { rig, session } = await start();
  const low = await rig.post({ priority: "low" });
  await rig.clock.advance(HOUR_MS / 2);
  expect(session.lines).toEqual([]);
  expect(await session.type("anything new?", "Q")).toContain("1 event waits");
  await session.stop("Q");
  await rig.post();
  await rig.clock.advance(BURST_MS);
  expect(session.lines.length).toBe(1);
  expect(await session.hear()).toContain(low);
});

test("PACE-6: without company it comes once an hour, as a digest", async () => {
  const { rig, session } = await start();
  const from = rig.clock.now();
  const ids = [];
  const heard: number[] = [];
  for (let minute = 0; minute < 180; minute++) {
    if (minute < 100) ids.push(await rig.post({ priority: "low" }));
    await rig.clock.advance(60_000);
    if (session.lines.length === heard.length) continue;
    heard.push((rig.clock.now() - from) / 60_000);
    expect(await session.hear(`Q${minute}`)).toContain('kind="digest"');
    await session.stop(`Q${minute}`);
  }
  expect(heard).toEqual([60, 120]);
  expect(states(rig, ids)).toEqual(["done"]);
});

test("PACE-7: in quiet hours nothing but what is urgent wakes, and all comes when they end", async () => {
  const { rig, session } = await start();
  const hour = new Date(rig.clock.now()).getHours();
  const time = (offset: number): string => `${String((hour + offset) % 24).padStart(2, "0")}:00`;
  rig.quiet = { from: time(0), to: time(2) };
  const ids = [await rig.post(), await rig.post({ channel: "chat", ack: "reply" })];
  await rig.clock.advance(HOUR_MS);
  expect(session.lines).toEqual([]);
  const event = findEvent(rig.db, ids[0] ?? "");
  expect(event && rig.delivery.explain(event)).toBe(
    `quiet hours until ${time(2)}: only urgent events wake`,
  );
  ids.push(await rig.post({ priority: "urgent" }));
  expect(session.lines.length).toBe(1);
  const note = (await session.hear("Q")) ?? "";
  expect(ids.every((id) => note.includes(id))).toBe(true);
  await session.stop("Q");
  const late = await rig.post();
  await rig.clock.advance(HOUR_MS - 2_000);
  expect(session.lines.length).toBe(1);
  await rig.clock.advance(1_000);
  expect(session.lines.length).toBe(2);
  expect(await session.hear()).toContain(late);
});

test("PACE-1: after the budget is spent, what has gathered comes as one when the window opens", async () => {
  const { rig, session } = await start();
  let heard = 0;
  for (let index = 0; index < 300; index++) {
    await rig.post({ text: `number ${index}`, entity: `e${index % 30}` });
    await rig.clock.advance(5_000);
    if (session.lines.length === heard) continue;
    heard = session.lines.length;
    await session.hear(`Q${index}`);
    await session.stop(`Q${index}`);
  }
  expect(heard).toBe(12);
  while (session.lines.length === 12) await rig.clock.advance(1_000);
  const note = (await session.hear("last")) ?? "";
  expect(note).toContain('kind="digest"');
  await session.stop("last");
  const wakes = readWakes(rig.db, "s1", 0);
  expect(wakes.length).toBe(13);
  expect(wakes.at(-1)?.chars).toBe((session.lines.at(-1)?.length ?? 0) + note.length);
});

test("BUNDLE-1: of a backlog larger than a note, entities come one after the other, each with its latest state", async () => {
  const rig = new Rig(undefined, undefined, BURST_MS);
  const latest = new Map<string, string>();
  const count = NOTE_MAX_EVENTS * 2;
  for (let index = 0; index < count; index++) {
    const entity = `e${index % 10}`;
    const stateOf = entity;
    latest.set(entity, await rig.post({ text: `state ${index}`, entity, stateOf }));
  }
  const session = rig.connect();
  await rig.clock.advance(BURST_MS);
  const shown: string[] = [];
  for (let turn = 0; turn < 4 && session.lines.length > turn; turn++) {
    const note = (await session.hear(`Q${turn}`)) ?? "";
    shown.push(...[...note.matchAll(/event_id="(evt_\w+)"/g)].map(([, id]) => id ?? ""));
    await session.stop(`Q${turn}`);
    await rig.clock.advance(5_000);
  }
  expect(shown.toSorted()).toEqual([...latest.values()].toSorted());
  expect(countByState(rig.db)).toMatchObject({ done: count, stored: 0 });
});

test("pull: a page holds entities, not events", async () => {
  const rig = new Rig();
  const session = rig.connect({ forcedLane: "pull", plugin: false }, { plugin: false });
  const ids = [...(await post(rig, 20, pull)), ...(await post(rig, 9))];
  const page = await session.tool("inbox", {}, "toolu_1");
  expect(page.match(/<channel /g)?.length).toBe(8);
  expect(page).toContain('count="20"');
  expect(page).toContain("\n2 more wait");
  expect(ids.filter((id) => rig.state(id) === "offered").length).toBe(27);
});

test("DIGEST-3: channel lane: details of the event by whose id a digest goes lists its own states, not the digest", async () => {
  const rig = new Rig(undefined, undefined, BURST_MS);
  const first = await post(rig, 3, pull);
  const others = await post(rig, 30);
  const session = rig.connect({ name: "sluice-reference-session" }, { bell: false });
  await rig.clock.advance(BURST_MS);
  const [digest] = session.pushed;
  expect(session.pushed.length).toBe(1);
  expect(digest?.meta).toMatchObject({ event_id: first[2], kind: "digest", count: "33" });
  const listed = await session.tool("details", { event_id: first[2] });
  expect(listed.match(/^- evt_\w+/gm)).toEqual(first.slice(0, 2).map((id) => `- ${id}`));
  expect(states(rig, [...first, ...others])).toEqual(["done"]);
  expect(readWakes(rig.db, "s1", 0).length).toBe(1);
});

test("PACE-1: channel lane: several sent to an idle session are two turns, and with one turn left only one is sent", async () => {
  const rig = new Rig(undefined, undefined, BURST_MS);
  const session = rig.connect({ name: "sluice-reference-session" }, { bell: false });
  await rig.clock.advance(1_000);
  for (let round = 0; round < 6; round++) {
    const sent = session.pushed.length;
    await post(rig, round === 5 ? 1 : 3);
    await rig.clock.advance(BURST_MS);
    expect(session.pushed.length - sent).toBe(round === 5 ? 1 : 3);
    await session.stop(`P${round}`);
    await session.stop(`Q${round}`);
  }
  expect(readWakes(rig.db, "s1", 0).length).toBe(11);
  const sent = session.pushed.length;
  await post(rig, 3);
  await rig.clock.advance(BURST_MS);
  expect(session.pushed.length - sent).toBe(1);
  await session.stop("R");
  await rig.clock.advance(BURST_MS * 10);
  expect(session.pushed.length - sent).toBe(1);
  expect(readWakes(rig.db, "s1", 0).length).toBe(12);
});

test("channel lane: an entity is one notification, which takes one place of the window", async () => {
  const rig = new Rig(undefined, undefined, BURST_MS);
  const session = rig.connect({ forcedLane: "channel" }, { bell: false });
  await rig.clock.advance(1_000);
  const ids = await post(rig, 5, pull);
  await rig.clock.advance(BURST_MS);
  expect(session.pushed.length).toBe(1);
  expect(session.pushed[0]?.meta).toMatchObject({ event_id: ids[4], count: "5" });
  expect(session.pushed[0]?.content).toContain("after 4 earlier");
  expect(states(rig, ids)).toEqual(["offered"]);
  await session.tool("details", { event_id: ids[4] });
  expect(states(rig, ids)).toEqual(["done"]);
});

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("post" as const),
      priority: fc.constantFrom("low", "normal", "normal", "urgent" as const),
      entity: fc.constantFrom(undefined, "a", "b", "c"),
      chat: fc.boolean(),
      count: fc.integer({ min: 1, max: 30 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("turn", "fail", "late" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.nat(90_000) }) },
);

test("nothing is lost: whatever comes and fails, every event ends, no note is too long, and every count is right", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { rig, session } = await start();
      const ids: string[] = [];
      let heard = 0;
      const hear = async (how: "turn" | "fail" | "late"): Promise<void> => {
        if (session.lines.length === heard) return;
        heard = session.lines.length;
        const promptId = session.nextPrompt();
        const before = countByState(rig.db);
        const note = (await session.hear(promptId)) ?? "";
        const after = countByState(rig.db);
        expect(note.length).toBeLessThanOrEqual(NOTE_MAX_CHARS);
        const [, left = "0"] = /^(\d+) more wait/m.exec(note) ?? [];
        expect(Number(left)).toBe(after.stored);
        const counts = [...note.matchAll(/ event_id="[^>]*?(?: count="(\d+)")?[^>"]*>/g)];
        const tags = note.match(/<channel [^>]*>/g) ?? [];
        const told = tags.reduce(
          (sum, tag) => sum + Number(/ count="(\d+)"/.exec(tag)?.[1] ?? 1),
          0,
        );
        expect([told, counts.length <= tags.length]).toEqual([before.stored - after.stored, true]);
        if (how === "fail") await session.hook("StopFailure", { promptId });
        else if (how === "late") await rig.delivery.withdraw(session.attachment, promptId);
        else await session.stop(promptId, { stopHookActive: true });
      };
      for (const one of steps) {
        if (one.do === "wait") await rig.clock.advance(one.ms);
        else if (one.do !== "post") await hear(one.do);
        else
          for (let index = 0; index < one.count; index++) {
            ids.push(
              await rig.post({
                priority: one.priority,
                ...(one.entity === undefined ? {} : { entity: one.entity }),
                ...(one.chat ? { channel: "chat", ack: "reply", chatId: "c" } : {}),
              }),
            );
          }
      }
      for (let hour = 0; hour < 12; hour++) {
        for (let again = 0; again < 15; again++) {
          await hear("turn");
          await rig.clock.advance(HOUR_MS / 15);
        }
      }
      for (const id of ids) expect(["done", "seen", "dead"]).toContain(rig.state(id));
      rig.stop();
    }),
    { numRuns: 15 },
  );
});

test.each<[string, Partial<Arrival>, number]>([
  ["an ordinary event is committed before anybody is looked at for it", {}, 0],
  ["an urgent event and its wake are one commit", { priority: "urgent" }, 1],
])("DISPATCH-1: %s; no bell rings before its wake is committed", async (_, changes, wakes) => {
  const { rig, session } = await startAtOnce();
  const seen: string[] = [];
  const note = (what: string): void =>
    void seen.push(`${what}, wakes: ${readWakes(rig.db, "s1", 0).length}`);
  rig.db.watch(() => note("committed"));
  const push = session.lines.push.bind(session.lines);
  session.lines.push = (line) => {
    note("rings");
    return push(line);
  };
  await rig.post(changes);
  expect(seen).toEqual([`committed, wakes: ${wakes}`, "rings, wakes: 1"]);
});
