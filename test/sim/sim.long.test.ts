import { expect, test } from "vitest";
import { runSeeds } from "./seeds.ts";

// The first 1,000 are in `npm test`.
test("9,000 more histories of losing, late and dying clients: every event ends, nothing is read twice unmarked, wakes keep their budget", async () => {
  const { ok, output } = await runSeeds(1_000, 9_000);
  expect(output).not.toContain("seed ");
  expect(ok).toBe(true);
}, 900_000);
