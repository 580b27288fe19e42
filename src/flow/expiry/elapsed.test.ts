import { expect, test } from "vitest";
import { type ClockLook, findGap, listVoid, toBefore } from "./elapsed.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 0, 5, 9);
const at = (wall: number, sinceBootMs?: number, boot = "a"): ClockLook => ({
  wallAt: NOW + wall,
  ...(sinceBootMs === undefined ? {} : { sinceBootMs, boot }),
});

test.each<[string, ClockLook, ClockLook, number | undefined]>([
  ["half a minute passed", at(0, HOUR), at(30_000, HOUR + 30_000), undefined],
  [
    "three weeks of sleep, which the machine counted",
    at(0, HOUR),
    at(21 * DAY, HOUR + 21 * DAY),
    undefined,
  ],
  ["the clock was set 40 days ahead", at(0, HOUR), at(40 * DAY, HOUR + 30_000), 40 * DAY - 30_000],
  ["an hour ahead", at(0, HOUR), at(HOUR, HOUR + 1), HOUR - 1],
  ["NTP corrects by a second", at(0, HOUR), at(31_000, HOUR + 30_000), undefined],
  ["set back by 40 days", at(0, HOUR), at(-40 * DAY, HOUR + 30_000), undefined],
  ["sleep, and then set", at(0, HOUR), at(10 * DAY, 3 * DAY + HOUR), 7 * DAY],
  ["off for a night", at(0, HOUR), at(10 * HOUR, 60_000, "b"), undefined],
  ["off, and 40 days ahead at the start", at(0, HOUR), at(40 * DAY, 60_000, "b"), 40 * DAY],
  ["off for a weekend: counted as a gap, too", at(0, HOUR), at(2.6 * DAY, 60_000, "b"), 2.6 * DAY],
  [
    "another start of a machine that tells none apart",
    at(0, 9 * DAY, ""),
    at(3 * DAY, HOUR, ""),
    3 * DAY,
  ],
  ["no look was kept: the newest event, 40 days ago", at(0), at(40 * DAY, 90 * DAY), 40 * DAY],
  ["no look was kept: the newest event, of yesterday", at(0), at(DAY, 90 * DAY), undefined],
  ["1970 at the start", at(0, HOUR), { wallAt: 0, sinceBootMs: 1, boot: "b" }, undefined],
])("ELAPSED-1, ELAPSED-2: %s", (_, last, now, gapMs) => {
  const gap = findGap(last, now);
  expect(gap && gap.to - gap.from).toBe(gapMs);
  expect(gap?.to ?? now.wallAt).toBe(now.wallAt);
});

test("nothing is older for a gap, and what came after it ages as ever", () => {
  const gap = { from: NOW, to: NOW + 40 * DAY };
  const before = (now: number): number => toBefore([gap], DAY, now) - NOW;
  expect(before(gap.to)).toBe(-DAY);
  // An event of 20 h before the gap has 4 h left behind it.
  expect(before(gap.to + 3 * HOUR)).toBeLessThan(-20 * HOUR);
  expect(before(gap.to + 5 * HOUR)).toBeGreaterThan(-20 * HOUR);
  // All of them are older than a day now, and none of the later ones.
  expect(before(gap.to + DAY + 1)).toBe(40 * DAY + 1);
});

test("two gaps count both; one that lies ahead counts nothing", () => {
  const gaps = [
    { from: NOW, to: NOW + 10 * DAY },
    { from: NOW + 10 * DAY + HOUR, to: NOW + 30 * DAY },
  ];
  expect(toBefore(gaps, DAY, NOW + 30 * DAY + HOUR)).toBe(NOW - 22 * HOUR);
  expect(toBefore(gaps, DAY, NOW + HOUR)).toBe(NOW - 23 * HOUR);
});

test("ELAPSED-3: a clock that goes back into a gap shows that it was none", () => {
  const [first, second] = [
    { from: NOW - 9 * DAY, to: NOW - 8 * DAY },
    { from: NOW, to: NOW + 40 * DAY },
  ];
  expect(listVoid([first, second], NOW + HOUR)).toEqual([second]);
  expect(listVoid([first, second], NOW + 40 * DAY)).toEqual([]);
});
