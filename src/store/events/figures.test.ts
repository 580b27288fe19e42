/** Figures of the inbox, on a real file. */
import { expect, test } from "vitest";
import { addAttempt, findOpen, markDone, markSeen } from "./deliveries.ts";
import { countByState, readLastEventTimes, readOldestUnseen } from "./figures.ts";
import { addEvent } from "./add-event.ts";
import { openDatabase, toArrival } from "../sample.fixture.ts";

const OFFER = { attachment: "a", session: "s", lane: "monitor", receipt: "p" } as const;

test("the oldest unseen event is found, whether it waits or is on its way", async () => {
  const db = openDatabase();
  expect(readOldestUnseen(db)).toBeUndefined();
  const add = (at: number) =>
    db.write(() => addEvent(db, toArrival({ ack: "reply" }), "source", at, at).id);
  const [first, second] = [await add(10), await add(20)];
  expect(readOldestUnseen(db)).toEqual({
    id: first,
    channel: "alerts",
    state: "stored",
    since: 10,
  });
  await db.write(() => addAttempt(db, { id: first, attempts: 0 }, OFFER, 30));
  expect(readOldestUnseen(db)).toMatchObject({ id: first, state: "offered" });
  const open = findOpen(db, first);
  if (open === undefined) throw new Error("not offered");
  await db.write(() => markSeen(db, open, "its turn ended", 40));
  expect(readOldestUnseen(db)).toMatchObject({ id: second, state: "stored" });
  await db.write(() => markDone(db, second, "test", undefined, 50));
  expect(readOldestUnseen(db)).toBeUndefined();
  expect(countByState(db)).toMatchObject({ stored: 0, seen: 1, done: 1 });
});

test("figures are read from indexes, never from all that is kept", () => {
  const db = openDatabase();
  const explain = (sql: string): string =>
    db
      .all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .map(({ detail }) => detail)
      .join("\n");
  const asked: string[] = [];
  const spy = new Proxy(db, {
    get: (target, name) =>
      name === "all" || name === "get"
        ? (sql: string, ...rest: never[]) => {
            asked.push(sql);
            return target[name](sql, ...rest);
          }
        : Reflect.get(target, name),
  });
  countByState(spy);
  readOldestUnseen(spy);
  readLastEventTimes(spy);
  for (const sql of asked) expect(explain(sql)).not.toMatch(/SCAN (?:events|e)$/m);
  expect(asked).toHaveLength(7);
});
