import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import { RollingFile } from "./rolling-file.ts";

test("lines that could not be written come later, in order, as many as there was room for", () => {
  const folder = join(makeFolder(), "log");
  mkdirSync(folder);
  const file = new RollingFile({ folder, maxBytes: 10, kept: 5, maxWaitingBytes: 30 });
  file.write("a line 01\n");
  // The file is full, and there is no place for the next one.
  rmSync(folder, { recursive: true });
  for (let i = 2; i <= 9; i++) file.write(`a line 0${i}\n`);
  mkdirSync(folder);
  file.write("too much\n");
  file.close();
  file.write("after the end\n");
  const lines = readdirSync(folder)
    .toSorted()
    .map((name) => readFileSync(join(folder, name), "utf8"));
  expect(lines).toEqual(["a line 02\n", "a line 03\n", "a line 04\n"]);
});

test("files are counted by number, not by name, and others' files are left alone", () => {
  const folder = makeFolder();
  const open = () => new RollingFile({ folder, maxBytes: 10, kept: 3, maxWaitingBytes: 100 });
  mkdirSync(join(folder, "hub.x.log"));
  for (let run = 0; run < 4; run++) {
    const file = open();
    for (let i = 0; i < 3; i++) file.write(`${run} ${i} 345678\n`);
    file.close();
  }
  expect(readdirSync(folder).toSorted()).toEqual([
    "hub.10.log",
    "hub.11.log",
    "hub.12.log",
    "hub.x.log",
  ]);
  expect(readFileSync(join(folder, "hub.12.log"), "utf8")).toBe("3 2 345678\n");
});
