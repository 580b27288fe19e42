import { expect, test } from "vitest";
import { pauseReaders } from "./paused-reader.ts";
import { stopEach } from "./stopped.ts";

test("a shim, a client, a hub that stand still for longer than a hook is waited for: nothing is lost, nothing is read twice", async () => {
  const results = await stopEach({ stoppedMs: 4_000 });
  console.table(results);
  for (const result of results)
    expect(result).toMatchObject({ accepted: 7, unread: 0, repeated: [], open: 0 });
});

test("readers that stopped reading cost the hub no memory, and no event is lost", async () => {
  const result = await pauseReaders({ events: 4_000 });
  console.table([result]);
  expect(result).toMatchObject({ lost: 0, refused: 0 });
  expect(result.grownMiB).toBeLessThanOrEqual(32);
});
