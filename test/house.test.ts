/**
 * Figures of the house that may only fall. All of them: `npm run house`. The webhook's way is held by house/webhook.long.test.ts.
 */
import { join } from "node:path";
import { expect, test } from "vitest";
import { type FileFacts, readProduct } from "./house/facts.ts";
import {
  countByFolder,
  findCircles,
  findLaneComparisons,
  findSharedNames,
  FOLDER_FILES,
  listLongestFunctions,
} from "./house/figures.ts";

const MAX_FUNCTION_LINES = 80;

const product = readProduct(join(import.meta.dirname, ".."));

/** What is started, imported from outside, or built. */
const ENTRIES = [
  // Found by their names.
  ...product.map(({ path }) => path).filter((path) => path.startsWith("src/catalogue/rows/")),
  "src/cli/main.ts",
  "src/shim/main.ts",
  // Loaded by opencode, by a file that `connect opencode` writes.
  "src/hosts/opencode/plugin.ts",
  "src/shim/bell-main.ts",
  "src/author/index.ts",
  "src/host/index.ts",
  "src/emit/index.ts",
  "src/testing/index.ts",
  "src/author/child/main.ts",
  "src/author/platform.ts",
  "src/web/main.tsx",
  "src/web/sw.ts",
  "src/web/vite.config.ts",
  "src/web/inspector/main.tsx",
  "src/web/inspector/vite.config.ts",
];

function toFile(path: string, text: string, imports: string[] = []): FileFacts {
  return { path, text, lines: 1, functions: [], imports, types: [] };
}

test("files import each other in no circle, types too", () => {
  expect(findCircles(product).map((circle) => circle.join(" "))).toEqual([]);
});

test("a lane's name is compared nowhere outside of src/flow/lanes", () => {
  expect(findLaneComparisons(product)).toEqual([]);
});

test(`no function of the product has more than ${MAX_FUNCTION_LINES} lines`, () => {
  const long = listLongestFunctions(product, 10).filter(({ lines }) => lines > MAX_FUNCTION_LINES);
  expect(long).toEqual([]);
});

test(`no folder of the product has more than ${FOLDER_FILES} files`, () => {
  expect(countByFolder(product).filter(({ files }) => files > FOLDER_FILES)).toEqual([]);
});

test("an exported type name has one meaning in the whole product", () => {
  expect(Object.fromEntries(findSharedNames(product))).toEqual({});
});

test("what only tests use is not in src: what is there is started, exported or built", () => {
  const imports = new Map(product.map((file) => [file.path, file.imports]));
  const reached = new Set<string>();
  const todo = [...ENTRIES];
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    todo.push(...(imports.get(path) ?? []));
  }
  const left = [...imports.keys()].filter((path) => !reached.has(path));
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
