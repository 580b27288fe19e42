/** Figures by the hour, on a real file. */
import { expect, test } from "vitest";
import { Hours } from "./hours.ts";
import { addEvent } from "./add-event.ts";
import { openDatabase, toArrival } from "../sample.fixture.ts";
import { addWake } from "../sessions/sessions.ts";

const HOUR_MS = 3_600_000;

test("events and wakes are counted in the hour in which they were, to the millisecond", async () => {
  const db = openDatabase();
  const start = 490_000 * HOUR_MS;
  const wake = { urgent: false, chars: 1, bell: null };
  await db.write(() => {
    for (const at of [start - 1, start, start + HOUR_MS - 1, start + HOUR_MS])
      addEvent(db, toArrival(), "source", at, at);
    addWake(db, "s", { ...wake, at: start - 1 });
    addWake(db, "other", { ...wake, at: start });
  });
  const hours = new Hours(db);
  const expected = [
    { from: start - HOUR_MS, events: 1, wakes: 1 },
    { from: start, events: 2, wakes: 1 },
    { from: start + HOUR_MS, events: 1, wakes: 0 },
  ];
  expect(hours.read(start + HOUR_MS + 5, 3)).toEqual(expected);
  // The hour that runs is counted anew each time; the others were.
  await db.write(() => addEvent(db, toArrival(), "source", start + 1, start + HOUR_MS + 9));
  expect(hours.read(start + HOUR_MS + 10, 3)[2]?.events).toBe(2);
  expect(hours.read(start + 2 * HOUR_MS, 3).map(({ events }) => events)).toEqual([2, 2, 0]);
});
