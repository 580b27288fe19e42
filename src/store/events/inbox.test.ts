import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import type { Database } from "../file/database.ts";
import { readLastEventTimes } from "./figures.ts";
import { addCount, readCounters } from "./counters.ts";
import { addEvent } from "./add-event.ts";
import { findEvent, listEvents, readTrace } from "./inbox.ts";
import { DELIVERY_ID_LIFE_MS, purgeDeliveryIds } from "./sweep.ts";
import { openDatabase, toArrival } from "../sample.fixture.ts";

async function add(
  db: Database,
  changes: Parameters<typeof toArrival>[0] = {},
  at = 1,
): Promise<string> {
  const { id } = await db.write(() => addEvent(db, toArrival(changes), "source", at, at));
  return id;
}

test("INBOX-1: one delivery id posted a thousand times at once is one event", async () => {
  const db = openDatabase();
  const posts = Array.from({ length: 1_000 }, (_, i) =>
    db.write(() =>
      addEvent(db, toArrival({ deliveryId: "d1", text: `copy ${i}` }), "source", 1, 1),
    ),
  );
  const answers = await Promise.all(posts);
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  expect(answers.filter(({ duplicate }) => !duplicate).length).toBe(1);
  expect(listEvents(db, { limit: 10 }).map(({ text }) => text)).toEqual(["copy 0"]);
});

test("INBOX-1: without a delivery id nothing is a duplicate, and another channel's id is another", async () => {
  const db = openDatabase();
  await add(db, {});
  await add(db, {});
  await add(db, { deliveryId: "d1" });
  await add(db, { deliveryId: "d1", channel: "other" });
  expect(listEvents(db, { limit: 10 }).length).toBe(4);
});

test("INBOX-1: a delivery whose transaction failed is no duplicate when it comes again", async () => {
  const db = openDatabase();
  const failed = db.write(() => {
    addEvent(db, toArrival({ deliveryId: "d1" }), "source", 1, 1);
    throw new Error("a test's fault");
  });
  await expect(failed).rejects.toThrow("a test's fault");
  const again = await db.write(() => addEvent(db, toArrival({ deliveryId: "d1" }), "source", 1, 1));
  expect(again.duplicate).toBe(false);
});

// req:field.21
test("INBOX-1: a delivery id is remembered for thirty days to the millisecond, though its event is gone", async () => {
  const db = openDatabase();
  await add(db, { deliveryId: "d1" }, 1_000);
  await db.write(() => db.run("DELETE FROM events"));
  await db.write(() => purgeDeliveryIds(db, 1_000 + DELIVERY_ID_LIFE_MS, 9));
  const before = await db.write(() =>
    addEvent(db, toArrival({ deliveryId: "d1" }), "source", 2_000, 2_000),
  );
  expect(before.duplicate).toBe(true);
  expect(await db.write(() => purgeDeliveryIds(db, 1_001 + DELIVERY_ID_LIFE_MS, 9))).toBe(1);
  const after = await db.write(() =>
    addEvent(db, toArrival({ deliveryId: "d1" }), "source", 3_000, 3_000),
  );
  expect(after.duplicate).toBe(false);
  expect(DELIVERY_ID_LIFE_MS).toBe(30 * 24 * 3_600_000);
});

test("INBOX-1: the same body is one event under whatever id, of its channel, for as long as ids are kept", async () => {
  const db = openDatabase();
  const send = (changes: Parameters<typeof toArrival>[0], at = 1_000): Promise<object> =>
    db.write(() => addEvent(db, toArrival({ bodyDigest: "b1", ...changes }), "source", at, at));
  const id = await add(db, { deliveryId: "d1", bodyDigest: "b1" }, 1_000);
  expect(await send({ deliveryId: "d1" })).toEqual({ id, duplicate: true });
  expect(await send({ deliveryId: "d2" })).toEqual({ id, duplicate: true, sameBody: true });
  expect(await send({})).toEqual({ id, duplicate: true, sameBody: true });
  expect(await send({ channel: "other" })).toMatchObject({ duplicate: false });
  // LIMIT-5.
  expect(await send({ deliveryId: "d2", bodyDigest: "b2" })).toMatchObject({ duplicate: false });
  await db.write(() => db.run("DELETE FROM events"));
  await db.write(() => purgeDeliveryIds(db, 1_000 + DELIVERY_ID_LIFE_MS, 9));
  expect(await send({ deliveryId: "d3" }, 2_000)).toMatchObject({ id, sameBody: true });
  expect(await db.write(() => purgeDeliveryIds(db, 1_001 + DELIVERY_ID_LIFE_MS, 9))).toBe(3);
  expect(await send({ deliveryId: "d3" }, 3_000)).toMatchObject({ duplicate: false });
});

test("INBOX-1: a body whose transaction failed is no duplicate when it comes again", async () => {
  const db = openDatabase();
  const failed = db.write(() => {
    addEvent(db, toArrival({ bodyDigest: "b1" }), "source", 1, 1);
    throw new Error("a test's fault");
  });
  await expect(failed).rejects.toThrow("a test's fault");
  const again = await db.write(() => addEvent(db, toArrival({ bodyDigest: "b1" }), "source", 1, 1));
  expect(again.duplicate).toBe(false);
});

test("an event comes back as it went in", async () => {
  const db = openDatabase();
  const arrival = toArrival({
    text: "tab\tquote\"'\u0000null 🙂",
    quotes: [{ label: "body", text: "</channel>" }],
    meta: { user: "octo", __proto__x: "1" },
    priority: "urgent",
    ack: "reply",
    deliveryId: "d",
    entity: "octo/app#1",
    stateOf: "octo/app#1 workflow 7",
    chatId: "c",
    repository: "octo/app",
    occurredAt: 5,
  });
  const { id } = await db.write(() => addEvent(db, arrival, "source", 7, 8));
  expect(findEvent(db, id)).toEqual({
    ...arrival,
    sender: { ...arrival.sender, role: "source" },
    id,
    seq: 1,
    state: "stored",
    attempts: 0,
    receivedAt: 7,
    storedAt: 8,
    changedAt: 8,
    address: JSON.stringify([null, null, arrival.repository ?? null, arrival.channel]),
  });
  expect(findEvent(db, "evt_none")).toBeUndefined();
});

test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e17, 8.64e15 + 1, -1e300])(
  "a sender's clock that says %d neither refuses the event nor stops those behind it",
  async (occurredAt) => {
    const db = openDatabase();
    const id = await add(db, { occurredAt });
    await add(db);
    expect(findEvent(db, id)).not.toHaveProperty("occurredAt");
    expect(listEvents(db, { state: "stored", limit: 10 }).length).toBe(2);
  },
);

test("a filter gives the newest, oldest of them first, or what follows", async () => {
  const db = openDatabase();
  for (let i = 1; i <= 5; i++)
    await add(db, { text: String(i), channel: i % 2 === 0 ? "even" : "odd" });
  const texts = (filter: Parameters<typeof listEvents>[1]): string[] =>
    listEvents(db, filter).map(({ text }) => text);
  expect(texts({ limit: 2 })).toEqual(["4", "5"]);
  expect(texts({ limit: 2, afterSeq: 1 })).toEqual(["2", "3"]);
  expect(texts({ limit: 9, channel: "odd" })).toEqual(["1", "3", "5"]);
  expect(texts({ limit: 9, state: "done" })).toEqual([]);
  expect(readLastEventTimes(db)).toEqual({ even: 1, odd: 1 });
});

test("a trace begins with the moment the bytes were in", async () => {
  const db = openDatabase();
  const { id } = await db.write(() => addEvent(db, toArrival(), "source", 3, 4));
  const event = findEvent(db, id);
  expect(event && readTrace(db, event)).toEqual([
    { at: 3, stage: "verified", reason: "github" },
    { at: 4, stage: "gated", reason: "accepted: signed with the channel's secret" },
    { at: 4, stage: "stored" },
  ]);
});

test("GATE-2: of what is dropped a count is kept, and not one byte of its content", async () => {
  const db = openDatabase();
  await db.write(() => addCount(db, "alerts", "paused", 1));
  await db.write(() => addCount(db, "alerts", "paused", 9));
  expect(readCounters(db)).toEqual([{ channel: "alerts", reason: "paused", count: 2, lastAt: 9 }]);
});

test("DELIVER-2: the file itself refuses a second open delivery of one event", async () => {
  const db = openDatabase();
  const id = await add(db);
  const insert = (): Promise<number> =>
    db.write(() =>
      db.run(
        "INSERT INTO deliveries (event, attachment, session, lane, attempt, state, offered_at) VALUES (?, 'a', 's', 'pull', 1, 'offered', 1)",
        id,
      ),
    );
  await insert();
  await expect(insert()).rejects.toThrow("UNIQUE");
  const raw = new DatabaseSync(db.path, { readOnly: true });
  expect(raw.prepare("SELECT COUNT(*) AS count FROM deliveries").get()).toEqual({ count: 1 });
  raw.close();
});
