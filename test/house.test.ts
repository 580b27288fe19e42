/**
 * Two figures of the house that may only fall. All of them: `npm run house`.
 */
import { join } from "node:path";
import { expect, test } from "vitest";
import { type FileFacts, readProduct } from "./house/facts.ts";
import { findCircles, findLaneComparisons } from "./house/figures.ts";

/** What stands today; none goes up. Whoever brings one down writes the new figure here. */
const CEILING = { circles: 0, laneComparisons: 0 };

/** What is started, imported from outside, or built. */
const ENTRIES = [
  "src/cli/main.ts",
  "src/shim/main.ts",
  "src/shim/bell-main.ts",
  "src/sdk/index.ts",
  "src/web/main.tsx",
  "src/web/sw.ts",
  "src/web/vite.config.ts",
];

const product = readProduct(join(import.meta.dirname, ".."));

function toFile(path: string, text: string, imports: string[] = []): FileFacts {
  return { path, text, lines: 1, functions: [], imports, types: [] };
}

test("files import each other in no more circles than are known, types too", () => {
  const circles = findCircles(product).map((circle) => circle.join(" "));
  expect(circles.length, `circles:\n${circles.join("\n")}`).toBeLessThanOrEqual(CEILING.circles);
});

test("outside of src/flow/lanes no more places ask for a lane by its name than are known", () => {
  const places = findLaneComparisons(product);
  expect(places.length, `places:\n${places.join("\n")}`).toBeLessThanOrEqual(
    CEILING.laneComparisons,
  );
});

test("what only tests use is not in src, but for src/testing, which is for authors of channels", () => {
  const imports = new Map(product.map((file) => [file.path, file.imports]));
  const reached = new Set<string>();
  const todo = [...ENTRIES];
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    todo.push(...(imports.get(path) ?? []));
  }
  const left = [...imports.keys()].filter(
    (path) => !reached.has(path) && !path.startsWith("src/testing/"),
  );
  expect(left).toEqual([]);
});

test("a circle is found however long it is, and two that share a file are one", () => {
  const files = [
    toFile("a", "", ["b"]),
    toFile("b", "", ["c", "d", "e"]),
    toFile("c", "", ["a"]),
    toFile("d", "", ["b"]),
    toFile("e", "", ["elsewhere"]),
  ];
  expect(findCircles(files)).toEqual([["a", "b", "c", "d"]]);
});

test("a comparison is found over the end of a line, and is free where lanes live", () => {
  const text = "x;\nif (one.lane ===\n  \"pull\") y;\nconst isBell = lane !== 'monitor';";
  const files = [toFile("src/flow/a.ts", text), toFile("src/flow/lanes/pull.ts", text)];
  expect(findLaneComparisons(files)).toEqual(["src/flow/a.ts:2", "src/flow/a.ts:4"]);
});
