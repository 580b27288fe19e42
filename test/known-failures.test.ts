/**
 * What bridges between chats and agents are known to fail at, and the tests here that show what happens instead.
 *
 * Owns: the check of every table in known-failures/, one file an area. A row whose test was renamed or removed fails. Rows about
 * platforms that Sluice does not speak are not there.
 */
import { globSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findMissing } from "./claims.ts";
import type { Row } from "./known-failures/row.ts";

const FOLDER = join(import.meta.dirname, "known-failures");
const tables = globSync("*.ts", { cwd: FOLDER }).filter((file) => file !== "row.ts");
const rows = await Promise.all(
  tables.map(async (file) => ((await import(join(FOLDER, file))) as { ROWS: readonly Row[] }).ROWS),
);

test.each(rows.flat())("$when: $here", ({ tests }) => {
  expect(findMissing(tests)).toEqual([]);
});
