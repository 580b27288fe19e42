/** Backups made and put back for real: real files, a real thread, the commands that we print run by a real shell. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { isSluiceError } from "../../sdk/errors.ts";
import { listBackups, toBackupPath } from "../../store/file/backup.ts";
import { Database } from "../../store/file/database.ts";
import { countByState } from "../../store/events/figures.ts";
import { addEvent } from "../../store/events/add-event.ts";
import { listEvents } from "../../store/events/inbox.ts";
import { makeFolder, openDatabase, toArrival } from "../../store/sample.fixture.ts";
import { Backups } from "./backups.ts";

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 5, 9);

function makeHome(): { database: string; db: Database; backups: Backups; lines: string[] } {
  const folder = join(makeFolder(), "my home");
  mkdirSync(folder, { mode: 0o700 });
  const database = join(folder, "sluice.db");
  const lines: string[] = [];
  const note = (_: object, line: string): void => void lines.push(line);
  const log = { debug: note, info: note, warn: note, error: note };
  return { database, db: openDatabase(database), backups: new Backups({ database, log }), lines };
}

async function add(db: Database, count: number): Promise<void> {
  await db.write(() => {
    for (let i = 0; i < count; i++)
      addEvent(db, toArrival({ text: `event ${i}` }), "source", START, START);
  });
}

test("BACKUP-1: one backup a day, private and whole; seven are kept", async () => {
  const { database, db, backups } = makeHome();
  await add(db, 30);
  expect(await backups.check(START)).toBe(true);
  expect(await backups.check(START + 7_200_000)).toBe(false);
  for (let day = 1; day < 9; day++) expect(await backups.check(START + day * DAY_MS)).toBe(true);
  const paths = listBackups(database);
  expect(paths.map((path) => basename(path))).toEqual(
    [13, 12, 11, 10, 9, 8, 7].map((day) => `sluice-2026-01-${String(day).padStart(2, "0")}.db`),
  );
  expect(statSync(paths[0] ?? "").mode & 0o777).toBe(0o600);
  expect(countByState(openDatabase(paths[0])).stored).toBe(30);
});

test("events that arrive while a backup is made do not wait for it, and the backup is of one moment", async () => {
  const { database, db, backups } = makeHome();
  await add(db, 5_000);
  const made = backups.check(START);
  let written = 0;
  while (!listBackups(database).includes(toBackupPath(database, START))) {
    await add(db, 1);
    written++;
  }
  expect(await made).toBe(true);
  expect(written).toBeGreaterThan(1);
  const copied = listEvents(openDatabase(toBackupPath(database, START)), { limit: 10_000 });
  expect(copied.length).toBeGreaterThanOrEqual(5_000);
});

test("BACKUP-2: with too little of the disk free none is made", async () => {
  const { database, lines } = makeHome();
  const log = {
    debug: () => {},
    info: () => {},
    warn: (_: object, line: string) => void lines.push(line),
    error: () => {},
  };
  const backups = new Backups({ database, log, minFreeShare: 1 });
  expect(await backups.check(START)).toBe(false);
  expect(listBackups(database)).toEqual([]);
  expect(lines).toEqual([expect.stringContaining("no backup today")]);
});

test("a damaged inbox makes no backup, and the good ones stay", async () => {
  const { database, db, backups, lines } = makeHome();
  await add(db, 200);
  expect(await backups.check(START)).toBe(true);
  db.close();
  damage(database);
  expect(await backups.check(START + DAY_MS)).toBe(false);
  expect(listBackups(database)).toHaveLength(1);
  expect(lines.at(-1)).toContain("backup failed");
});

test("the commands in the message about a damaged inbox bring the newest backup back and keep the damaged file", async () => {
  const { database, db, backups } = makeHome();
  await add(db, 200);
  await backups.check(START);
  await backups.check(START + DAY_MS);
  db.close();
  damage(database);
  for (const round of ["damaged", "damaged-2"]) {
    const fault = catchFault(() => new Database(database));
    const [, command = ""] = /newest backup: (sluice down .*)$/.exec(fault) ?? [];
    expect(command).toContain("sluice-2026-01-06.db");
    execFileSync("sh", ["-c", command], { env: { PATH: `${makeSluice()}:/usr/bin:/bin` } });
    const restored = new Database(database);
    expect(countByState(restored).stored).toBe(200);
    restored.close();
    expect(existsSync(join(database, "..", round, "sluice.db"))).toBe(true);
    expect(statSync(database).mode & 0o777).toBe(0o600);
    damage(database);
  }
});

test("a backup that is broken off leaves no file under a backup's name, and the next one clears up", async () => {
  const { database, db, backups } = makeHome();
  await add(db, 5_000);
  const made = backups.check(START);
  backups.close();
  expect(await made).toBe(false);
  expect(listBackups(database)).toEqual([]);
  mkdirSync(join(database, "..", "backup"), { recursive: true });
  writeFileSync(join(database, "..", "backup", "sluice-2026-01-05.db.new"), "half");
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  expect(await new Backups({ database, log }).check(START)).toBe(true);
  expect(readdirSync(join(database, "..", "backup"))).toEqual(["sluice-2026-01-05.db"]);
});

function damage(path: string): void {
  writeFileSync(path, Buffer.alloc(16_384, 0x5a));
}

function catchFault(action: () => unknown): string {
  try {
    action();
  } catch (thrown) {
    if (isSluiceError(thrown, "store_corrupt")) return thrown.message;
    throw thrown;
  }
  throw new Error("nothing was refused");
}

/** A folder with a `sluice` that does nothing: here no hub runs. */
function makeSluice(): string {
  const folder = makeFolder();
  const path = join(folder, "sluice");
  writeFileSync(path, "#!/bin/sh\nexit 0\n");
  chmodSync(path, 0o755);
  return folder;
}
