/** Rows that are copies of an event, on a real file. */
import { DatabaseSync } from "node:sqlite";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Arrival, DeliveryState } from "../../sdk/event.ts";
import type { Database } from "../file/database.ts";
import { makeFolder, openDatabase, toArrival } from "../sample.fixture.ts";
import { listOpenMessages } from "../outbox/open-chats.ts";
import { addEvent, InboxLimit } from "./add-event.ts";
import { COPIED } from "./copied-state.ts";
import { type Copy, listCopiesOf, toCopyFor } from "./copies.ts";
import {
  addAttempt,
  findOpen,
  giveBack,
  markDone,
  markSeen,
  type OpenDelivery,
  withdrawAttempt,
} from "./deliveries.ts";
import { listReplayable, replayEvent } from "./replay.ts";
import { addFiles, listFiles, saveImagePath } from "./files.ts";
import { countByState } from "./figures.ts";
import { Hours } from "./hours.ts";
import { findEvent, readSteps } from "./inbox.ts";
import { addPayload, findPayload } from "./payloads.ts";
import { expireWaiting, purgeHistory } from "./sweep.ts";
import { listNewestWaiting, moveSubscriptions } from "./subscriptions.ts";

const CLOCK = { now: () => 0, after: () => () => {} };

function addCopied(db: Database, sessions: readonly string[], arrival: Partial<Arrival> = {}) {
  const copies = sessions.map(toCopyFor);
  const assign = () => ({ watchers: COPIED, copies });
  return addEvent(db, toArrival(arrival), "source", 1, 1, { assign }).id;
}

function first(db: Database, event: string): Copy {
  const [copy] = listCopiesOf(db, event);
  if (copy === undefined) throw new Error(`no copy of ${event}`);
  return copy;
}

// COPY-3
test("of what waits for one session the oldest expire beyond 1,000 copies; those of another stay", async () => {
  const db = openDatabase();
  const [oldest, next] = await db.write(() =>
    Array.from({ length: 1_001 }, (_, n) => addCopied(db, n < 2 ? ["s1", "s2"] : ["s1"])),
  );
  const states = (id = ""): string[] => listCopiesOf(db, id).map(({ state }) => state);
  expect([states(oldest), states(next)]).toEqual([
    ["expired", "stored"],
    ["stored", "stored"],
  ]);
  expect(readSteps(db, first(db, oldest ?? "").id).at(-1)?.reason).toBe(
    "more than 1000 copies wait for its session",
  );
});

// COPY-3
test("a replay of what is older than 1,000 copies that wait is refused by that, and each of those waits", async () => {
  const db = openDatabase();
  const ids = await db.write(() => Array.from({ length: 1_003 }, () => addCopied(db, ["s1"])));
  const replay = (id: string) =>
    db.write(() => replayEvent(db, { id, state: "expired", copied: true }, undefined, 2));
  const outcomes = await Promise.all(ids.slice(0, 3).map(replay));
  expect(outcomes.map(({ replayed, reason }) => [replayed, reason])).toEqual(
    outcomes.map(() => [false, "more than 1000 copies wait for its session"]),
  );
  expect(countByState(db)).toMatchObject({ stored: 1_000, expired: 3 });
  // A range goes on behind them.
  const range = { since: 0, until: Date.now() * 2, startedAt: 2, limit: 9 };
  expect(listReplayable(db, range)).toEqual([]);
});

// COPY-3
test("a quota counts an event once, and none that waits for a session only that does not come", async () => {
  const db = openDatabase();
  const sessions = ["s1", "gone"];
  const ids = await db.write(() => [addCopied(db, sessions), addCopied(db, sessions)]);
  const check = (quota: number): void => new InboxLimit(db, CLOCK).check("alerts", 1, quota);
  expect(() => check(2)).toThrow("2 events wait already");
  check(3);
  await db.write(() => {
    for (const id of ids) markDone(db, first(db, id).id, "read", "s1", 2);
  });
  check(1);
  expect(countByState(db)).toMatchObject({ stored: 0, offered: 2, done: 0 });
});

// COPY-2
test("an event's copies go with it and never before it; files, payload and image are the event's for each", async () => {
  const db = openDatabase();
  const file = { reference: "r", name: "a.png" };
  const id = await db.write(() => {
    const added = addCopied(db, ["s1", "s2"]);
    addFiles(db, added, [file]);
    addPayload(db, added, "{}");
    saveImagePath(db, added, "/tmp/a.png");
    return added;
  });
  const copy = first(db, id);
  expect(listFiles(db, copy.id)).toMatchObject([{ event: id, name: "a.png" }]);
  expect(findPayload(db, copy.id)?.text).toBe("{}");
  expect(findEvent(db, copy.id)).toMatchObject({ copyOf: id, meta: { image_path: "/tmp/a.png" } });
  await db.write(() => markDone(db, copy.id, "read", "s1", 2));
  expect(await db.write(() => purgeHistory(db, 99, 10))).toBe(0);
  await db.write(() => markDone(db, listCopiesOf(db, id)[1]?.id ?? "", "read", "s2", 3));
  expect(await db.write(() => purgeHistory(db, 99, 10))).toBe(1);
  expect(db.get("SELECT COUNT(*) AS left FROM events")).toEqual({ left: 0 });
});

test("an hour counts events, not their copies; a rule or a subscription that comes later finds neither", async () => {
  const db = openDatabase();
  const { id } = await db.write(() => {
    addCopied(db, ["s1", "s2"]);
    return addEvent(db, toArrival(), "source", 1, 1);
  });
  expect(new Hours(db).read(1, 1)).toMatchObject([{ events: 2 }]);
  expect(listNewestWaiting(db, undefined, 9).map((event) => event.id)).toEqual([id]);
  expect(listNewestWaiting(db, "alerts", 9)).toHaveLength(1);
});

test("an event whose copies all expire is expired by that, and said to be so once", async () => {
  const db = openDatabase();
  const id = await db.write(() => addCopied(db, ["s1", "s2"]));
  const limits = { before: 50, reason: "too old", limit: 9 };
  expect(await db.write(() => expireWaiting(db, "alerts", limits, 100))).toBe(2);
  expect(readSteps(db, id)).toEqual([
    { at: 100, stage: "expired", reason: "of 2 copies: 2 expired" },
  ]);
});

test("a person's message with copies is open while one of them is, with who holds each", async () => {
  const db = openDatabase();
  const message = {
    channel: "chat",
    chatId: "c1",
    ack: "reply",
    meta: { message_id: "7" },
  } as const;
  const id = await db.write(() => addCopied(db, ["s1", "s2"], message));
  const open = () => listOpenMessages(db, ["chat"], 9);
  expect(open()).toMatchObject([{ event: id, messageId: "7" }, { event: id }]);
  expect(new Set(open().map(({ address }) => address)).size).toBe(2);
  await db.write(() => markDone(db, first(db, id).id, "answered", "s1", 2));
  expect(open().map(({ event, state }) => [event, state])).toContainEqual([id, "offered"]);
  await db.write(() => markDone(db, listCopiesOf(db, id)[1]?.id ?? "", "answered", "s2", 2));
  expect(open()).toEqual([]);
});

test("an inbox of the version before takes copies, and what waited in it is as it was", () => {
  const folder = makeFolder();
  const schema = join(import.meta.dirname, "../schema");
  const path = join(folder, "inbox.db");
  const old = new DatabaseSync(path);
  for (const file of readdirSync(schema).toSorted()) {
    if (file >= "026") continue;
    old.exec(
      `${readFileSync(join(schema, file), "utf8")}; PRAGMA user_version = ${file.slice(0, 3)}`,
    );
  }
  old.exec(`INSERT INTO events (id, channel, kind, sender_id, sender_role, text, quotes, meta, priority, ack, verified, received_at, stored_at, state, changed_at)
    VALUES ('evt_old', 'alerts', 'message', 's', 'source', 'x', '[]', '{}', 'normal', 'auto', 'github', 1, 1, 'stored', 1);
    INSERT INTO subscriptions (session, channel, created_at) VALUES ('s1', 'alerts', 1)`);
  old.close();
  const db = openDatabase(path);
  expect(findEvent(db, "evt_old")).toMatchObject({
    state: "stored",
    address: '[null,null,null,"alerts"]',
  });
  expect(db.get("SELECT copy FROM subscriptions")).toEqual({ copy: 0 });
  expect(() => new InboxLimit(db, CLOCK).check("alerts", 1, 1)).toThrow("1 events wait already");
  expect(db.all("PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
});

// COPY-1
test("whatever happens to copies in whatever order, their event is as far as they are", async () => {
  const db = openDatabase();
  const offer = { attachment: "a", lane: "monitor", receipt: null } as const;
  const steps: ((copy: Copy, open: OpenDelivery | undefined) => unknown)[] = [
    (copy, open) =>
      copy.state === "stored" &&
      open === undefined &&
      addAttempt(db, copy, { ...offer, session: "s" }, 2),
    (_, open) => open?.state === "offered" && markSeen(db, open, "seen", 2),
    (_, open) => open && giveBack(db, open, "lost", 2, 2),
    (_, open) => open?.state === "offered" && withdrawAttempt(db, open, "late", 2),
    (copy) => copy.state !== "done" && markDone(db, copy.id, "acknowledged", "s", 2),
    () => expireWaiting(db, "alerts", { before: 9, reason: "old", limit: 1 }, 9),
    (copy) => replayEvent(db, copy, undefined, 10),
    () => moveSubscriptions(db, "s1", "s2"),
  ];
  const moves = fc.array(fc.tuple(fc.nat(2), fc.nat(steps.length)), { maxLength: 40 });
  const property = fc.asyncProperty(moves, async (given) => {
    const sessions = ["s1", "s2", "s3"];
    const id = await db.write(() => addCopied(db, sessions, { ack: "explicit" }));
    for (const [which, step] of given) {
      await db.write(() => {
        const copy = listCopiesOf(db, id)[which];
        if (copy === undefined) throw new Error(`no copy ${which}`);
        const open = findOpen(db, copy.id);
        if (step < steps.length) steps[step]?.(copy, open);
        else replayEvent(db, { id, state: "stored", copied: true }, undefined, 10);
      });
      const states = listCopiesOf(db, id).map(({ state }) => state);
      expect([states, findEvent(db, id)?.state]).toEqual([states, toExpected(states)]);
    }
    // Nothing of it waits for the next one.
    await db.write(() => listCopiesOf(db, id).forEach((one) => markDone(db, one.id, "", "s", 3)));
  });
  await fc.assert(property, { numRuns: 60 });
});

function toExpected(states: readonly DeliveryState[]): DeliveryState {
  const isAny = (...given: DeliveryState[]): boolean =>
    states.some((state) => given.includes(state));
  if (!isAny("stored", "offered", "seen"))
    return isAny("dead") ? "dead" : isAny("expired") ? "expired" : "done";
  if (!isAny("offered", "seen", "done")) return "stored";
  return isAny("stored", "offered") ? "offered" : "seen";
}
