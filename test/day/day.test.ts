import { expect, test } from "vitest";
import { runDay } from "./day.ts";

test("a day in the life, in short, through the rows of its senders: few notes, nothing lost, nothing read twice, no failure and no person's words silenced", async () => {
  const day = await runDay({ events: 300, perSecond: 50, seed: 1 });
  expect(day.accepted).toBe(300);
  expect([day.lost, day.repeated, day.silenced]).toEqual([[], [], []]);
  expect(day.states["done"]).toBe(300);
  expect(day.notes).toBeLessThanOrEqual(300 * 0.2);
  // Most of these have a state of their own, which nothing silences.
  expect(day.merged).toBeGreaterThan(50);
  expect(day.tokens.merged).toBeLessThan(day.tokens.unmerged / 2);
});
