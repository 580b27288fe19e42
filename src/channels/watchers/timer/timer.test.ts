/** Timers by a clock that only the test moves. */
import { expect, test } from "vitest";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { WatchRig } from "../watch-rig.fixture.ts";
import { timer } from "./index.ts";
import { toTimes } from "./times.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A Monday, 09:00 UTC. */
const START = Date.UTC(2026, 0, 5, 9);
const iso = (at: number): string => new Date(at).toISOString();

test("a timer rings once at its moment, says what it was set for, and is over", async () => {
  const rig = new WatchRig(timer, {
    at: iso(START + 20 * MINUTE),
    text: "check the deploy\nof api",
  });
  await rig.start();
  await rig.advance(20 * MINUTE - 1);
  expect(rig.taken).toEqual([]);
  await rig.advance(1);
  expect(rig.taken).toMatchObject([
    {
      kind: "timer.due",
      text: "check the deploy\n(timer watched; due 2026-01-05T09:20Z)",
      quotes: [{ label: "text", text: "of api" }],
      occurredAt: START + 20 * MINUTE,
    },
  ]);
  expect(rig.isOver).toBe(true);
  await rig.restart();
  await rig.advance(HOUR);
  expect(rig.taken).toHaveLength(1);
});

// TIMER-1
test("a moment at which no hub ran is told late; with skip it is not; one that passed before the first look is told too", async () => {
  const late = new WatchRig(timer, { at: iso(START + MINUTE), text: "x" });
  await late.start();
  await late.stop();
  await late.advance(3 * HOUR);
  await late.start();
  expect(late.taken).toMatchObject([{ meta: { late: "true" } }]);
  expect(late.texts[0]).toContain("late, since Sluice did not run then");

  const skipped = new WatchRig(timer, { at: iso(START + MINUTE), text: "x", missed: "skip" });
  await skipped.start();
  await skipped.stop();
  await skipped.advance(3 * HOUR);
  await skipped.start();
  expect([skipped.taken, skipped.isOver]).toEqual([[], true]);

  const early = new WatchRig(timer, { at: iso(START - 5_000), text: "x" });
  await early.start();
  expect(early.taken).toHaveLength(1);
});

// TIMER-1
test.each([
  ["once", 1, "5 times were missed"],
  ["all", 5, "late"],
  ["skip", 0, ""],
] as const)("an interval that slept through five times tells %s", async (missed, count, words) => {
  const rig = new WatchRig(timer, { every: "1h", text: "look", missed });
  await rig.start();
  await rig.stop();
  await rig.advance(5 * HOUR + 30 * MINUTE);
  await rig.start();
  expect(rig.taken).toHaveLength(count);
  if (count > 0) expect(rig.texts.join()).toContain(words);
  // Its rhythm is that of its start, and not of the restart.
  await rig.advance(30 * MINUTE - 1);
  expect(rig.taken).toHaveLength(count);
  await rig.advance(1);
  expect(rig.taken).toHaveLength(count + 1);
});

test("a cron expression rings by the wall of its zone, through the change to summer time", async () => {
  const clock = new VirtualClock(Date.UTC(2026, 2, 27, 12));
  const rig = new WatchRig(timer, { cron: "0 9 * * *", zone: "Europe/Berlin", text: "x" }, clock);
  await rig.start();
  await rig.advance(4 * 24 * HOUR);
  expect(rig.taken.map(({ occurredAt }) => iso(occurredAt ?? 0))).toEqual([
    "2026-03-28T08:00:00.000Z",
    "2026-03-29T07:00:00.000Z",
    "2026-03-30T07:00:00.000Z",
    "2026-03-31T07:00:00.000Z",
  ]);
});

// WATCHER-1
test.each(["before", "after"] as const)(
  "a hub that dies in the moment of ringing (%s the commit) rings once all the same",
  async (when) => {
    const rig = new WatchRig(timer, { at: iso(START + MINUTE), text: "x" });
    await rig.start();
    rig.fault = { when, error: new Error("killed") };
    await rig.advance(MINUTE);
    expect(rig.taken).toHaveLength(when === "before" ? 0 : 1);
    await rig.restart();
    expect(rig.taken).toHaveLength(1);
    expect(rig.isOver).toBe(true);
  },
);

test("a clock that is put forward makes the timer ring at the next look, one that is put back makes it wait", async () => {
  const rig = new WatchRig(timer, { at: iso(START + 10 * HOUR), text: "x" });
  await rig.start();
  const { clock } = rig;
  if (!(clock instanceof VirtualClock)) throw new Error("it is virtual");
  clock.jump(START + 20 * HOUR);
  await rig.advance(MINUTE);
  expect(rig.taken).toHaveLength(1);
});

test("a quick timer that slept for a year rings at once, and counts no further than it must", async () => {
  const rig = new WatchRig(timer, { cron: "* * * * *", text: "x", missed: "all" });
  await rig.start();
  await rig.stop();
  const { clock } = rig;
  if (!(clock instanceof VirtualClock)) throw new Error("it is virtual");
  clock.jump(START + 365 * 24 * HOUR);
  await rig.start();
  expect(rig.taken).toHaveLength(20);
  expect(rig.taken.at(-1)?.occurredAt).toBe(START + 365 * 24 * HOUR);
});

test.each([
  [{}, "give one of"],
  [{ at: "tomorrow" }, "no point of time"],
  [{ every: "5 minutes" }, "no length of time"],
  [{ cron: "61 * * * *" }, "no cron expression"],
  [{ cron: "* * * * *", zone: "Mars/Base" }, "no time zone"],
  [{ cron: "* * * * *", every: "5m" }, "give one of"],
])("times that are none are refused with what to write: %j", (settings, words) => {
  expect(() => toTimes(settings)).toThrow(words);
});
