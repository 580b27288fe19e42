import { expect, test } from "vitest";
import { parseDuration, parseTime } from "./duration.ts";

test.each([
  ["90s", 90_000],
  ["90m", 5_400_000],
  ["36h", 129_600_000],
  ["2d", 172_800_000],
  ["0", 0],
])("%s is a length of time", (text, ms) => {
  expect(parseDuration("--ttl", text)).toBe(ms);
});

test.each(["", "2", "-2d", "2w", "1.5h", "d"])("%j is not a length of time", (text) => {
  expect(() => parseDuration("--ttl", text)).toThrow("is not a length of time");
});

test("a point of time is so long ago, or a date", () => {
  expect(parseTime("--since", "2h", 10_000_000)).toBe(2_800_000);
  expect(parseTime("--since", "2026-01-31T09:00Z", 0)).toBe(Date.UTC(2026, 0, 31, 9));
  expect(parseTime("--since", "2026-01-31", 0)).toBe(new Date(2026, 0, 31).getTime());
  for (const text of ["yesterday", "31", "2026-13-01"])
    expect(() => parseTime("--since", text, 0)).toThrow("is no point of time");
});
