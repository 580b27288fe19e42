import { expect, test } from "vitest";
import { BUGS } from "./bugs.ts";
import { isCaught } from "./seeds.ts";

test.each(BUGS)(
  "the simulator catches: $name",
  async (bug) => {
    expect(await isCaught(bug, 1_000)).toBe(true);
  },
  180_000,
);
