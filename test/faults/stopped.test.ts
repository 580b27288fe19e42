import { expect, test } from "vitest";
import { pauseReaders } from "./paused-reader.ts";
import { stopEach } from "./stopped.ts";

// A hook call that its client gave up (after 2 s) lies before a shim that stood still; answered then, its events pass for read.
test.todo("a shim that stands still for longer than its hooks are waited for loses nothing");

test("a shim, a client, a hub that stand still for three seconds: nothing is lost, nothing is read twice", async () => {
  const results = await stopEach({ stoppedMs: 3_000 });
  console.table(results);
  for (const result of results)
    expect(result).toMatchObject({ accepted: 7, unread: 0, repeated: [], open: 0 });
}, 90_000);

test("readers that stopped reading cost the hub no memory, and no event is lost", async () => {
  const result = await pauseReaders({ events: 4_000 });
  console.table([result]);
  expect(result).toMatchObject({ lost: 0, refused: 0 });
  expect(result.grownMiB).toBeLessThanOrEqual(32);
}, 90_000);
