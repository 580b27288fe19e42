import { expect, test } from "vitest";
import type { ConnectionState } from "../../sdk/channel.ts";
import { VirtualClock } from "../../flow/virtual-clock.fixture.ts";
import { Reports, toOneState } from "./reports.ts";

const DOWN: ConnectionState = { kind: "retrying", reason: "away", alarm: true };
const UP: ConnectionState = { kind: "connected" };

test("REPORTS-1: a source that flaps is told once a second, and rings once in ten minutes", async () => {
  const clock = new VirtualClock();
  const told: ConnectionState[] = [];
  let left = 0;
  const reports = new Reports(clock, {
    report: (state) => void told.push(state),
    leftBehind: (count) => void (left += count),
  });
  for (let i = 0; i < 1_000; i++) {
    reports.note("service", i % 2 === 0 ? DOWN : UP);
    reports.left(1);
    await clock.advance(10);
  }
  await clock.advance(2_000);
  expect(told.length).toBeLessThanOrEqual(12);
  expect(told.filter((state) => state.kind === "retrying" && state.alarm === true)).toHaveLength(1);
  expect(told.at(-1)).toEqual(UP);
  expect(left).toBe(1_000);
});

test("of several sources the worst counts, and one that waits for its owner does not stop the others", () => {
  const paused: ConnectionState = { kind: "paused", reason: "refused" };
  expect(toOneState(new Map<string, ConnectionState>([["a", UP]]))).toEqual(UP);
  expect(toOneState(new Map<string, ConnectionState>([["a", paused]]))).toEqual({
    kind: "paused",
    reason: "a: refused",
  });
  expect(
    toOneState(
      new Map<string, ConnectionState>([
        ["a", paused],
        ["b", UP],
      ]),
    ),
  ).toEqual({
    kind: "retrying",
    reason: "a: refused",
    alarm: true,
  });
});
