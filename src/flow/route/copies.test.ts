/** One event for several sessions, each with a delivery of its own. */
import { expect, test } from "vitest";
import type { Arrival, DeliveryState } from "../../sdk/event.ts";
import { countByState } from "../../store/events/figures.ts";
import { type Copy, listCopiesOf } from "../../store/events/copies.ts";
import { findEvent, listEvents, readSteps, readTrace } from "../../store/events/inbox.ts";
import { listUnreported } from "../../store/events/terminal-events.ts";
import { replayEvent } from "../../store/events/replay.ts";
import {
  expireOne,
  expireWaiting,
  listEnded,
  listWaitingChannels,
} from "../../store/events/sweep.ts";
import { Rig, type Session } from "../rig.fixture.ts";
import { listOverdue, type Overdue } from "./overdue.ts";
import type { Rule } from "./match.ts";

const ALERTS = { channel: "alerts", entity: null, pattern: null, until: null };
const COPY = { ...ALERTS, copy: true };

async function turn(session: Session): Promise<void> {
  const prompt = session.nextPrompt();
  await session.type("work", prompt);
  await session.stop(prompt);
}

/** Three sessions, `s3` active last; those that are named have copies. */
async function scene(...copied: string[]) {
  const rig = new Rig();
  const sessions = ["s1", "s2", "s3"].map((session, index) =>
    rig.connect({ pid: 100 * (index + 1), session, cwd: `/work/of-${session}` }),
  );
  const [one, two, three] = sessions;
  if (one === undefined || two === undefined || three === undefined) throw new Error("three");
  await rig.clock.advance(1_000);
  for (const session of sessions) {
    await turn(session);
    await rig.clock.advance(3_000);
  }
  for (const session of copied) await rig.delivery.watchers.watch(session, COPY);
  return { rig, one, two, three };
}

/** Lets the latest bell be heard, and ends the turn; nothing where none rang. */
async function hear(rig: Rig, session: Session): Promise<string> {
  await rig.clock.advance(5_000);
  if (session.lines.length === 0) return "";
  const prompt = session.nextPrompt();
  const note = (await session.hear(prompt)) ?? "";
  await session.stop(prompt);
  session.lines.length = 0;
  return note;
}

function copyFor(rig: Rig, event: string, session: string | undefined): Copy {
  const found = listCopiesOf(rig.db, event).find((one) => one.session === session);
  if (found === undefined) throw new Error(`no copy of ${event} for ${session}`);
  return found;
}

function states(rig: Rig, event: string): DeliveryState[] {
  return listCopiesOf(rig.db, event).map(({ state }) => state);
}

function expire(rig: Rig): Promise<number> {
  const now = rig.clock.now();
  return rig.db.write(() =>
    listWaitingChannels(rig.db)
      .map((channel) =>
        expireWaiting(rig.db, channel, { before: now, reason: "too old", limit: 99 }, now),
      )
      .reduce((sum, count) => sum + count, 0),
  );
}

function overdue(rig: Rig): Overdue[] {
  const { router, watchers } = rig.delivery;
  return listOverdue({ db: rig.db, router, watchers }, rig.clock.now(), rig.clock.now());
}

function kill(rig: Rig, session: Session): void {
  rig.dead.add(session.client.pid);
  session.detach();
}

// WATCH-4, COPY-1
test("each session that subscribed with copy reads the event once, under an id of its own; the event is done when all are", async () => {
  const { rig, one, two, three } = await scene("s1", "s2");
  const id = await rig.post({ text: "disk full" });
  const [first, second] = [copyFor(rig, id, "s1"), copyFor(rig, id, "s2")];
  expect(await hear(rig, one)).toContain(first.id);
  expect([rig.state(id), ...states(rig, id)]).toEqual(
    ["offered", "done", "offered"].with(2, "stored"),
  );
  const note = await hear(rig, two);
  expect(note).toContain(second.id);
  expect(note).toContain("disk full");
  expect(note).not.toContain(first.id);
  expect(three.lines).toEqual([]);
  expect([rig.state(id), ...states(rig, id)]).toEqual(["done", "done", "done"]);
  const event = findEvent(rig.db, id);
  expect(event && readTrace(rig.db, event).at(-1)).toMatchObject({
    stage: "done",
    reason: "all 2 copies are done",
  });
  const [routed] = readSteps(rig.db, first.id);
  expect(routed?.reason).toBe("this session subscribed to a copy of it");
});

test("it is one event in the list, in the counts and for its sender: a second delivery of it is a duplicate", async () => {
  const { rig } = await scene("s1", "s2", "s3");
  const id = await rig.post({ deliveryId: "d1" });
  expect(listEvents(rig.db, { limit: 9 }).map((event) => event.id)).toEqual([id]);
  expect(countByState(rig.db)).toMatchObject({ stored: 1, offered: 0, done: 0 });
  expect(await rig.post({ deliveryId: "d1" })).toBe(id);
  expect(listCopiesOf(rig.db, id)).toHaveLength(3);
});

test("those that subscribed without copy share one beside the copies, and a rule does not count", async () => {
  const { rig, one, two, three } = await scene("s1");
  const rule: Rule = { id: 1, channel: "alerts", to: { session: "s3" } };
  rig.rules = [rule];
  await rig.delivery.watchers.ruled();
  await rig.delivery.watchers.watch("s2", ALERTS);
  const id = await rig.post();
  const [own, shared] = [copyFor(rig, id, "s1"), copyFor(rig, id, undefined)];
  expect(await hear(rig, one)).toContain(own.id);
  expect(await hear(rig, two)).toContain(shared.id);
  expect(three.lines).toEqual([]);
  expect(rig.state(id)).toBe("done");
});

test("a session that has both a copy and a plain subscription reads the event once", async () => {
  const { rig, one } = await scene("s1");
  await rig.delivery.watchers.watch("s1", { ...ALERTS, pattern: "*" });
  const id = await rig.post();
  expect(listCopiesOf(rig.db, id)).toHaveLength(1);
  expect((await hear(rig, one)).split('event_id="')).toHaveLength(2);
});

test("what was sent to one session is nobody else's, also not as a copy", async () => {
  const { rig, one, two, three } = await scene("s1", "s2");
  const id = await rig.post({ session: "s3" });
  expect(listCopiesOf(rig.db, id)).toEqual([]);
  expect(await hear(rig, three)).toContain(id);
  expect([one.lines, two.lines]).toEqual([[], []]);
});

test("who subscribes later gets nothing old: neither of what waits in copies nor of what waits for another", async () => {
  const { rig, one, two } = await scene("s1");
  one.closeBell();
  const copied = await rig.post();
  const plain = await rig.post({ channel: "mail", session: "s1" });
  await rig.delivery.watchers.watch("s2", COPY);
  await rig.delivery.watchers.watch("s2", { ...COPY, channel: "mail" });
  // Without `copy` it covers what waits, but for what was shared out already.
  await rig.delivery.watchers.watch("s3", ALERTS);
  await rig.clock.advance(10_000);
  expect(two.lines).toEqual([]);
  expect(listCopiesOf(rig.db, copied).map(({ session }) => session)).toEqual(["s1"]);
  expect(listCopiesOf(rig.db, plain)).toEqual([]);
  expect(rig.state(copied)).toBe("stored");
});

test("copy can be asked for later and is kept where it is not spoken of; false gives it up", async () => {
  const { rig, one } = await scene();
  expect(await one.tool("watch", { channel: "alerts" })).toBe("Watching alerts.");
  expect(await one.tool("watch", { channel: "alerts", copy: true })).toBe(
    "Watching alerts, a copy of its own.",
  );
  expect(await one.tool("watch", { channel: "alerts" })).toBe(
    "Watching alerts, a copy of its own.",
  );
  expect(rig.delivery.watchers.list("s1")).toHaveLength(1);
  expect(await one.tool("watch", { channel: "alerts", copy: "yes" })).toContain("ERROR");
  expect(await one.tool("watch", { channel: "alerts", copy: false })).toBe("Watching alerts.");
  const id = await rig.post();
  expect(listCopiesOf(rig.db, id)).toEqual([]);
});

test("33 sessions cannot all have copies of one channel, but those that have them can change what they ask for", async () => {
  const rig = new Rig();
  const { watchers } = rig.delivery;
  for (let n = 0; n < 32; n++) await watchers.watch(`s${n}`, COPY);
  await expect(watchers.watch("s32", COPY)).rejects.toThrow("32 sessions have copies of alerts");
  await watchers.watch("s31", { ...COPY, entity: "db-1" });
  await watchers.watch("s32", ALERTS);
  await expect(watchers.watch("s32", COPY)).rejects.toThrow("32 sessions");
  await watchers.watch("s32", { ...COPY, channel: "ci" });
});

test("a session that is killed gets its copy again, marked; the others are not asked twice", async () => {
  const { rig, one, two } = await scene("s1", "s2");
  const id = await rig.post();
  await rig.clock.advance(5_000);
  const before = await one.hear();
  expect(before).not.toContain("replayed");
  expect(await hear(rig, two)).toContain(copyFor(rig, id, "s2").id);
  kill(rig, one);
  await rig.clock.advance(120_000);
  expect(states(rig, id)).toEqual(["stored", "done"]);
  expect(rig.state(id)).toBe("offered");
  const resumed = rig.connect({ pid: 400, session: "s1", cwd: "/work/of-s1" });
  const again = await hear(rig, resumed);
  expect(again).toContain(copyFor(rig, id, "s1").id);
  expect(again).toContain('replayed="true"');
  expect(two.lines).toEqual([]);
  expect(rig.state(id)).toBe("done");
});

test("/clear takes the subscription and the copies along, what waits and what was just given", async () => {
  const { rig, one } = await scene("s1", "s2");
  const given = await rig.post();
  await rig.clock.advance(5_000);
  await one.hear();
  one.closeBell();
  const waiting = await rig.post();
  await one.hook("SessionEnd", { reason: "clear" });
  one.id = "s1-next";
  await turn(one);
  one.openBell();
  const note = await hear(rig, one);
  for (const event of [given, waiting]) {
    const copy = copyFor(rig, event, "s1-next");
    expect(note).toContain(copy.id);
    expect(copy.state).toBe("done");
  }
  const later = await rig.post();
  expect(await hear(rig, one)).toContain(copyFor(rig, later, "s1-next").id);
});

test("a copy for a session that never comes expires, and its event ends with what became of each", async () => {
  const { rig, one } = await scene("s1", "gone");
  const id = await rig.post();
  await hear(rig, one);
  await rig.clock.advance(60_000);
  expect(rig.state(id)).toBe("offered");
  expect(overdue(rig)).toMatchObject([{ text: expect.stringContaining('session "gone"') }]);
  expect(await expire(rig)).toBe(1);
  expect([rig.state(id), ...states(rig, id)]).toEqual(["expired", "done", "expired"]);
  const ends = listUnreported(rig.db, 9);
  expect(ends).toMatchObject([{ event: id, reason: "of 2 copies: 1 done, 1 expired" }]);
});

test("a life that its sender gave an event is that of each copy", async () => {
  const { rig, one } = await scene("s1", "gone");
  const id = await rig.post({ ttlMs: 60_000 });
  await hear(rig, one);
  await rig.clock.advance(61_000);
  const ended = listEnded(rig.db, undefined, 9, rig.clock.now());
  await rig.db.write(() => {
    for (const one of ended) expireOne(rig.db, one.id, "its time is over", rig.clock.now());
  });
  expect([ended.length, rig.state(id), ...states(rig, id)]).toEqual([
    1,
    "expired",
    "done",
    "expired",
  ]);
});

test("an alert that fires is kept for who comes late, until somebody has read it", async () => {
  const { rig, one } = await scene("s1", "gone");
  const firing = { stateOf: "db-1", meta: { status: "firing" } };
  one.closeBell();
  const id = await rig.post(firing);
  await rig.clock.advance(1_000);
  expect(await expire(rig)).toBe(0);
  one.openBell();
  await hear(rig, one);
  expect(await expire(rig)).toBe(1);
  expect(rig.state(id)).toBe("expired");
});

test("REPLAY-3: a replay is for those who did not get it, or for all; a session that had no copy gets one", async () => {
  const { rig, one, two, three } = await scene("s1", "s2");
  const replay = async (id: string, target?: string) => {
    const event = findEvent(rig.db, id);
    if (event === undefined) throw new Error(id);
    const outcome = await rig.db.write(() => replayEvent(rig.db, event, target, rig.clock.now()));
    rig.delivery.changed();
    return outcome;
  };
  two.closeBell();
  const id = await rig.post();
  await hear(rig, one);
  await expire(rig);
  expect(states(rig, id)).toEqual(["done", "expired"]);
  expect(await replay(id)).toEqual({ id, replayed: true });
  expect([rig.state(id), ...states(rig, id)]).toEqual(["offered", "done", "stored"]);
  expect((await replay(id)).replayed).toBe(true);
  two.openBell();
  await hear(rig, two);
  await hear(rig, one);
  expect(states(rig, id)).toEqual(["done", "done"]);
  expect((await replay(id, "s2")).replayed).toBe(true);
  expect(await hear(rig, one)).toBe("");
  expect(await hear(rig, two)).toContain('replayed="true"');
  expect((await replay(id, "s3")).replayed).toBe(true);
  // Open again: the history's purge leaves it alone.
  expect(rig.state(id)).toBe("offered");
  expect(await hear(rig, three)).toContain(copyFor(rig, id, "s3").id);
  expect([rig.state(id), ...states(rig, id)]).toEqual(["done", "done", "done", "done"]);
});

test("each session answers for itself, also in the same words and by the event's own id; the second answer of one is the first", async () => {
  const { rig, one, two, three } = await scene("s1", "s2");
  const message: Partial<Arrival> = { channel: "chat", ack: "reply", chatId: "c1" };
  for (const session of ["s1", "s2"])
    await rig.delivery.watchers.watch(session, { ...COPY, channel: "chat" });
  const id = await rig.post(message);
  const copies = ["s1", "s2"].map((session) => copyFor(rig, id, session).id);
  const [first = "", second = ""] = copies;
  await rig.clock.advance(5_000);
  for (const session of [one, two]) await session.hear();
  expect(await one.tool("reply", { event_id: first, text: "on it" })).toBe("Sent.");
  expect(await one.tool("reply", { event_id: first, text: "on it" })).toContain("Sent before");
  expect([rig.state(id), ...states(rig, id)]).toEqual(["offered", "done", "offered"]);
  expect(await two.tool("reply", { event_id: id, text: "on it" })).toBe("Sent.");
  expect(rig.state(id)).toBe("done");
  expect(await one.tool("reply", { event_id: second, text: "mine" })).toContain("ERROR");
  expect(await three.tool("reply", { event_id: id, text: "mine" })).toContain("ERROR");
  const sent = rig.db.all("SELECT event, session, reply_to FROM outbox ORDER BY id");
  expect(sent).toEqual(["s1", "s2"].map((session) => ({ event: id, session, reply_to: null })));
});

test("ack closes a session's own copy, by its id or by the event's", async () => {
  const { rig, one, two } = await scene("s1", "s2");
  const id = await rig.post({ ack: "explicit" });
  await rig.clock.advance(5_000);
  for (const session of [one, two]) await session.hear();
  const own = copyFor(rig, id, "s1").id;
  expect(await two.tool("ack", { event_ids: [own] })).toContain("ERROR");
  expect(await one.tool("ack", { event_ids: [id] })).toBe(`Done: ${own}`);
  expect(states(rig, id)).toEqual(["done", "offered"]);
});

test("copies of one entity are merged and superseded for each session by what waits for it", async () => {
  const { rig, one, two } = await scene("s1", "s2");
  const about = { entity: "build", stateOf: "build" };
  one.closeBell();
  const failed = await rig.post({ ...about, meta: { status: "failed" } });
  expect(await hear(rig, two)).toContain(copyFor(rig, failed, "s2").id);
  const passed = await rig.post({ ...about, meta: { status: "success" } });
  one.openBell();
  const note = await hear(rig, one);
  expect(note.split("<channel source=")).toHaveLength(2);
  expect(note).toContain(copyFor(rig, passed, "s1").id);
  expect(await hear(rig, two)).toContain(copyFor(rig, passed, "s2").id);
  expect([rig.state(failed), rig.state(passed)]).toEqual(["done", "done"]);
});

test("a hub that starts again goes on with the copies that it finds", async () => {
  const { rig, one } = await scene("s1", "s2");
  const id = await rig.post();
  await hear(rig, one);
  const next = rig.restart();
  const two = next.connect({ pid: 200, session: "s2", cwd: "/work/of-s2" });
  await next.clock.advance(1_000);
  await turn(two);
  expect(await hear(next, two)).toContain(copyFor(next, id, "s2").id);
  expect(next.state(id)).toBe("done");
});

test("an event that nobody copies costs no statement more, stored and delivered", async () => {
  const count = async (watch: boolean): Promise<number> => {
    const { rig, three } = await scene(...(watch ? ["s1"] : []));
    let asked = 0;
    for (const name of ["all", "get", "run", "runLast"] as const) {
      const original = rig.db[name].bind(rig.db) as (...given: unknown[]) => unknown;
      Object.assign(rig.db, { [name]: (...given: unknown[]) => (asked++, original(...given)) });
    }
    await rig.post({ channel: "mail" });
    await hear(rig, three);
    return asked;
  };
  expect(await count(true)).toBe(await count(false));
});

// WATCH-4
test("a shared copy stays with the last that gave its subscription up: no session gets an event twice, and nobody else gets it", async () => {
  const { rig, one, two, three } = await scene("s1");
  const { watchers } = rig.delivery;
  await watchers.watch("s2", ALERTS);
  await watchers.watch("s3", ALERTS);
  kill(rig, two);
  kill(rig, three);
  await rig.clock.advance(60_000);
  const id = await rig.post();
  expect(await hear(rig, one)).toContain(copyFor(rig, id, "s1").id);
  await watchers.unwatch(({ session }) => session === "s2");
  await turn(one);
  await rig.clock.advance(5_000);
  await watchers.unwatch(({ session }) => session === "s3");
  await turn(one);
  expect(await hear(rig, one)).toBe("");
  const { id: copy } = copyFor(rig, id, "s3");
  const back = rig.connect({ pid: 500, session: "s3", cwd: "/work/of-s3" });
  expect(await hear(rig, back)).toContain(copy);
  expect(rig.state(id)).toBe("done");
});

test("a shared copy that is offered when its subscription ends goes back to that session alone", async () => {
  const { rig, one, two } = await scene("s1");
  await rig.delivery.watchers.watch("s2", ALERTS);
  const id = await rig.post();
  await hear(rig, one);
  await rig.clock.advance(5_000);
  await two.hear();
  await rig.delivery.watchers.unwatch(({ session }) => session === "s2");
  kill(rig, two);
  await rig.clock.advance(120_000);
  await turn(one);
  expect(await hear(rig, one)).toBe("");
  const back = rig.connect({ pid: 500, session: "s2", cwd: "/work/of-s2" });
  expect(await hear(rig, back)).toContain(copyFor(rig, id, "s2").id);
});

test.each([
  ["a copy", undefined],
  ["what was sent to its id", "s1"],
])(
  "%s that a conversation was done with before /clear is replayed to the one that took its place",
  async (_what, target) => {
    const { rig, one, two } = await scene();
    if (target === undefined) await rig.delivery.watchers.watch("s1", COPY);
    const id = await rig.post(target === undefined ? {} : { session: target });
    await hear(rig, one);
    expect(rig.state(id)).toBe("done");
    await one.hook("SessionEnd", { reason: "clear" });
    one.id = "s1-next";
    await turn(one);
    await turn(two);
    await rig.db.write(() => {
      const event = findEvent(rig.db, id);
      if (event !== undefined) replayEvent(rig.db, event, undefined, rig.clock.now());
    });
    rig.delivery.changed();
    expect(await hear(rig, one)).toContain(listCopiesOf(rig.db, id)[0]?.id ?? id);
    expect(rig.state(id)).toBe("done");
  },
);
