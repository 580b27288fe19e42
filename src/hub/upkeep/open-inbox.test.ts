/** An inbox of an earlier form that cannot be brought to ours, on real files. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { makeFolder, openDatabase } from "../../store/sample.fixture.ts";
import { toHome } from "../../local/home.ts";
import { checkInbox } from "./inspect.ts";
import { openInbox } from "./open-inbox.ts";

function makeInbox(changeVersion: (version: number) => number): string {
  const path = toHome(makeFolder()).database;
  openDatabase(path).close();
  const db = new DatabaseSync(path);
  const { user_version: version } = db.prepare("PRAGMA user_version").get() ?? {};
  db.exec(`PRAGMA user_version = ${changeVersion(Number(version))}`);
  db.close();
  return path;
}

test("a step of the schema that fails is told with the way back to the newest backup, by the start and by doctor", () => {
  // As if but the first step had been done: the second finds there already what it is to make.
  const path = makeInbox(() => 1);
  const home = toHome(dirname(path));
  expect(() => openInbox(path)).toThrow("there is no backup yet");
  mkdirSync(join(dirname(path), "backup"));
  writeFileSync(join(dirname(path), "backup", "sluice-2026-01-31.db"), "");
  const bytes = readFileSync(path);
  const told =
    /cannot be brought to the form of Sluice \S+ \(.+\), .*; to go back to the newest backup: sluice down && .*sluice-2026-01-31\.db/;
  expect(() => checkInbox(home)).toThrow(told);
  expect(readdirSync(dirname(path)).filter((name) => name.startsWith("trial"))).toEqual([]);
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(() => openInbox(path)).toThrow(told);
});

test("doctor says what a start would say of an inbox that a newer Sluice wrote", () => {
  const path = makeInbox((version) => version + 1);
  expect(() => checkInbox(toHome(dirname(path)))).toThrow("was written by a newer Sluice");
});

test("an inbox of today's form is sound, and is not copied", () => {
  const path = makeInbox((version) => version);
  expect(checkInbox(toHome(dirname(path)))).toEqual({ kind: "opens" });
  expect(checkInbox(toHome(makeFolder()))).toEqual({ kind: "none" });
});
