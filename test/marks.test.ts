/**
 * Marks of invariants: `AREA-n` in the header of the file that keeps the invariant, cited by at least one test.
 *
 * A search for a mark finds the sentence and its tests. Rows of the fault map are marks as well: each names its own tests.
 */
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Names of standards that look like marks. */
const STANDARDS = new Set(["UTF", "SHA", "SSH", "AES", "ISO", "RFC", "CVE", "SLUICE"]);
const FAULT_MAP = "test/fault-map.test.ts";
/** Their headers hold marks, too: what a simulated history must keep. */
const CHECKERS = new Set(["test/sim/world.ts"]);

const files = globSync("{src,test,bench}/**/*.{ts,tsx}", { exclude: ["**/node_modules/**"] }).map(
  (path) => ({
    path,
    text: readFileSync(path, "utf8"),
    isTest:
      !CHECKERS.has(path) && (path.startsWith("test/") || /\.(?:test|fixture)\.tsx?$/.test(path)),
  }),
);

/** Where each mark is defined. */
const defined = Map.groupBy(
  files.flatMap(({ path, text, isTest }) => {
    const pattern = isTest
      ? /^ {4}id: "([A-Z]{2,}-\d+)"|^ {2}"([A-Z]{2,}-\d+)":/
      : /^ \* ([A-Z]{2,}-\d+) /;
    const place = isTest ? (path === FAULT_MAP ? text : "") : toHeader(text);
    return [...place.matchAll(new RegExp(pattern, "gm"))].map((found) => ({
      mark: found[1] ?? found[2] ?? "",
      path,
    }));
  }),
  ({ mark }) => mark,
);

const areas = new Set([...defined.keys()].map((mark) => mark.split("-")[0] ?? ""));

function toHeader(text: string): string {
  return text.startsWith("/**") ? text.slice(0, text.indexOf("*/")) : "";
}

function listMarks(text: string): string[] {
  return [...text.matchAll(/(?<![\w-])[A-Z]{2,}-\d+(?![\w-])/g)]
    .map(([mark]) => mark)
    .filter((mark) => !STANDARDS.has(mark.split("-")[0] ?? ""));
}

test("each mark is defined once, and all of an area in one file, numbered from 1", () => {
  const twice = [...defined].filter(([, places]) => places.length > 1);
  expect(twice.map(([mark, places]) => [mark, places.map(({ path }) => path)])).toEqual([]);
  for (const area of areas) {
    const own = [...defined].filter(([mark]) => mark.startsWith(`${area}-`));
    if (own[0]?.[1][0]?.path === FAULT_MAP) continue; // Its numbers are the faults', some of which cannot happen here.
    expect(new Set(own.map(([, places]) => places[0]?.path)).size, area).toBe(1);
    const numbers = own.map(([mark]) => Number(mark.split("-")[1]));
    expect(numbers, area).toEqual(numbers.map((_, index) => index + 1));
  }
});

test("each mark is cited by a test", () => {
  const cited = new Set(
    files.filter(({ isTest }) => isTest).flatMap(({ text }) => listMarks(text)),
  );
  const uncited = [...defined].filter(([mark]) => !cited.has(mark));
  expect(uncited.map(([mark, places]) => `${places[0]?.path}: ${mark}`)).toEqual([]);
});

test("no file cites a mark that is not defined", () => {
  const strays = files.flatMap(({ path, text }) =>
    listMarks(text)
      .filter((mark) => !defined.has(mark))
      .map((mark) => `${path}: ${mark}`),
  );
  expect(strays).toEqual([]);
});

test("no header and no test has a mark of another form", () => {
  const strays = files.flatMap(({ path, text, isTest }) => {
    const place = isTest ? text : toHeader(text);
    const pattern = isTest
      ? /(?:^\s*\/\/ |\b(?:test|describe)[.\w]*\(\s*["`]|^\s*\]\)?\(["`])([A-Z]{1,2}\d{1,2})(?=: |, |$)/gm
      : /^ \* ([A-Z]{1,3}\d{1,2}|[A-Z]-\d+) /gm;
    return [...place.matchAll(pattern)].map(([, mark]) => `${path}: ${mark}`);
  });
  expect(strays).toEqual([]);
});
