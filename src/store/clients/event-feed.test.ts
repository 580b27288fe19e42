/**
 * The inbox as a feed, on a real file: positions that hold whatever is deleted, and gaps that are told.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { addEvent } from "../events/add-event.ts";
import { Database } from "../file/database.ts";
import { failTurn, makeFolder, openDatabase, toArrival } from "../sample.fixture.ts";
import {
  type FeedScope,
  forgetShifts,
  isInScope,
  readCommitted,
  readEpoch,
  readFeed,
  readGone,
  readHead,
  readPosition,
  renewEpoch,
  skipOlder,
} from "./event-feed.ts";
import { findEvent } from "../events/inbox.ts";

const ALERTS: FeedScope = { channels: ["alerts"], unverified: false };
let clock = 1_000_000;

const add = (db: Database, text: string, changes = {}): Promise<string> =>
  db.write(() => addEvent(db, toArrival({ text, ...changes }), "source", clock, clock++).id);
const remove = (db: Database, ...ids: string[]) =>
  db.write(() => ids.forEach((id) => db.run("DELETE FROM events WHERE id = ?", id)));
const texts = (db: Database, after: number, scope = ALERTS, limit = 100): string[] =>
  readFeed(db, scope, after, limit).events.map(({ event }) => event.text);

test("INBOXFEED-1: a reader that goes on misses no event, though the newest ones were deleted and their seqs given again", async () => {
  const db = openDatabase();
  await add(db, "one");
  const gone = [await add(db, "two"), await add(db, "three")];
  const { reached } = readFeed(db, ALERTS, 0, 100);
  await remove(db, ...gone);
  await add(db, "four");
  expect(texts(db, reached)).toEqual(["four"]);
  // Again, and all of it, in one statement and in any order.
  const again = readFeed(db, ALERTS, reached, 100).reached;
  await db.write(() => db.run("DELETE FROM events"));
  expect(readHead(db)).toBe(again);
  await add(db, "five");
  await add(db, "six");
  expect(texts(db, again)).toEqual(["five", "six"]);
  expect(texts(db, readFeed(db, ALERTS, again, 1).reached)).toEqual(["six"]);
});

test("INBOXFEED-1: any order of adding and deleting leaves each event behind the cursors before it, and before those after it", async () => {
  const db = openDatabase();
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const alive: string[] = [];
  let cursor = 0;
  const added: string[] = [];
  const read: string[] = [];
  const missed = new Set<string>();
  for (let step = 0; step < 400; step++) {
    const what = random(10);
    if (what < 5) {
      const text = `event ${step}`;
      added.push(text);
      alive.push(await add(db, text));
    } else if (what < 8 && alive.length > 0) {
      const index = random(3) === 0 ? random(alive.length) : alive.length - 1;
      const [id = ""] = alive.splice(index, 1);
      const text = findEvent(db, id)?.text ?? "";
      if (!read.includes(text)) missed.add(text);
      await remove(db, id);
      if (random(4) === 0) await db.write(() => forgetShifts(db));
    } else {
      const page = readFeed(db, ALERTS, cursor, 1 + random(4));
      read.push(...page.events.map(({ event }) => event.text));
      cursor = page.reached;
    }
  }
  read.push(...texts(db, cursor, ALERTS, 1_000));
  expect(read).toEqual(added.filter((text) => !missed.has(text)));
});

test("INBOXFEED-2: what was deleted before it was read is told to readers of its channel alone; another inbox has another epoch", async () => {
  const db = openDatabase();
  const first = await add(db, "one");
  const { reached } = readFeed(db, ALERTS, 0, 100);
  await remove(db, await add(db, "other", { channel: "other" }));
  expect(readGone(db, ["alerts"])).toBe(0);
  expect(readGone(db, ["alerts", "other"])).toBeGreaterThan(reached);
  await remove(db, first);
  expect(readGone(db, ["alerts"])).toBe(1);
  const epoch = readEpoch(db);
  await db.write(() => renewEpoch(db));
  expect(readEpoch(db)).not.toBe(epoch);
});

test("a scope is a channel, a kind with all below it, an entity, a sender; what came without a proof only where it is asked for", async () => {
  const db = openDatabase();
  const ids = [
    await add(db, "issues", { kind: "issues" }),
    await add(db, "opened", { kind: "issues.opened", entity: "octo/app#1" }),
    await add(db, "comment", { kind: "issues_comment" }),
    await add(db, "unproved", { verified: "none", sender: { id: "s2" } }),
  ];
  const scopes: [Partial<FeedScope>, string[]][] = [
    [{ kind: "issues" }, ["issues", "opened"]],
    [{ kind: "issues.opened" }, ["opened"]],
    [{ entity: "octo/app#1" }, ["opened"]],
    [{ sender: "s2" }, []],
    [{ sender: "s2", unverified: true }, ["unproved"]],
    [{ channels: [] }, []],
    [{ channels: ["other"] }, []],
  ];
  for (const [change, expected] of scopes) {
    const scope = { ...ALERTS, ...change };
    expect(texts(db, 0, scope)).toEqual(expected);
    const single = ids.flatMap((id) => findEvent(db, id) ?? []);
    expect(single.filter((one) => isInScope(scope, one)).map(({ text }) => text)).toEqual(expected);
  }
});

test("INBOXFEED-3: a page is bounded by number and by bytes, and a long way without a hit is gone in steps", async () => {
  const db = openDatabase();
  await add(db, "x".repeat(1_500_000));
  await add(db, "y".repeat(1_500_000));
  const page = readFeed(db, ALERTS, 0, 10);
  expect(page.events).toHaveLength(1);
  expect(page.hasMore).toBe(true);
  expect(readFeed(db, ALERTS, page.reached, 10)).toMatchObject({ hasMore: false });
  await db.write(() => {
    for (let n = 0; n < 20_050; n++)
      addEvent(db, toArrival({ channel: "noise" }), "source", clock, clock);
  });
  await add(db, "found");
  const step = readFeed(db, ALERTS, 2, 10);
  expect(step).toMatchObject({ events: [], hasMore: true });
  expect(texts(db, step.reached)).toEqual(["found"]);
});

test("INBOXFEED-4: an event is read once it is on disk, and never where its write was undone", async () => {
  const db = openDatabase();
  const read = (): Promise<string[]> => readCommitted(db, () => texts(db, 0));
  expect(await read()).toEqual([]);
  const lost = add(db, "lost").catch(() => undefined);
  const failed = failTurn(db).catch(() => undefined);
  const seen = read();
  await Promise.all([lost, failed]);
  expect(await seen).toEqual([]);
  const kept = add(db, "kept");
  const after = read();
  await kept;
  expect(await after).toEqual(["kept"]);
});

test("older events are left out from a moment on, and whether there were any is told", async () => {
  const db = openDatabase();
  const times = [10, 20, 30, 40].map((n) => 5_000_000 + n);
  for (const now of times)
    await db.write(() => addEvent(db, toArrival({ text: `${now}` }), "source", now, now));
  const from = (since: number) => skipOlder(db, ALERTS, 0, since);
  expect(from(0)).toEqual({ position: 0, skips: false });
  expect(from(5_000_030)).toEqual({ position: 2, skips: true });
  expect(from(9_000_000)).toEqual({ position: 4, skips: true });
  expect(skipOlder(db, { ...ALERTS, channels: ["other"] }, 0, 9_000_000).skips).toBe(false);
  const last = findEvent(db, readFeed(db, ALERTS, 3, 1).events[0]?.event.id ?? "");
  expect(last && readPosition(db, last)).toBe(4);
});

test("a file of before has its events at their places, and forgets none that is deleted from then on", async () => {
  const path = join(makeFolder(), "inbox.db");
  const folder = join(import.meta.dirname, "../schema");
  const old = new DatabaseSync(path);
  for (const file of readdirSync(folder).toSorted()) {
    const version = Number(file.slice(0, 3));
    if (version < 31)
      old.exec(`${readFileSync(join(folder, file), "utf8")}; PRAGMA user_version = ${version}`);
  }
  const insert = old.prepare(
    `INSERT INTO events (seq, id, channel, kind, sender_id, sender_role, text, quotes, meta, priority, ack, verified, received_at, stored_at, state, changed_at)
     VALUES (?, ?, 'alerts', 'message', 's1', 'source', ?, '[]', '{}', 'normal', 'auto', 'github', 1, 1, 'done', 1)`,
  );
  for (const seq of [3, 7]) insert.run(seq, `evt_${seq}`, `event ${seq}`);
  old.close();
  const db = new Database(path);
  onTestFinished(() => db.close());
  expect(texts(db, 0)).toEqual(["event 3", "event 7"]);
  expect(readHead(db)).toBe(7);
  await remove(db, "evt_7");
  expect(readGone(db, ["alerts"])).toBe(7);
  await add(db, "new");
  expect(texts(db, 7)).toEqual(["new"]);
  expect(readEpoch(db)).toMatch(/^[0-9a-f]{12}$/);
});
