import { expect, test } from "vitest";
import { runSeeds } from "./seeds.ts";

test.each([
  [
    2292,
    "what /clear gives back goes out again in the same turn, under the old conversation's name",
  ],
  [9838, "the same, with a reply that the new conversation was not allowed"],
])("a history that once did not end: seed %i, %s", async (seed) => {
  const { ok, output } = await runSeeds(seed, 1);
  expect(output).not.toContain("seed ");
  expect(ok).toBe(true);
});

// SIM-1, SIM-2, SIM-3, SIM-4, SIM-5, SIM-6
// `sim.long.test.ts` has the rest.
test("200 histories of losing, late and dying clients: every event ends, nothing is read twice unmarked, wakes keep their budget", async () => {
  const { ok, output } = await runSeeds(0, 200);
  expect(output).not.toContain("seed ");
  expect(ok).toBe(true);
}, 900_000);
