/** Searching the inbox, on a real file. */
import { expect, test } from "vitest";
import { containsText, SEARCH_MAX_EVENTS, searchEvents } from "./event-search.ts";
import { addEvent } from "./add-event.ts";
import { findEvent } from "./inbox.ts";
import { openDatabase, toArrival } from "../sample.fixture.ts";

const ALL = { limit: 100 };

test("an event is found by its text, quotes, kind, entity, sender and id, whatever the case, in order", async () => {
  const db = openDatabase();
  const ids = await db.write(() =>
    [
      toArrival({ text: "Disk FULL on db-1" }),
      toArrival({ quotes: [{ label: "body", text: "the disk is full" }] }),
      toArrival({ kind: "disk.full" }),
      toArrival({ entity: "host/disk-full" }),
      toArrival({ sender: { id: "s2", name: "Disk Full" } }),
      toArrival({ text: "nothing" }),
    ].map((arrival, at) => addEvent(db, arrival, "source", at + 1, at + 1).id),
  );
  const find = (text: string, more = {}) => searchEvents(db, { ...ALL, ...more }, text);
  expect(await find("disk full")).toEqual([ids[0], ids[4]]);
  expect(await find("FULL")).toEqual(ids.slice(0, 5));
  expect(await find(ids[5] ?? "")).toEqual([ids[5]]);
  expect(await find("full", { limit: 2 })).toEqual([ids[3], ids[4]]);
  expect(await find("full", { channel: "other" })).toEqual([]);
  expect(await find("full", { state: "done" })).toEqual([]);
  // Signs that mean something to LIKE or FTS mean themselves.
  for (const text of ["%", "d_sk", "*", "'; DROP TABLE events; --"])
    expect([text, await find(text)]).toEqual([text, []]);
  for (const id of ids) {
    const event = findEvent(db, id);
    if (event === undefined) throw new Error("gone");
    expect(containsText(event, "full")).toBe(id !== ids[5]);
  }
});

test("a search looks at a bounded number of the newest events, and lets others have their turn meanwhile", async () => {
  const db = openDatabase();
  await db.write(() => {
    for (let i = 0; i <= SEARCH_MAX_EVENTS; i++)
      addEvent(db, toArrival({ text: i < 2 ? "needle" : "hay" }), "source", i + 1, i + 1);
  });
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const found = await searchEvents(db, ALL, "needle");
  clearInterval(timer);
  expect(found.map((id) => findEvent(db, id)?.storedAt)).toEqual([2]);
  expect(turns).toBeGreaterThan(3);
});
