/**
 * Writes down what each test file has cost its process, where `SLUICE_TEST_COST` names a file to write to (main.ts beside it).
 *
 * Owns: the reading at the end of a test file. Never: changes or measures a single test.
 */
import { appendFileSync } from "node:fs";
import { relative } from "node:path";
import { afterAll } from "vitest";
import { readCost } from "./processes.ts";

const list = process.env["SLUICE_TEST_COST"];

// Of all hooks of a file this one runs last, as it is the first that is known.
if (list !== undefined)
  // oxlint-disable-next-line no-empty-pattern -- the runner reads how the first one is written
  afterAll(({}, { file }) => {
    const path = relative(process.cwd(), file.filepath);
    const line = { pid: process.pid, at: Date.now(), file: path, cost: readCost(process.pid) };
    appendFileSync(list, `${JSON.stringify(line)}\n`);
  });
