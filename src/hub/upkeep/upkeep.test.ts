/** What the hub does by itself, on a real file and a clock that a test moves. */
import { expect, onTestFinished, test } from "vitest";
import { accept } from "../../flow/intake/accept.ts";
import type { Lifetime } from "../../flow/expiry/expire.ts";
import { VirtualClock } from "../../flow/virtual-clock.fixture.ts";
import type { Arrival } from "../../sdk/event.ts";
import type { Database } from "../../store/file/database.ts";
import { addAttempt, findOpen, giveBack, markDone } from "../../store/events/deliveries.ts";
import { countByState } from "../../store/events/figures.ts";
import { addEvent } from "../../store/events/add-event.ts";
import { takeBackTimes } from "../../store/events/clock-looks.ts";
import { replayEvent } from "../../store/events/replay.ts";
import { findEvent } from "../../store/events/inbox.ts";
import { InboxLimit } from "../../store/events/add-event.ts";
import { openDatabase, toArrival } from "../../store/sample.fixture.ts";
import type { Prompt } from "../../sdk/prompt.ts";
import { addPrompt, listPrompts } from "../../store/prompts/prompts.ts";
import { findSession } from "../../store/sessions/session-names.ts";
import { saveSession } from "../../store/sessions/sessions.ts";
import { ClockWatch } from "./clock-watch.ts";
import { Upkeep } from "./upkeep.ts";

const HOUR_MS = 3_600_000;

class Scene {
  readonly db: Database = openDatabase();
  readonly clock = new VirtualClock();
  readonly told: string[] = [];
  readonly warned: string[] = [];
  readonly lifetimes: Record<string, Lifetime> = { alerts: { isChat: false } };
  backups = 0;
  upkeep: Upkeep;

  constructor() {
    this.upkeep = this.open();
    onTestFinished(() => this.upkeep.close());
  }

  open(): Upkeep {
    const ignore = (): void => {};
    const log = {
      debug: ignore,
      info: ignore,
      warn: (_: object, line: string) => void this.warned.push(line),
      error: ignore,
    };
    return new Upkeep({
      db: this.db,
      clock: this.clock,
      log,
      elapsed: new ClockWatch({ db: this.db, clock: this.clock, log }),
      lifetime: (channel) => this.lifetimes[channel] ?? { isChat: true },
      historyDays: () => 30,
      openSessions: () => ["open"],
      notify: ({ text }) => void this.told.push(text),
      notified: ignore,
      backUp: () => this.backups++,
    });
  }

  add(changes: Partial<Arrival> = {}): Promise<string> {
    const now = this.clock.now();
    return this.db.write(() => addEvent(this.db, toArrival(changes), "source", now, now).id);
  }

  /** The way of a delivery, past the gate. */
  async accept(changes: Partial<Arrival>): Promise<string> {
    const { db, clock } = this;
    const accepted = await accept(toArrival(changes), clock.now(), {
      db,
      clock,
      limit: new InboxLimit(db, clock, { minFreeShare: 0 }),
      access: { get: () => ({ paused: false, allowUnsigned: false }) },
      assign: () => ({ watchers: "" }),
      pressing: () => {},
    });
    if (accepted.kind !== "stored") throw new Error(accepted.reason);
    return accepted.id;
  }

  /** In steps that no one takes for a jump. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= HOUR_MS)
      await this.clock.advance(Math.min(left, HOUR_MS));
  }

  /** As a machine that sleeps for days, and wakes for the last hour: in ten minutes of it the clock is trusted again. */
  async skip(days: number): Promise<void> {
    this.clock.jump(this.clock.now() + days * 24 * HOUR_MS - HOUR_MS);
    await this.clock.advance(HOUR_MS);
  }
}

test("news expires after a day, a message after a week, and the owner's own limit counts before both", async () => {
  const scene = new Scene();
  scene.lifetimes["short"] = { isChat: false, ttlMs: HOUR_MS };
  scene.lifetimes["ever"] = { isChat: false, ttlMs: 0 };
  const ids = Object.fromEntries(
    await Promise.all(
      ["alerts", "chat", "short", "ever"].map(async (channel) => [
        channel,
        await scene.add({ channel }),
      ]),
    ),
  ) as Record<string, string>;
  const states = () =>
    Object.fromEntries(
      Object.entries(ids).map(([channel, id]) => [channel, findEvent(scene.db, id)?.state]),
    );
  const all = { alerts: "stored", chat: "stored", short: "stored", ever: "stored" };
  await scene.pass(HOUR_MS + 60_000);
  expect(states()).toEqual({ ...all, short: "expired" });
  await scene.pass(24 * HOUR_MS);
  expect(states()).toEqual({ ...all, short: "expired", alerts: "expired" });
  await scene.skip(6);
  expect(states()).toEqual({ ...all, short: "expired", alerts: "expired", chat: "expired" });
});

test("EXPIRY-1: an event's own time ends it earlier than its channel's, never later; a replay begins it again; a firing alert stays", async () => {
  const scene = new Scene();
  scene.lifetimes["ever"] = { isChat: false, ttlMs: 0 };
  const ids = {
    soon: await scene.add({ ttlMs: 60_000 }),
    long: await scene.add({ ttlMs: 48 * HOUR_MS }),
    ever: await scene.add({ channel: "ever", ttlMs: 60_000 }),
    absurd: await scene.add({ channel: "ever", ttlMs: Number.MAX_SAFE_INTEGER }),
    firing: await scene.accept({ ttlMs: 60_000, stateOf: "cpu", meta: { status: "firing" } }),
  };
  const expired = () =>
    Object.entries(ids).flatMap(([name, id]) =>
      findEvent(scene.db, id)?.state === "expired" ? [name] : [],
    );
  await scene.clock.advance(30_000);
  expect(expired()).toEqual([]);
  await scene.clock.advance(120_000);
  expect(expired()).toEqual(["soon", "ever"]);
  await scene.db.write(() =>
    replayEvent(scene.db, { id: ids.soon, state: "expired" }, undefined, scene.clock.now()),
  );
  await scene.clock.advance(30_000);
  expect(expired()).toEqual(["ever"]);
  await scene.pass(HOUR_MS);
  expect(expired()).toEqual(["soon", "ever"]);
  await scene.pass(24 * HOUR_MS);
  expect(expired()).toEqual(["soon", "long", "ever"]);
});

test("an event that was dated by a clock that was ahead has no more than its own time when the clock is set back", async () => {
  const scene = new Scene();
  const ahead = scene.clock.now() + 48 * HOUR_MS;
  const id = await scene.db.write(
    () => addEvent(scene.db, toArrival({ ttlMs: 30 * 60_000 }), "source", ahead, ahead).id,
  );
  await scene.db.write(() => takeBackTimes(scene.db, 0, scene.clock.now()));
  await scene.pass(HOUR_MS);
  expect(findEvent(scene.db, id)?.state).toBe("expired");
});

test("prompts that are over go with the rest of the history", async () => {
  const scene = new Scene();
  const { db, clock } = scene;
  const prompt: Prompt = {
    id: "prm_1",
    code: "abcde",
    kind: "tool",
    session: "s1",
    sessionName: "app",
    cwd: "/app",
    tool: "Bash",
    arguments: "command: ls",
    digest: "0123456789ab",
    exact: "",
    isOrdinaryEdit: false,
    isCut: false,
    questions: [],
    risk: { isRisky: false, reasons: [] },
    count: 1,
    createdAt: clock.now(),
    expiresAt: clock.now(),
    state: "pending",
  };
  await db.write(() => {
    addPrompt(db, { prompt, attachment: "a" });
    addPrompt(db, { prompt: { ...prompt, id: "prm_2", state: "retired" }, attachment: "a" });
  });
  await scene.skip(29);
  expect(listPrompts(db)).toHaveLength(2);
  await scene.skip(2);
  expect(listPrompts(db).map((row) => row.prompt.id)).toEqual(["prm_1"]);
});

test("an alert that fires is kept, whatever the channel's limit, until one that is resolved comes; only the latest word of it", async () => {
  const scene = new Scene();
  scene.lifetimes["short"] = { isChat: false, ttlMs: HOUR_MS };
  const about = (channel: string, entity: string, status: string): Promise<string> =>
    scene.accept({ channel, entity, stateOf: entity, meta: { status } });
  const earlier = await about("alerts", "db-1", "firing");
  const kept = [await about("alerts", "db-1", "firing"), await about("short", "db-1", "firing")];
  const over = [await about("alerts", "db-2", "firing"), await about("alerts", "db-2", "resolved")];
  const alone = await scene.accept({ channel: "alerts", meta: { status: "firing" } });
  const stateOf = (id: string): string | undefined => findEvent(scene.db, id)?.state;
  await scene.pass(72 * HOUR_MS);
  expect([earlier, ...over, alone].map(stateOf)).toEqual(Array(4).fill("expired"));
  expect(kept.map(stateOf)).toEqual(["stored", "stored"]);
  const end = await about("alerts", "db-1", "resolved");
  await scene.pass(HOUR_MS);
  expect(kept.map(stateOf)).toEqual(["expired", "stored"]);
  expect(stateOf(end)).toBe("stored");
});

test("the owner is told once of many ends, also after a restart", async () => {
  const scene = new Scene();
  for (let i = 0; i < 7; i++) await scene.add();
  scene.lifetimes["brief"] = { isChat: false, ttlMs: 60_000 };
  const dead = await scene.add({ channel: "chat" });
  const now = scene.clock.now();
  await scene.db.write(() =>
    addAttempt(
      scene.db,
      { id: dead, attempts: 4 },
      { attachment: "a", session: "s", lane: "monitor", receipt: "p" },
      now,
    ),
  );
  await scene.pass(24 * HOUR_MS + 60_000);
  expect(scene.told).toHaveLength(1);
  expect(scene.told[0]).toMatch(
    /7 events of alerts have expired \(waited longer than 24 h\): (evt_\w+ ){4}evt_\w+ and 2 more\. To deliver again: sluice replay --since 2026-01-05T09:00:00Z --channel alerts --state expired$/,
  );
  scene.upkeep.close();
  const open = findOpen(scene.db, dead);
  if (open === undefined) throw new Error("not offered");
  await scene.db.write(() => giveBack(scene.db, open, "the client ended", 5, scene.clock.now()));
  scene.upkeep = scene.open();
  await scene.pass(120_000);
  expect(scene.told).toHaveLength(2);
  expect(scene.told[1]).toContain(
    "An event of chat has got no receipt in five attempts (the client ended)",
  );
  expect(scene.warned).toEqual(["events expired", "events are dead"]);
  // UPKEEP-3: at most once an hour, however they trickle.
  for (let i = 0; i < 6; i++) {
    await scene.add({ channel: "brief" });
    await scene.clock.advance(10 * 60_000);
  }
  expect(scene.told.slice(2)).toEqual([expect.stringContaining("events of brief have expired")]);
});

test("a conversation whose client left without a word goes with the history; one that is open stays", async () => {
  const scene = new Scene();
  const { db, clock } = scene;
  const at = clock.now() - 31 * 24 * HOUR_MS;
  const session = {
    attachment: "a",
    cwd: "/",
    repository: null,
    lane: "monitor",
    name: "",
  } as const;
  await db.write(() => {
    for (const id of ["left", "open"])
      saveSession(db, { ...session, id, startedAt: at, lastActiveAt: at });
    saveSession(db, { ...session, id: "lately", startedAt: at, lastActiveAt: clock.now() });
  });
  await clock.advance(HOUR_MS);
  const kept = ["left", "open", "lately"].filter((id) => findSession(db, id) !== undefined);
  expect(kept).toEqual(["open", "lately"]);
});

test("a clock that was far ahead and is set back holds up neither the purge nor the backup", async () => {
  const scene = new Scene();
  const { db, clock } = scene;
  const before = clock.now();
  clock.jump(before + 400 * 24 * HOUR_MS);
  await clock.advance(HOUR_MS);
  clock.jump(before);
  const id = await scene.add();
  await db.write(() => markDone(db, id, "read", undefined, before - 31 * 24 * HOUR_MS));
  scene.backups = 0;
  await clock.advance(HOUR_MS);
  expect(findEvent(db, id)).toBeUndefined();
  expect(scene.backups).toBeGreaterThan(0);
});

test("after a jump of the clock nothing expires for ten minutes", async () => {
  const scene = new Scene();
  const id = await scene.add();
  await scene.clock.advance(60_000);
  // Two days between two looks: the machine slept, or somebody set the clock.
  const jumped = scene.clock.now() + 48 * HOUR_MS;
  scene.clock.jump(jumped);
  await scene.clock.advance(9 * 60_000);
  expect(findEvent(scene.db, id)?.state).toBe("stored");
  await scene.clock.advance(3 * 60_000);
  expect(findEvent(scene.db, id)?.state).toBe("expired");
});

// UPKEEP-1
test("what is over is kept for thirty days, then goes in pieces; thousands of events at once hold nobody up", async () => {
  const scene = new Scene();
  scene.lifetimes["alerts"] = { isChat: false, ttlMs: HOUR_MS };
  const { db, clock } = scene;
  const now = clock.now();
  await db.write(() => {
    for (let i = 0; i < 3_000; i++) addEvent(db, toArrival(), "source", now, now);
  });
  const done = await scene.add({ channel: "chat" });
  await db.write(() => markDone(db, done, "test", undefined, now));
  await scene.pass(2 * HOUR_MS);
  expect(countByState(db)).toMatchObject({ stored: 0, expired: 3_000, done: 1 });
  clock.jump(clock.now() + 29 * 24 * HOUR_MS);
  await scene.pass(HOUR_MS);
  expect(countByState(db)).toMatchObject({ expired: 3_000, done: 1 });
  clock.jump(clock.now() + 2 * 24 * HOUR_MS);
  await scene.pass(2 * HOUR_MS);
  expect(countByState(db)).toMatchObject({ expired: 0, done: 0 });
});

test("UPKEEP-2: a fault ends its task alone, and a later round goes on", async () => {
  const scene = new Scene();
  scene.lifetimes["alerts"] = { isChat: false, ttlMs: 60_000 };
  const id = await scene.add();
  const lifetime = scene.lifetimes["alerts"];
  Object.defineProperty(scene.lifetimes, "alerts", {
    configurable: true,
    get: () => {
      throw new Error("the disk failed");
    },
  });
  await scene.clock.advance(150_000);
  expect(findEvent(scene.db, id)?.state).toBe("stored");
  expect(scene.warned[0]).toContain("upkeep could not be finished");
  expect(scene.backups).toBeGreaterThan(0);
  Object.defineProperty(scene.lifetimes, "alerts", { value: lifetime });
  await scene.clock.advance(60_000);
  expect(findEvent(scene.db, id)?.state).toBe("expired");
});

test("the first backup waits until the hub has settled", async () => {
  const scene = new Scene();
  await scene.clock.advance(45_000);
  expect(scene.backups).toBe(0);
  await scene.clock.advance(60_000);
  expect(scene.backups).toBeGreaterThan(0);
});
