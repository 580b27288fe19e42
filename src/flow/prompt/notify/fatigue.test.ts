import { expect, test } from "vitest";
import { toEscalationDelay } from "./fatigue.ts";

const at = (...seconds: number[]): number[] => seconds.map((second) => second * 1_000);

test("five in a minute, then as long as the first of them is younger than a minute", () => {
  expect(toEscalationDelay([], 0)).toBe(0);
  expect(toEscalationDelay(at(0, 1, 2, 3), 4_000)).toBe(0);
  expect(toEscalationDelay(at(0, 1, 2, 3, 4), 5_000)).toBe(55_000);
  expect(toEscalationDelay(at(0, 1, 2, 3, 4), 60_000)).toBe(0);
});

test("twenty in an hour, whatever the minute says", () => {
  const hour = Array.from({ length: 20 }, (_, index) => index * 120_000);
  expect(toEscalationDelay(hour, 20 * 120_000)).toBe(3_600_000 - 20 * 120_000);
  expect(toEscalationDelay(hour.slice(1), 20 * 120_000)).toBe(0);
});

// FATIGUE-1
test("however fast a session asks, no window ever holds more", () => {
  const pushes: number[] = [];
  for (let now = 0; now < 3 * 3_600_000; now += 500) {
    const recent = pushes.filter((push) => push > now - 3_600_000);
    if (toEscalationDelay(recent, now) === 0) pushes.push(now);
  }
  for (const [index, push] of pushes.entries()) {
    expect(pushes.slice(index).filter((other) => other < push + 60_000).length).toBeLessThanOrEqual(
      5,
    );
    expect(
      pushes.slice(index).filter((other) => other < push + 3_600_000).length,
    ).toBeLessThanOrEqual(20);
  }
});
