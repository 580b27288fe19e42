import { expect, test } from "vitest";
import { toQuietEnd } from "./pace.ts";

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
