import { expect, test } from "vitest";
import { runSeeds } from "./seeds.ts";

// The first 200 are in `npm test`.
test("9,800 more histories of losing, late and dying clients: every event ends, nothing is read twice unmarked, wakes keep their budget", async () => {
  const { ok, output } = await runSeeds(200, 9_800);
  expect(output).not.toContain("seed ");
  expect(ok).toBe(true);
}, 900_000);
