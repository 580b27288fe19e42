import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "vitest";
import { systemClock } from "../../sdk/clock.ts";
import { Database } from "../file/database.ts";
import { markDone } from "./deliveries.ts";
import { countByState } from "./figures.ts";
import { addEvent } from "./add-event.ts";
import { findEvent } from "./inbox.ts";
import { InboxLimit } from "./add-event.ts";

const test = base.extend<{ db: Database }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads the names of fixtures from this pattern
  db: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "sluice-limit-"));
    const db = new Database(join(folder, "sluice.db"));
    await use(db);
    db.close();
    rmSync(folder, { recursive: true });
  },
});

/** 64 KiB of text each. */
function add(db: Database, count: number): Promise<string[]> {
  return db.write(() =>
    Array.from({ length: count }, () => {
      const arrival = {
        channel: "a",
        kind: "webhook",
        sender: { id: "s" },
        text: "x".repeat(65_536),
        quotes: [],
        meta: {},
        priority: "normal",
        ack: "auto",
        verified: "bearer",
      } as const;
      return addEvent(db, { ...arrival, quotes: [] }, "source", 1, 1).id;
    }),
  );
}

test("LIMIT-1: over its size the inbox takes nothing more, and keeps what is open", async ({
  db,
  expect,
}) => {
  const limit = new InboxLimit(db, systemClock, { maxBytes: 2 * 1024 ** 2 });
  limit.check("a");
  await add(db, 40);
  const later = { ...systemClock, now: () => Date.now() + 10_000 };
  const full = new InboxLimit(db, later, { maxBytes: 2 * 1024 ** 2 });
  expect(() => full.check("a")).toThrow(
    expect.objectContaining({ code: "store_full", retryable: true }),
  );
  expect(countByState(db).stored).toBe(40);
});

// req:field.49
test("LIMIT-2: events that are over make room, the oldest first, and open ones never do", async ({
  db,
  expect,
}) => {
  const ids = await add(db, 40);
  const [open = "", ...over] = ids;
  await db.write(() => over.forEach((id) => markDone(db, id, "test", undefined, 2)));
  new InboxLimit(db, systemClock, { maxBytes: 2 * 1024 ** 2 }).check("a");
  expect(findEvent(db, open)?.state).toBe("stored");
  expect(countByState(db).done).toBe(0);
});

test("LIMIT-1: with too little of the disk free the inbox takes nothing more", async ({
  db,
  expect,
}) => {
  const limit = new InboxLimit(db, systemClock, { minFreeShare: 1 });
  expect(() => limit.check("a")).toThrow(
    expect.objectContaining({ code: "store_full", message: expect.stringContaining("MiB free") }),
  );
});

// LIMIT-4
test("LIMIT-3: a channel that nobody reads fills its own share, and the others go on", async ({
  db,
  expect,
}) => {
  let now = 1_000_000;
  const clock = { ...systemClock, now: () => now };
  const limit = new InboxLimit(db, clock);
  const check = (channel: string): void => limit.check(channel, 1, channel === "a" ? 3 : undefined);
  const [first = ""] = await add(db, 2);
  check("a");
  expect(() => check("a")).toThrow(
    expect.objectContaining({ code: "rate_limited", retryable: true, retryAfterMs: 60_000 }),
  );
  check("b");
  await add(db, 1);
  await db.write(() => markDone(db, first, "test", undefined, 2));
  now += 1_000;
  check("a");
  expect(() => check("a")).toThrow("3 events wait already");
});
