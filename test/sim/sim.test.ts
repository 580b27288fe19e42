import { expect, test } from "vitest";
import { BUGS } from "./bugs.ts";
import { isCaught, runSeeds } from "./seeds.ts";

test("1,000 histories of losing, late and dying clients: every event ends, nothing is read twice unmarked, wakes keep their budget", async () => {
  const { ok, output } = await runSeeds(0, 1_000);
  expect(output).not.toContain("seed ");
  expect(ok).toBe(true);
}, 120_000);

// All of them: npm run test:sim.
test.each(BUGS.slice(0, 3))(
  "the simulator catches: $name",
  async (bug) => {
    expect(await isCaught(bug, 400)).toBe(true);
  },
  60_000,
);
