/** Files that grow, are rotated, truncated, copied and replaced: real ones, looked at when the test says so. */
import {
  appendFileSync,
  copyFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../../../store/sample.fixture.ts";
import { findFiles, parsePatterns } from "./patterns.ts";
import { type TailPlace, Tail } from "./tail.ts";

/** Looks at the logs of a folder; a new life knows only the places of the last look. */
class Looker {
  readonly folder = makeFolder();
  readonly #pattern: string;
  #tail = new Tail();
  places: readonly TailPlace[] | undefined;

  constructor(pattern = "*.log") {
    this.#pattern = pattern;
    onTestFinished(() => this.#tail.close());
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async look(): Promise<string[]> {
    const files = await findFiles(parsePatterns(join(this.folder, this.#pattern)), 100);
    const { places, found, hasMore } = await this.#tail.look(files, this.places);
    this.places = JSON.parse(JSON.stringify(places)) as TailPlace[];
    const lines = found.flatMap((one) => [
      ...(one.leftOutBytes > 0 ? [`(${one.leftOutBytes} left out)`] : []),
      ...one.lines,
    ]);
    return hasMore ? [...lines, ...(await this.look())] : lines;
  }

  async restart(): Promise<void> {
    await this.#tail.close();
    this.#tail = new Tail();
  }
}

// req:field.31
test("what stands there is no news; then each whole line is, once; a part of a line waits", async () => {
  const log = new Looker();
  writeFileSync(log.path("a.log"), "old\n");
  expect(await log.look()).toEqual([]);
  appendFileSync(log.path("a.log"), "one\r\ntwo\nthr");
  expect(await log.look()).toEqual(["one", "two"]);
  expect(await log.look()).toEqual([]);
  appendFileSync(log.path("a.log"), "ee\n");
  writeFileSync(log.path("new.log"), "first of a new file\n");
  expect((await log.look()).toSorted()).toEqual(["first of a new file", "three"]);
});

// FILETAIL-1
test.each(["while it runs", "while it is down"])(
  "rotation by a new name %s loses no line, of those that are written after it either",
  async (when) => {
    const log = new Looker();
    writeFileSync(log.path("a.log"), "old\n");
    await log.look();
    appendFileSync(log.path("a.log"), "before\n");
    renameSync(log.path("a.log"), log.path("a.log.1"));
    writeFileSync(log.path("a.log"), "after\n");
    if (when === "while it is down") await log.restart();
    expect((await log.look()).toSorted()).toEqual(["after", "before"]);
    // Who writes has not noticed yet, and ends without the end of a line.
    appendFileSync(log.path("a.log.1"), "late\nlast");
    if (when === "while it is down") await log.restart();
    const rest: string[] = [];
    for (let look = 0; look < 6; look++) rest.push(...(await log.look()));
    expect(rest).toEqual(["late", "last"]);
    expect(log.places?.map(({ path }) => path)).toEqual([log.path("a.log")]);
  },
);

test("a file that is renamed into another name that is wanted is not read again", async () => {
  const log = new Looker("*.log*");
  writeFileSync(log.path("a.log"), "old\n");
  await log.look();
  appendFileSync(log.path("a.log"), "before\n");
  renameSync(log.path("a.log"), log.path("a.log.1"));
  writeFileSync(log.path("a.log"), "after\n");
  expect((await log.look()).toSorted()).toEqual(["after", "before"]);
  expect(await log.look()).toEqual([]);
});

// FILETAIL-2
test.each(["*.log", "*.log*"])(
  "copytruncate: lines behind the copy are read, and with %s none of the copy twice",
  async (pattern) => {
    const log = new Looker(pattern);
    writeFileSync(log.path("a.log"), "old\nolder\n");
    await log.look();
    appendFileSync(log.path("a.log"), "read\n");
    expect(await log.look()).toEqual(["read"]);
    appendFileSync(log.path("a.log"), "unread\n");
    copyFileSync(log.path("a.log"), log.path("a.log.1"));
    truncateSync(log.path("a.log"));
    appendFileSync(log.path("a.log"), "fresh\n");
    const seen = (await log.look()).toSorted();
    expect(seen).toEqual(["fresh", "unread"]);
    expect(await log.look()).toEqual([]);
  },
);

test("FILETAIL-2: a file that was written anew, longer than before and under its number, is read from its start", async () => {
  const log = new Looker();
  writeFileSync(log.path("a.log"), "short\n");
  await log.look();
  writeFileSync(log.path("a.log"), "another beginning\nand much more than before\n");
  expect(await log.look()).toEqual(["another beginning", "and much more than before"]);
});

test("FILETAIL-1: one that was deleted with lines unread is read to its end; one of its name begins anew", async () => {
  const log = new Looker();
  writeFileSync(log.path("a.log"), "old\n");
  await log.look();
  appendFileSync(log.path("a.log"), "unread\n");
  rmSync(log.path("a.log"));
  expect(await log.look()).toEqual(["unread"]);
  writeFileSync(log.path("a.log"), "old\nbut new\n");
  const seen: string[] = [];
  for (let look = 0; look < 6; look++) seen.push(...(await log.look()));
  expect(seen).toEqual(["old", "but new"]);
});

test("FILETAIL-3 and FILETAIL-4: a long growth is read in parts, a line without an end in pieces, and of 20 MiB the last part", async () => {
  const log = new Looker();
  writeFileSync(log.path("a.log"), "");
  await log.look();
  const lines = Array.from({ length: 40_000 }, (_, n) => `line ${n} ${"x".repeat(50)}`);
  appendFileSync(log.path("a.log"), `${lines.join("\n")}\n`);
  expect(await log.look()).toEqual(lines);
  appendFileSync(log.path("a.log"), "y".repeat(3 * 1024 ** 2));
  expect((await log.look()).join("")).toBe("y".repeat(3 * 1024 ** 2));
  appendFileSync(log.path("a.log"), `\n${`${"z".repeat(99)}\n`.repeat(200_000)}`);
  const seen = await log.look();
  expect(seen[0]).toMatch(/^\(\d+ left out\)$/);
  expect(seen.length).toBeGreaterThan(10_000);
  expect(new Set(seen.slice(1))).toEqual(new Set(["z".repeat(99)]));
});
