import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { EventsPush } from "../../api/wire/timeline-wire.ts";
import { addEvent } from "../../store/events/add-event.ts";
import { openDatabase, toArrival } from "../../store/sample.fixture.ts";
import { watchEvents } from "./timeline-page.ts";

test("TIMELINE-1: what is new is told gathered and by name; a flood without names; nothing after the tab has left", async () => {
  const db = openDatabase();
  const told: EventsPush[] = [];
  const stop = watchEvents(db, (push) => told.push(push));
  const add = (count: number) =>
    db.write(() =>
      Array.from({ length: count }, (_, i) => addEvent(db, toArrival(), "source", i + 1, i + 1).id),
    );
  const first = [...(await add(2)), ...(await add(1))];
  await expect.poll(() => told.length).toBe(1);
  expect(told[0]?.ids.toSorted()).toEqual(first.toSorted());
  await Promise.all(Array.from({ length: 20 }, () => add(50)));
  await expect.poll(() => told.length).toBe(2);
  expect(told[1]).toEqual({ kind: "events", ids: [] });
  await add(1);
  stop();
  await sleep(700);
  expect(told).toHaveLength(2);
});
