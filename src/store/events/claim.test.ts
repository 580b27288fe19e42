import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Priority } from "../../sdk/event.ts";
import {
  listAddressesOf,
  listWaiting,
  listWaitingAddresses,
  listWaitingOf,
  readAddress,
  readDue,
  summariseWaiting,
} from "./waiting.ts";
import type { Database } from "../file/database.ts";
import {
  addAttempt,
  findOpen,
  giveBack,
  markDone,
  type OpenDelivery,
  withdrawAttempt,
} from "./deliveries.ts";
import { addEvent } from "./add-event.ts";
import { type EventClaim, findEvent, moveEvent } from "./inbox.ts";
import { replayEvent } from "./replay.ts";
import { openDatabase, toArrival } from "../sample.fixture.ts";
import { assignEvent, moveSubscriptions } from "./subscriptions.ts";

const toAll = (db: Database): EventClaim => ({ addresses: listWaitingAddresses(db) });

async function add(db: Database, changes: Parameters<typeof toArrival>[0] = {}, at = 1) {
  return (await db.write(() => addEvent(db, toArrival(changes), "source", at, at))).id;
}

test("what waits is read urgent first, then in order of acceptance, over all addresses of a claim", async () => {
  const db = openDatabase();
  const order: Priority[] = ["low", "normal", "urgent", "normal", "low", "urgent"];
  for (const [i, priority] of order.entries())
    await add(db, { priority, kind: String(i), channel: `c${i % 2}` });
  const kinds = (limit: number): string[] =>
    listWaiting(db, toAll(db), limit).map(({ kind }) => kind);
  expect(kinds(10)).toEqual(["2", "5", "1", "3", "0", "4"]);
  expect(kinds(3)).toEqual(["2", "5", "1"]);
});

test("an urgent event behind a crowd is read first and counted as urgent", async () => {
  const db = openDatabase();
  await db.write(() => {
    for (let i = 0; i < 60; i++) addEvent(db, toArrival(), "source", 1, 1);
    addEvent(db, toArrival({ priority: "urgent", channel: "pager" }), "source", 1, 7);
  });
  expect(listWaiting(db, toAll(db), 5)[0]?.channel).toBe("pager");
  expect(summariseWaiting(db, toAll(db), 50)).toEqual({
    total: 50,
    urgent: 1,
    byChannel: { alerts: 50 },
    capped: true,
  });
  expect(readDue(db, toAll(db))).toEqual({ urgentSince: 7, normalSince: 1 });
});

test("a claim covers its addresses and nothing else", async () => {
  const db = openDatabase();
  for (const repository of ["a/a", "b/b", undefined])
    await add(db, {
      kind: repository ?? "none",
      ...(repository === undefined ? {} : { repository }),
    });
  const [first = "", ...others] = listWaitingAddresses(db);
  expect(others.length).toBe(2);
  expect(listWaiting(db, { addresses: [first] }, 9).map(({ kind }) => kind)).toEqual(["a/a"]);
  expect(summariseWaiting(db, { addresses: others }, 9).total).toBe(2);
  expect(listWaiting(db, { addresses: [] }, 9)).toEqual([]);
  expect(readDue(db, { addresses: [] })).toEqual({});
});

test("an address is heard of whenever something begins to wait at it, however it comes", async () => {
  const db = openDatabase();
  const heard: string[] = [];
  const expected: string[] = [];
  db.watch((events) => heard.push(...listAddressesOf(db, events)));
  const step = { at: 1, stage: "done" as const };
  const open = (event: string): OpenDelivery => {
    const found = findOpen(db, event);
    if (found === undefined) throw new Error(`${event} has no open delivery`);
    return found;
  };
  const offer = (id: string): Promise<unknown> =>
    db.write(() => {
      const event = findEvent(db, id);
      if (event === undefined) throw new Error(`no event ${id}`);
      const by = { attachment: "att_1", session: "s1", lane: "pull", receipt: null } as const;
      addAttempt(db, event, by, 1);
    });
  /** Each way by which an event comes to wait, or to wait elsewhere, ends with its address being heard. */
  const hear = async (id: string, change: () => unknown): Promise<void> => {
    await db.write(change);
    expected.push(findEvent(db, id)?.address ?? "");
    expect(heard).toEqual(expected);
  };
  const id = await add(db);
  expected.push('[null,null,null,"alerts"]');
  await db.write(() => moveEvent(db, id, "done", step));
  await hear(id, () => moveEvent(db, id, "stored", { at: 1, stage: "stored" }));
  await hear(id, () => assignEvent(db, id, { target: "s1", watchers: "3,r1" }));
  await hear(id, () => moveSubscriptions(db, "s1", "s2"));
  await offer(id);
  await hear(id, () => giveBack(db, open(id), "its client is gone", 5, 1));
  await offer(id);
  await hear(id, () => withdrawAttempt(db, open(id), "too late", 1));
  await db.write(() => markDone(db, id, "acknowledged", undefined, 1));
  // Of what is over nobody hears.
  await db.write(() => assignEvent(db, id, { watchers: "" }));
  await hear(id, () => replayEvent(db, { id, state: "done" }, "s9", 1));
  expect(new Set(heard).size).toBe(4);
  const [, , , , , , last = ""] = heard;
  expect(listWaitingAddresses(db)).toEqual([last]);
  expect(readAddress(db, last, 9)).toEqual({ count: 1, since: 1 });
  expect(readAddress(db, heard[0] ?? "", 9)).toBeUndefined();
});

test("whatever else writes the columns of an address must be heard of: the places in src that do are these", () => {
  // A channel that runs alone has an inbox of its own, in a file of its own.
  const places = globSync("src/**/*.ts")
    .filter((path) => !path.endsWith(".test.ts") && !path.startsWith("src/author/"))
    .flatMap((path) => {
      const statements = readFileSync(path, "utf8").matchAll(
        /(?:UPDATE events\s+SET|INTO events)[^`";]*/g,
      );
      return [...statements].map(([sql]) => ({ path, sql }));
    })
    .filter(({ sql }) =>
      /INTO|\b(?:state|target|watchers|repository|channel) = (?!'stored')/.test(
        sql.split("WHERE")[0] ?? "",
      ),
    )
    .map(({ path }) => path);
  // addEvent, addCopies and moveEvent, with the event of a copy; replay, by moveEvent; moveSubscriptions and assignEvent.
  expect(places.toSorted()).toEqual([
    "src/store/events/add-event.ts",
    "src/store/events/copied-state.ts",
    "src/store/events/copies.ts",
    ...Array.from({ length: 2 }, () => "src/store/events/inbox.ts"),
    "src/store/events/replay.ts",
    ...Array.from({ length: 2 }, () => "src/store/events/subscriptions.ts"),
  ]);
});

test("however much waits, each read of what waits goes by index, and never over the whole table", async () => {
  const db = openDatabase();
  const plans: string[] = [];
  const all = db.all.bind(db);
  const get = db.get.bind(db);
  const explain = (sql: string, values: (string | number)[]): void => {
    for (const { detail } of all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values))
      plans.push(detail);
  };
  await add(db, { entity: "e" });
  const claim = toAll(db);
  db.all = (sql, ...values) => {
    explain(sql, values as string[]);
    return all(sql, ...values);
  };
  db.get = (sql, ...values) => {
    explain(sql, values as string[]);
    return get(sql, ...values);
  };
  listWaiting(db, claim, 8);
  listWaitingOf(db, claim, { channel: "alerts", entity: "e" }, 8);
  summariseWaiting(db, claim, 8);
  readDue(db, claim);
  listWaitingAddresses(db);
  readAddress(db, claim.addresses[0] ?? "", 8);
  const onEvents = plans.filter((detail) => /\b(?:events|w|x)\b/.test(detail));
  expect(onEvents.length).toBeGreaterThan(10);
  expect(onEvents.filter((detail) => !detail.startsWith("SEARCH"))).toEqual([]);
});
