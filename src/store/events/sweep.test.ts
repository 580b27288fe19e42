/** The end of an event's life, on a real file. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import type { Database } from "../file/database.ts";
import { addAttempt, findOpen, giveBack, markDone, markSeen } from "./deliveries.ts";
import { listUnreported, markReported } from "./terminal-events.ts";
import { addEvent } from "./add-event.ts";
import { findEvent, readTrace } from "./inbox.ts";
import { purgeDeliveryIds } from "./sweep.ts";
import { listReplayable, replayEvent } from "./replay.ts";
import { makeFolder, openDatabase, toArrival } from "../sample.fixture.ts";
import {
  expireUnanswered,
  expireWaiting,
  listEnded,
  listUnansweredChannels,
  listWaitingChannels,
  purgeHistory,
} from "./sweep.ts";

const OFFER = { attachment: "att_1", session: "s1", lane: "monitor", receipt: "p1" } as const;

function add(
  db: Database,
  at: number,
  changes: Parameters<typeof toArrival>[0] = {},
): Promise<string> {
  return db.write(() => addEvent(db, toArrival(changes), "source", at, at).id);
}

async function offer(db: Database, id: string, at: number): Promise<void> {
  await db.write(() =>
    addAttempt(db, { id, attempts: findEvent(db, id)?.attempts ?? 0 }, OFFER, at),
  );
}

test("what waits too long expires, oldest first and in batches; what is offered is left alone", async () => {
  const db = openDatabase();
  const ids = [await add(db, 1), await add(db, 2), await add(db, 3), await add(db, 90)];
  const [offered = "", second = "", third = "", young = ""] = ids;
  await offer(db, offered, 5);
  const expire = (limit: number): Promise<number> =>
    db.write(() => expireWaiting(db, "alerts", { before: 50, reason: "too old", limit }, 100));
  expect(await expire(1)).toBe(1);
  expect(findEvent(db, second)?.state).toBe("expired");
  expect(findEvent(db, third)?.state).toBe("stored");
  expect(await expire(10)).toBe(1);
  expect([offered, third, young].map((id) => findEvent(db, id)?.state)).toEqual([
    "offered",
    "expired",
    "stored",
  ]);
  const event = findEvent(db, third);
  expect(event && readTrace(db, event).at(-1)).toMatchObject({
    stage: "expired",
    reason: "too old",
  });
});

test("a message that was seen and never answered ends, too, and its delivery with it", async () => {
  const db = openDatabase();
  const id = await add(db, 1, { channel: "chat", ack: "reply" });
  await offer(db, id, 2);
  const open = findOpen(db, id);
  if (open === undefined) throw new Error("not offered");
  await db.write(() => markSeen(db, open, "its turn ended", 3));
  expect(listUnansweredChannels(db)).toEqual(["chat"]);
  const limits = { before: 50, reason: "not answered", limit: 10 };
  expect(await db.write(() => expireUnanswered(db, "chat", limits, 100))).toBe(1);
  expect(findEvent(db, id)?.state).toBe("expired");
  expect(findOpen(db, id)).toBeUndefined();
});

test("channels on which something waits are found without reading what waits", async () => {
  const db = openDatabase();
  expect(listWaitingChannels(db)).toEqual([]);
  for (const channel of ["b", "a", "b", "c"]) await add(db, 1, { channel });
  const done = await add(db, 1, { channel: "d" });
  await db.write(() => markDone(db, done, "test", undefined, 2));
  expect(listWaitingChannels(db)).toEqual(["a", "b", "c"]);
});

test("an inbox of the schema before keeps the ends of its events", () => {
  const path = join(makeFolder(), "old.db");
  const folder = new URL("../schema/", import.meta.url);
  const old = new DatabaseSync(path);
  for (const file of readdirSync(folder)
    .toSorted()
    .filter((name) => name < "027"))
    old.exec(readFileSync(new URL(file, folder), "utf8"));
  for (const id of ["evt_a", "evt_b"])
    old.exec(
      `INSERT INTO events (id, channel, kind, sender_id, sender_role, text, quotes, meta, priority, ack, verified, received_at, stored_at, state, changed_at)
       VALUES ('${id}', 'ci', 'k', 's', 'source', 't', '[]', '{}', 'normal', 'auto', 'github', 1, 1, 'stored', 1)`,
    );
  old.exec("INSERT INTO lives VALUES ('evt_b', 61); PRAGMA user_version = 26");
  old.close();
  const db = openDatabase(path);
  expect(listEnded(db, undefined, 10, 60)).toEqual([]);
  expect(listEnded(db, undefined, 10, 61)).toEqual([
    { id: "evt_b", seq: 2, endsAt: 61, since: 1, lifeMs: 60 },
  ]);
});

// REPLAY-1
test("a replay counts attempts on, allows five more, and starts the time to live again", async () => {
  const db = openDatabase();
  const id = await add(db, 1);
  const fail = async (at: number): Promise<string> => {
    await offer(db, id, at);
    const open = findOpen(db, id);
    if (open === undefined) throw new Error("not offered");
    return db.write(() => giveBack(db, open, "lost", 5, at));
  };
  for (let attempt = 1; attempt <= 5; attempt++)
    expect(await fail(attempt)).toBe(attempt < 5 ? "stored" : "dead");
  const event = findEvent(db, id);
  if (event === undefined) throw new Error("gone");
  expect(await db.write(() => replayEvent(db, event, undefined, 100))).toMatchObject({
    replayed: true,
  });
  expect(findEvent(db, id)).toMatchObject({ state: "stored", attempts: 5, attemptsBefore: 5 });
  const limits = { before: 50, reason: "too old", limit: 10 };
  expect(await db.write(() => expireWaiting(db, "alerts", limits, 101))).toBe(0);
  for (let attempt = 6; attempt <= 10; attempt++)
    expect(await fail(100 + attempt)).toBe(attempt < 10 ? "stored" : "dead");
});

// REPLAY-2
test("a replay leaves alone what waits already or is on its way, and names one session where it is told to", async () => {
  const db = openDatabase();
  const [waiting, going] = [await add(db, 1), await add(db, 1)];
  await offer(db, going, 2);
  const replay = (id: string, target?: string) =>
    db.write(() => replayEvent(db, { id, state: findEvent(db, id)?.state ?? "done" }, target, 3));
  expect((await replay(waiting)).replayed).toBe(false);
  expect((await replay(going)).replayed).toBe(false);
  expect((await replay(waiting, "s9")).replayed).toBe(true);
  expect(db.get("SELECT target FROM events WHERE id = ?", waiting)).toEqual({ target: "s9" });
});

test("a range of time is taken by acceptance, channel and state, and in pages that end", async () => {
  const db = openDatabase();
  const ids: string[] = [];
  for (const at of [1_000, 2_000, 3_000, 4_000])
    ids.push(await add(db, at, { channel: at === 3_000 ? "ci" : "alerts" }));
  await db.write(() => ids.forEach((id) => markDone(db, id, "test", undefined, 5_000)));
  const range = { since: 2_000, until: 4_000, startedAt: 9_000, limit: 10 };
  const list = (more: object = {}): string[] =>
    listReplayable(db, { ...range, ...more }).map(({ id }) => id);
  expect(list()).toEqual(ids.slice(1, 3));
  expect(list({ channel: "ci" })).toEqual(ids.slice(2, 3));
  expect(list({ state: "dead" })).toEqual([]);
  expect(list({ limit: 1 })).toEqual(ids.slice(1, 2));
  await db.write(() => replayEvent(db, { id: ids[1] ?? "", state: "done" }, undefined, 9_000));
  await db.write(() => markDone(db, ids[1] ?? "", "again", undefined, 9_001));
  expect(list()).toEqual(ids.slice(2, 3));
});

test("the history goes, open events and delivery ids stay: a late redelivery is still a duplicate", async () => {
  const db = openDatabase();
  const old = await add(db, 1, { deliveryId: "d1" });
  const open = await add(db, 1);
  await db.write(() => markDone(db, old, "test", undefined, 2));
  expect(await db.write(() => purgeHistory(db, 50, 10))).toBe(1);
  expect(findEvent(db, old)).toBeUndefined();
  expect(findEvent(db, open)?.state).toBe("stored");
  await db.write(() => purgeDeliveryIds(db, 29 * 86_400_000, 9));
  const again = await db.write(() =>
    addEvent(db, toArrival({ deliveryId: "d1" }), "source", 60, 60),
  );
  expect(again).toEqual({ id: old, duplicate: true });
});

test("ends are told once, also after everything was purged and step ids began again", async () => {
  const db = openDatabase();
  const expire = (): Promise<number> =>
    db.write(() => expireWaiting(db, "alerts", { before: 50, reason: "too old", limit: 9 }, 60));
  const first = await add(db, 1);
  await expire();
  const told = listUnreported(db, 10);
  expect(told).toMatchObject([{ event: first, stage: "expired", channel: "alerts" }]);
  await db.write(() => markReported(db, told[0]?.id ?? 0));
  expect(listUnreported(db, 10)).toEqual([]);
  await db.write(() => markReported(db, 1_000));
  await db.write(() => purgeHistory(db, 100, 10));
  expect(listUnreported(db, 10)).toEqual([]);
});
