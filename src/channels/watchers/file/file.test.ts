/** The `file` kind with real files and the system's own word of a change. */
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../../sdk/clock.ts";
import { makeFolder } from "../../../store/sample.fixture.ts";
import { WatchRig } from "../watch-rig.fixture.ts";
import { file } from "./index.ts";
import { findFiles, parsePatterns } from "./patterns.ts";
import { toLineTest } from "./watch-lines.ts";

test("FILE-1: changes are told once they have settled, and what changed while no hub ran is told with its start", async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, "a.txt"), "1");
  const rig = new WatchRig(file, { path: join(folder, "*.txt") }, systemClock);
  await rig.start();
  expect(rig.taken).toEqual([]);
  writeFileSync(join(folder, "a.txt"), "12");
  writeFileSync(join(folder, "other.log"), "not wanted");
  await expect.poll(() => rig.texts).toEqual([`${join(folder, "a.txt")} changed (2 bytes)`]);
  expect(rig.taken[0]).toMatchObject({ kind: "file.changed", verified: "local", ack: "auto" });

  await rig.stop();
  writeFileSync(join(folder, "b.txt"), "new");
  rmSync(join(folder, "a.txt"));
  await rig.start();
  expect(rig.texts[1]).toBe(
    `2 files changed\n${join(folder, "b.txt")} added (3 bytes)\n${join(folder, "a.txt")} removed`,
  );
  await rig.restart();
  expect(rig.taken).toHaveLength(2);
});

test("with tail, lines with the pattern are told, through a rotation", async () => {
  const folder = makeFolder();
  const path = join(folder, "app.log");
  writeFileSync(path, "ERROR old\n");
  const settings = { path, tail: "on", match: "ERROR|FATAL" };
  const rig = new WatchRig(file, settings, systemClock);
  await rig.start();
  appendFileSync(path, "info\nERROR one\n");
  await expect.poll(() => rig.quoted).toEqual(["ERROR one"]);
  appendFileSync(path, "FATAL two\n");
  renameSync(path, `${path}.1`);
  writeFileSync(path, "info\nERROR three\n");
  await expect.poll(() => rig.quoted.toSorted()).toEqual(["ERROR one", "ERROR three", "FATAL two"]);
  expect(rig.texts[0]).toBe(`${path}: 1 new line`);
  rig.fault = { when: "before", error: new Error("the inbox is full") };
  appendFileSync(path, "ERROR four\n");
  await expect.poll(() => rig.quoted.length).toBe(4);
  await rig.restart();
  expect(rig.quoted).toHaveLength(4);
});

// LINES-1
test("a pattern that would take a back-tracking engine for ever takes none here; one that RE2 does not know is refused", () => {
  const isWanted = toLineTest("(a+)+$");
  expect(isWanted(`${"a".repeat(50_000)}!`)).toBe(true);
  expect(toLineTest("^(a|a)*b$")("a".repeat(2_000))).toBe(false);
  expect(() => toLineTest("(?=x)")).toThrow("no pattern of RE2");
  expect(() => toLineTest("(")).toThrow("no pattern of RE2");
});

// req:field.31
test("PATTERN-1: globs, folders, names with the signs of a glob, links and what is left out", async () => {
  const folder = makeFolder();
  const put = (name: string): void => {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), "x");
  };
  for (const name of [
    "a.log",
    "deep/er/b.log",
    "deep/[c].log",
    "node_modules/x/d.log",
    "dist/e.log",
  ])
    put(name);
  symlinkSync(folder, join(folder, "deep/round"));
  symlinkSync(join(folder, "a.log"), join(folder, "link.log"));
  const find = async (path: string, ignore?: string): Promise<string[]> => {
    const patterns = parsePatterns(path, ignore);
    return (await findFiles(patterns, 100)).map((one) => one.path.slice(folder.length + 1));
  };
  expect(await find(join(folder, "*.log"))).toEqual(["a.log", "link.log"]);
  expect(await find(join(folder, "**/*.log"), "dist\n*.tmp")).toEqual([
    "a.log",
    "deep/[c].log",
    "deep/er/b.log",
    "link.log",
  ]);
  expect(await find(join(folder, "deep"))).toEqual(["deep/[c].log", "deep/er/b.log"]);
  expect(await find(join(folder, "deep/[c].log"))).toEqual(["deep/[c].log"]);
  expect(await find(join(folder, "nowhere/*.log"))).toEqual([]);
  await expect(findFiles(parsePatterns(folder), 2)).rejects.toThrow("more than 2 files");
  expect(() => parsePatterns("./a.log")).toThrow("no absolute path");
});
