import { expect, test } from "vitest";
import { pauseReaders } from "../faults/paused-reader.ts";

// Few: enough to fill every buffer on the way. What thousands cost is asked in the long tests.
// req:field.44
test("a follower and a listener that stopped reading cost the hub no memory, and no event is lost", async () => {
  const result = await pauseReaders({ warmUp: 100, events: 400 });
  expect(result).toMatchObject({ lost: 0, refused: 0 });
  expect(result.grownMiB).toBeLessThanOrEqual(32);
});
