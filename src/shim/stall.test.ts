import { expect, test } from "vitest";
import { openStallWatch } from "./hook.ts";

test("calls that come in right after a stall may have been given up; later ones have not", () => {
  let now = 0;
  const watch = openStallWatch(() => now);
  expect(watch.isStale()).toBe(false);
  now += 1_500;
  expect(watch.isStale()).toBe(false);
  now += 1_501;
  expect([watch.isStale(), watch.isStale()]).toEqual([true, true]);
  now += 299;
  expect(watch.isStale()).toBe(true);
  now += 1;
  expect(watch.isStale()).toBe(false);
  watch.close();
});
