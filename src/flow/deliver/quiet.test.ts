import { expect, test } from "vitest";
import { isZone, toWallTime } from "../../sdk/wall-clock.ts";
import { toQuietEnd } from "./quiet.ts";

const at = (time: string): number => new Date(`2026-01-05T${time}:00`).getTime();
const night = { from: "22:00", to: "07:00" };
const noon = { from: "12:00", to: "13:30" };

test.each([
  [night, "21:59", undefined],
  [night, "22:00", "2026-01-06T07:00:00"],
  [night, "23:59", "2026-01-06T07:00:00"],
  [night, "00:00", "2026-01-05T07:00:00"],
  [night, "06:59", "2026-01-05T07:00:00"],
  [night, "07:00", undefined],
  [noon, "11:59", undefined],
  [noon, "12:00", "2026-01-05T13:30:00"],
  [noon, "13:30", undefined],
])("quiet hours %o at %s end at %s", (quiet, time, end) => {
  expect(toQuietEnd(quiet, at(time))).toBe(end === undefined ? undefined : new Date(end).getTime());
});

test("none are set: never quiet", () => {
  expect(toQuietEnd(undefined, at("23:00"))).toBe(undefined);
});

test("they always end later than now, and within a day, whatever the clocks of the zone do", () => {
  const from = new Date("2026-03-27T00:00:00").getTime();
  for (let hours = 0; hours < 24 * 230; hours++) {
    const now = from + hours * 3_600_000;
    const end = toQuietEnd(night, now);
    if (end === undefined) continue;
    expect(end).toBeGreaterThan(now);
    expect(end - now).toBeLessThanOrEqual(10 * 3_600_000);
    expect(toQuietEnd(night, end)).toBe(undefined);
  }
});

const BERLIN = "Europe/Berlin";

// QUIET-1. Berlin's clocks go from 02:00 to 03:00 on 2026-03-29, and from 03:00 back to 02:00 on 2026-10-25; Lord Howe's by half an hour.
test.each<[string, string, string, string, string | undefined]>([
  ["Asia/Tokyo", "22:00", "07:00", "2026-01-05T13:00Z", "2026-01-05T22:00Z"],
  ["Asia/Tokyo", "22:00", "07:00", "2026-01-05T12:59Z", undefined],
  ["America/New_York", "22:00", "07:00", "2026-07-05T03:00Z", "2026-07-05T11:00Z"],
  ["Asia/Kathmandu", "22:00", "07:00", "2026-01-05T16:15Z", "2026-01-06T01:15Z"],
  ["Asia/Kathmandu", "22:00", "07:00", "2026-01-05T16:14Z", undefined],
  // The night that is an hour shorter, and the one that is longer.
  [BERLIN, "22:00", "07:00", "2026-03-28T21:00Z", "2026-03-29T05:00Z"],
  [BERLIN, "22:00", "07:00", "2026-10-24T20:00Z", "2026-10-25T06:00Z"],
  // 02:30 is left out: the wall shows 03:00 after 01:59.
  [BERLIN, "22:00", "02:30", "2026-03-28T23:00Z", "2026-03-29T01:00Z"],
  // All of the range is left out.
  [BERLIN, "02:10", "02:50", "2026-03-29T00:59Z", undefined],
  [BERLIN, "02:10", "02:50", "2026-03-29T01:00Z", undefined],
  // It begins in what is left out.
  [BERLIN, "02:30", "04:00", "2026-03-29T01:00Z", "2026-03-29T02:00Z"],
  // 02:30 comes twice: quiet until the first, and from 02:00 to the second.
  [BERLIN, "22:00", "02:30", "2026-10-24T23:59Z", "2026-10-25T00:30Z"],
  [BERLIN, "22:00", "02:30", "2026-10-25T00:30Z", undefined],
  [BERLIN, "22:00", "02:30", "2026-10-25T01:00Z", "2026-10-25T01:30Z"],
  // 03:00 comes once, after the hour that comes twice.
  [BERLIN, "02:00", "03:00", "2026-10-25T00:00Z", "2026-10-25T02:00Z"],
  ["Australia/Lord_Howe", "01:00", "02:15", "2026-10-03T14:45Z", "2026-10-03T15:30Z"],
  // A whole day that never was.
  ["Pacific/Apia", "22:00", "07:00", "2011-12-30T09:00Z", "2011-12-30T17:00Z"],
  ["+05:30", "22:00", "07:00", "2026-01-05T16:30Z", "2026-01-06T01:30Z"],
])("in %s from %s to %s, at %s it is quiet until %s", (zone, from, to, now, end) => {
  const found = toQuietEnd({ from, to, zone }, Date.parse(now));
  expect(found).toBe(end === undefined ? undefined : Date.parse(end));
});

test.each([
  BERLIN,
  "Australia/Lord_Howe",
  "America/St_Johns",
  "Africa/Casablanca",
  "Pacific/Apia",
  "UTC",
])(
  "QUIET-1: in %s quiet is what the clock on the wall says, minute by minute, and it ends at the first moment that is not",
  (zone) => {
    for (const [from, to] of [
      ["22:00", "07:00"],
      ["02:30", "02:15"],
      ["01:59", "02:01"],
      ["00:00", "23:59"],
    ] as const) {
      const isQuiet = (at: number): boolean => {
        const time = toWallTime(at, zone);
        return from <= to ? from <= time && time < to : from <= time || time < to;
      };
      for (
        let day = Date.UTC(2026, 0, 1, 0, 7);
        day < Date.UTC(2027, 0, 1);
        day += 37 * 3_600_000
      ) {
        const end = toQuietEnd({ from, to, zone }, day);
        expect(end !== undefined).toBe(isQuiet(day));
        if (end === undefined) continue;
        expect([end, isQuiet(end - 60_000), isQuiet(end)]).toEqual([end, true, false]);
        for (let at = day; at < end; at += 15 * 60_000) expect(isQuiet(at)).toBe(true);
      }
    }
  },
);

test("what is no zone is none", () => {
  const none = ["", "Berlin", "Europe/Atlantis", "CET-1CEST", "Etc/Unknown", "../../etc/passwd"];
  expect(none.filter(isZone)).toEqual([]);
  expect([BERLIN, "europe/berlin", "UTC", "Europe/Kyiv"].filter((name) => !isZone(name))).toEqual(
    [],
  );
});
