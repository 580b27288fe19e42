import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { leaveShutdownMark, takeShutdownMark } from "./clean-shutdown.ts";
import { Database } from "./database.ts";
import { checkDatabase } from "./database-file.ts";
import { addEvent } from "../events/add-event.ts";
import { checkLater } from "./late-check.ts";
import { makeFolder, toArrival } from "../sample.fixture.ts";

function makeFile(): string {
  const path = join(makeFolder(), "inbox.db");
  writeFileSync(path, "content");
  return path;
}

test("a file is believed once, as its clean end left it", () => {
  const path = makeFile();
  expect(takeShutdownMark(path)).toBe(false);
  leaveShutdownMark(path);
  expect(takeShutdownMark(path)).toBe(true);
  expect(takeShutdownMark(path)).toBe(false);
});

test("whatever was written since, however soon and however little, the file is not believed", () => {
  for (let round = 0; round < 50; round++) {
    const path = makeFile();
    leaveShutdownMark(path);
    const fd = openSync(path, "r+");
    writeSync(fd, "C", 0);
    closeSync(fd);
    expect(takeShutdownMark(path)).toBe(false);
  }
});

test("another file in its place, or a log beside it, is not believed", () => {
  const path = makeFile();
  leaveShutdownMark(path);
  writeFileSync(`${path}-wal`, "frames");
  expect(takeShutdownMark(path)).toBe(false);
  const other = makeFile();
  leaveShutdownMark(other);
  const mark = readFileSync(`${other}.closed`);
  const copy = makeFile();
  writeFileSync(`${copy}.closed`, mark);
  expect(takeShutdownMark(copy)).toBe(false);
});

test("who only looked at the file, and left an empty log, takes nothing from its mark", () => {
  const path = join(makeFolder(), "inbox.db");
  new Database(path).close();
  leaveShutdownMark(path);
  checkDatabase(path);
  expect(takeShutdownMark(path)).toBe(true);
});

test("a large file is opened unread after a clean end, read behind the start, and read first after a damage or an unclean end", async () => {
  const path = join(makeFolder(), "inbox.db");
  const open = (): Database => new Database(path, { synchronous: "OFF" });
  const first = open();
  await first.write(() => {
    const text = "x".repeat(1_000_000);
    for (let i = 0; i < 70; i++) addEvent(first, toArrival({ text }), "source", 1, 1);
  });
  expect(first.isChecked).toBe(true);
  first.close();

  const second = open();
  expect([second.isChecked, existsSync(`${path}.closed`)]).toEqual([false, false]);
  expect(await checkLater(path).done).toEqual({ kind: "sound" });
  // It was not told: so the next start reads all.
  second.close();
  const third = open();
  expect(third.isChecked).toBe(true);
  third.close();

  const fd = openSync(path, "r+");
  writeSync(fd, Buffer.alloc(4_096, 0xff), 0, 4_096, 4_096);
  closeSync(fd);
  expect(open).toThrow(/is damaged/);
  expect(await checkLater(path).done).toMatchObject({ kind: "damaged" });
});
