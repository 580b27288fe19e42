import { expect, test } from "vitest";
import type { Database } from "../file/database.ts";
import { addEvent } from "../events/add-event.ts";
import {
  addEffect,
  countOutbox,
  failDelivered,
  listReplies,
  markSent,
  markUnsent,
  purgeOutbox,
  readQueuedFrom,
} from "./outbox.ts";
import { openDatabase, toArrival } from "../sample.fixture.ts";

async function add(
  db: Database,
): Promise<(text: string, session?: string) => Promise<{ id: number; duplicate: boolean }>> {
  const { id: event } = await db.write(() => addEvent(db, toArrival(), "source", 1, 1));
  return (text, session = "s") =>
    db.write(() => {
      const effect = {
        kind: "reply",
        event,
        channel: "alerts",
        chatId: null,
        session,
        text,
      } as const;
      const { row, duplicate } = addEffect(db, effect, 5);
      return { id: row.id, duplicate };
    });
}

test("OUTBOX-1: the same reply is one row, whoever repeats it and with whatever blanks around it", async () => {
  const db = openDatabase();
  const reply = await add(db);
  const first = await reply("yes");
  expect(await reply(" yes\n")).toEqual({ id: first.id, duplicate: true });
  expect(await reply("yes", "another session")).toEqual({ id: first.id, duplicate: true });
  expect((await reply("no")).duplicate).toBe(false);
  const toOther = await add(db);
  expect((await toOther("yes")).duplicate).toBe(false);
  expect(listReplies(db, "alerts", 0, 10).map(({ text }) => text)).toEqual(["yes", "no", "yes"]);
});

test("what nobody came for goes with the rest of the history; what may have been sent stays for its owner", async () => {
  const db = openDatabase();
  const effect = {
    kind: "notice",
    event: null,
    channel: "ops",
    chatId: null,
    session: "",
  } as const;
  const ids = await db.write(() =>
    ["sent", "queued", "maybe"].map((text) => addEffect(db, { ...effect, text }, 5).row.id),
  );
  await db.write(() => {
    markSent(db, ids[0] ?? 0, 6);
    markUnsent(db, ids[2] ?? 0, "maybe", "the connection broke");
  });
  expect(await db.write(() => purgeOutbox(db, 5))).toBe(0);
  expect(await db.write(() => purgeOutbox(db, 6))).toBe(2);
  expect(countOutbox(db)).toEqual({ queued: 0, sending: 0, sent: 0, failed: 0, maybe: 1 });
});

test("a listener without a cursor starts at the first reply that is still queued", async () => {
  const db = openDatabase();
  expect(readQueuedFrom(db, "alerts")).toBe(0);
  const reply = await add(db);
  const { id: first } = await reply("1");
  const { id: second } = await reply("2");
  expect(readQueuedFrom(db, "alerts")).toBe(first - 1);
  await db.write(() => markSent(db, first, 9));
  expect(readQueuedFrom(db, "alerts")).toBe(first);
  expect(listReplies(db, "alerts", first, 10).map(({ id, state }) => [id, state])).toEqual([
    [second, "queued"],
  ]);
  await db.write(() => markSent(db, second, 9));
  expect(readQueuedFrom(db, "alerts")).toBe(second);
  expect(listReplies(db, "other", 0, 10)).toEqual([]);
});

test("a message that its platform takes back has failed, once, and only where it is known by that id", async () => {
  const db = openDatabase();
  const reply = await add(db);
  const { id } = await reply("yes");
  await db.write(() => markSent(db, id, 6, ["wamid.1", "wamid.2"]));
  const take = (channel: string, messageId: string) =>
    db.write(() => failDelivered(db, channel, messageId, "too late"));
  expect(await take("other", "wamid.1")).toBeUndefined();
  expect(await take("alerts", "wamid.")).toBeUndefined();
  expect(await take("alerts", "wamid.2")).toMatchObject({
    id,
    state: "failed",
    reason: "too late",
  });
  expect(await take("alerts", "wamid.2")).toBeUndefined();
});
