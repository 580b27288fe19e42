import { expect, test } from "vitest";
import { countEntries, findAll, MAX_READ, valueAt } from "./paths.ts";

const VALUE = {
  a: { b: [1, 2, 3] },
  jobs: [
    { name: "x", state: "ok", steps: [{ n: 1 }, { n: 2 }] },
    { name: "y", state: "bad", steps: [{ n: 3 }] },
  ],
  labels: { one: "1", two: "2" },
};
const all = (path: string): unknown[] => findAll(VALUE, path).map(({ value }) => value);

test.each([
  ["a.b.1", [2]],
  ["a.b.-1", [3]],
  ["jobs.*.name", ["x", "y"]],
  ["jobs.*(state=bad,worse).name", ["y"]],
  ["jobs.*(state!=ok).steps.*.n", [3]],
  ["jobs.*.steps.-1.n", [2, 3]],
  ["labels.*", ["1", "2"]],
  ["a.c.d", []],
  ["jobs.-1.steps.-1.n.x", []],
  ["constructor", []],
  ["a.b.length", [3]],
])("%s", (path, expected) => {
  expect(all(path)).toEqual(expected);
});

test("PATHS-1: of a long list the first entries are looked at", () => {
  const long = { list: Array.from({ length: 10_000 }, (_, n) => n) };
  expect(findAll(long, "list.*")).toHaveLength(MAX_READ);
  expect(countEntries(long, "list")).toBe(10_000);
  expect(valueAt(long, "list.9999")).toBe(9_999);
});

test("a dot behind a backslash is part of a key", () => {
  const item = { fields: { "System.Title": "Broken", System: { Title: "other" } } };
  expect(valueAt(item, "fields.System\\.Title")).toBe("Broken");
  expect(valueAt(item, "fields.System.Title")).toBe("other");
});

test("an object where a filter expects a word fits no word, and breaks nothing", () => {
  const jobs = [
    { name: "a", state: { toString: 5 } },
    { name: "b", state: "failed" },
  ];
  expect(findAll({ jobs }, "jobs.*(state=failed).name").map(({ value }) => value)).toEqual(["b"]);
});
