import { expect, test } from "vitest";
import type { AckPolicy } from "../../sdk/event.ts";
import type { Database } from "../file/database.ts";
import {
  addAttempt,
  findOpen,
  giveBack,
  listDeliveries,
  listOpen,
  listOpenAttachments,
  markDone,
  markSeen,
  type OpenDelivery,
  withdrawAttempt,
} from "./deliveries.ts";
import { addEvent } from "./add-event.ts";
import { findEvent, readTrace } from "./inbox.ts";
import { openDatabase, toArrival } from "../sample.fixture.ts";

async function offer(db: Database, ack: AckPolicy = "auto"): Promise<OpenDelivery> {
  const { id } = await db.write(() => addEvent(db, toArrival({ ack }), "source", 1, 1));
  return offerAgain(db, id, 10);
}

async function offerAgain(db: Database, id: string, now: number): Promise<OpenDelivery> {
  await db.write(() => {
    const event = findEvent(db, id);
    if (event === undefined) throw new Error("no event");
    addAttempt(
      db,
      event,
      { attachment: "att", session: "s", lane: "monitor", receipt: "P", bell: "b1" },
      now,
    );
  });
  const open = findOpen(db, id);
  if (open === undefined) throw new Error("not open");
  return open;
}

test("INBOX-2: a whole life changes the state, the attempts and the time of change, and nothing else", async () => {
  const db = openDatabase();
  const delivery = await offer(db, "reply");
  const before = findEvent(db, delivery.event);
  await db.write(() => giveBack(db, delivery, "its session is gone", 5, 20));
  const second = await offerAgain(db, delivery.event, 30);
  await db.write(() => markSeen(db, second, "stop", 40));
  await db.write(() => markDone(db, delivery.event, "answered", undefined, 50));
  const after = findEvent(db, delivery.event);
  expect(after).toEqual({ ...before, state: "done", attempts: 2, changedAt: 50 });
});

const stateOf = (db: Database, id: string): unknown => findEvent(db, id)?.state;

test("an offer is open, with what will prove it", async () => {
  const db = openDatabase();
  const open = await offer(db);
  expect(open).toMatchObject({
    attempt: 1,
    state: "offered",
    receipt: "P",
    bell: "b1",
    offeredAt: 10,
    lane: "monitor",
  });
  expect(listOpen(db, "att")).toEqual([open]);
  expect([listOpen(db, "other"), listOpenAttachments(db)]).toEqual([[], ["att"]]);
  expect(findEvent(db, open.event)).toMatchObject({
    state: "offered",
    attempts: 1,
    firstOfferedAt: 10,
  });
});

test("seen is done where seen is enough, and stays open where an answer is owed", async () => {
  const db = openDatabase();
  const auto = await offer(db);
  const reply = await offer(db, "reply");
  await db.write(() => {
    markSeen(db, auto, "its turn ended", 20);
    markSeen(db, reply, "its turn ended", 20);
  });
  expect([stateOf(db, auto.event), stateOf(db, reply.event)]).toEqual(["done", "seen"]);
  expect(listOpen(db, "att").map(({ event, state }) => [event, state])).toEqual([
    [reply.event, "seen"],
  ]);
  await db.write(() => markDone(db, reply.event, "answered", "s", 30));
  expect([stateOf(db, reply.event), listOpen(db, "att")]).toEqual(["done", []]);
  expect(listDeliveries(db, reply.event)).toEqual([
    { session: "s", lane: "monitor", state: "done", attempt: 1 },
  ]);
});

test("what goes back waits again, keeps the time of its first offer, and is dead after its last attempt", async () => {
  const db = openDatabase();
  let open = await offer(db);
  for (let attempt = 1; attempt < 5; attempt++) {
    const delivery = open;
    expect(await db.write(() => giveBack(db, delivery, "lost", 5, 20))).toBe("stored");
    open = await offerAgain(db, open.event, 30 + attempt);
  }
  expect(findEvent(db, open.event)).toMatchObject({ attempts: 5, firstOfferedAt: 10 });
  const last = open;
  expect(await db.write(() => giveBack(db, last, "lost", 5, 99))).toBe("dead");
  expect([stateOf(db, open.event), listOpenAttachments(db)]).toEqual(["dead", []]);
});

test("an offer that never left is no attempt and leaves no first offer behind", async () => {
  const db = openDatabase();
  const open = await offer(db);
  await db.write(() => withdrawAttempt(db, open, "too late", 20));
  expect(findEvent(db, open.event)).toMatchObject({ state: "stored", attempts: 0 });
  expect(findEvent(db, open.event)).not.toHaveProperty("firstOfferedAt");
  expect([listOpen(db, "att"), listDeliveries(db, open.event)]).toEqual([[], []]);
  const second = await offerAgain(db, open.event, 30);
  await db.write(() => giveBack(db, second, "lost", 5, 40));
  const third = await offerAgain(db, open.event, 50);
  await db.write(() => withdrawAttempt(db, third, "too late", 60));
  expect(findEvent(db, open.event)).toMatchObject({ attempts: 1, firstOfferedAt: 30 });
});

test("the trace has every step with its reason, in order", async () => {
  const db = openDatabase();
  const open = await offer(db);
  await db.write(() => markSeen(db, open, "its turn ended", 20));
  const event = findEvent(db, open.event);
  expect(event && readTrace(db, event).map(({ stage, reason }) => [stage, reason])).toEqual([
    ["verified", "github"],
    ["gated", "accepted: signed with the channel's secret"],
    ["stored", undefined],
    ["offered", undefined],
    ["seen", "its turn ended"],
    ["done", "no reply needed on this channel"],
  ]);
});
