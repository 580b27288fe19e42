import { existsSync, statSync } from "node:fs";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { canShareFile } from "./checkpoints.ts";
import { Database } from "./database.ts";
import { addEvent } from "../events/add-event.ts";
import { makeFolder, toArrival } from "../sample.fixture.ts";

const MIB = 1024 ** 2;

function add(db: Database, text: string): Promise<unknown> {
  return db.write(() => addEvent(db, toArrival({ text }), "source", 1, 1));
}

/** Commits one event a turn until `until`; returns how many. */
async function keepWriting(
  db: Database,
  until: (count: number) => boolean,
  text = "x",
): Promise<number> {
  let count = 0;
  for (; !until(count); count++) {
    await add(db, text);
    await nextTurn();
  }
  return count;
}

test("what is committed moves from the log into the file while the owner goes on", async () => {
  const path = join(makeFolder(), "inbox.db");
  const db = new Database(path, { checkpoints: "thread" });
  const empty = statSync(path).size;
  await keepWriting(db, () => statSync(path).size > empty, "x".repeat(20_000));
  expect(statSync(path).size).toBeGreaterThan(empty);
  db.close();
});

test("a close in the middle of it leaves no log behind and everything in the file", async () => {
  for (let round = 0; round < 5; round++) {
    const path = join(makeFolder(), "inbox.db");
    const db = new Database(path, { checkpoints: "thread" });
    await sleep(500);
    // The pass is asked for with the 64th commit: it starts, runs or is over when the owner closes.
    const count = await keepWriting(db, (n) => n === 64 + round, "x".repeat(4_000));
    await sleep(round * 10);
    db.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
    const reader = new DatabaseSync(path, { readOnly: true });
    expect(reader.prepare("SELECT COUNT(*) AS count FROM events").get()).toEqual({ count });
    reader.close();
  }
});

// CHECKPOINT-1
test("a writer that never pauses does not make the log grow without end", async () => {
  const path = join(makeFolder(), "inbox.db");
  const db = new Database(path, { checkpoints: "thread" });
  let bytes = 0;
  while (bytes < 400 * MIB) {
    for (let i = 0; i < 16; i++) void add(db, "x".repeat(100_000));
    bytes += 1_600_000;
    await nextTurn();
  }
  expect(statSync(`${path}-wal`).size).toBeLessThan(250 * MIB);
  db.close();
  expect(existsSync(`${path}-wal`)).toBe(false);
});

// CHECKPOINT-2
test.each([
  ["3.47.1", false],
  ["3.51.2", false],
  ["3.51.3", true],
  ["3.53.4", true],
  ["4.0.0", true],
  ["", false],
  ["unknown", false],
])("SQLite %s lets two connections move the log: %s", (version, expected) => {
  expect(canShareFile(version)).toBe(expected);
});
