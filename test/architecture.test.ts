/**
 * The house plan, held to its word: ARCHITECTURE.md's table of imports, its tree, and the paths that it and CONTRIBUTING.md name.
 */
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const plan = readFileSync("ARCHITECTURE.md", "utf8");
const MAX_LINES = 400;

const allowed = new Map(
  [...plan.matchAll(/^\| `src\/([a-z]+)` +\| ([a-z, -]+?) +\|$/gm)].map(([, folder, list]) => [
    folder ?? "",
    (list ?? "").split(",").map((name) => name.trim()),
  ]),
);

/** Imports that run something: `import type` and `import { type A }` alone are exempt. */
function listImports(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const statements = text.matchAll(
    /^(?:import|export)\s+(?!type\b)([^;'"]*?)\s*(?:from\s*)?["'](\.[^"']+)["']|\bimport\(\s*["'](\.[^"']+)["']\s*\)/gms,
  );
  return [...statements].flatMap(([, names = "", from, lazy]) => {
    const braces = /^\{(.*)\}$/s.exec(names.trim())?.[1];
    const isTypesOnly =
      braces !== undefined &&
      braces
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "")
        .every((name) => name.startsWith("type "));
    const path = from ?? lazy;
    return path === undefined || isTypesOnly ? [] : [relative(".", resolve(dirname(file), path))];
  });
}

const sources = globSync("src/**/*.{ts,tsx}").filter((file) => !/\.(test|fixture)\.ts$/.test(file));

test("the table of imports covers every folder of src", () => {
  const folders = new Set(sources.map((file) => file.split("/")[1]));
  expect([...allowed.keys()].toSorted()).toEqual([...folders].toSorted());
});

test("every import stays within the table of ARCHITECTURE.md", () => {
  const strays = sources.flatMap((file) => {
    const folder = file.split("/")[1] ?? "";
    return listImports(file)
      .filter((target) => target.startsWith("src/"))
      .filter((target) => {
        const other = target.split("/")[1] ?? "";
        return other !== folder && !(allowed.get(folder) ?? []).includes(other);
      })
      .map((target) => `${file} -> ${target}`);
  });
  expect(strays).toEqual([]);
});

test("no channel imports another channel", () => {
  const strays = sources
    .filter((file) => file.startsWith("src/channels/"))
    .flatMap((file) =>
      listImports(file)
        .filter((target) => target.startsWith("src/channels/"))
        .filter((target) => target.split("/")[2] !== file.split("/")[2])
        .map((target) => `${file} -> ${target}`),
    );
  expect(strays).toEqual([]);
});

test("the reader of Markdown is loaded with the first message: nothing that a hub loads at its start imports it", () => {
  const seen = new Set<string>();
  const open = ["src/hub/run.ts", ...globSync("src/channels/*/index.ts")];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file) || !file.endsWith(".ts")) continue;
    seen.add(file);
    const lazy = [...readFileSync(file, "utf8").matchAll(/\bimport\(\s*"([^"]+)"/g)].map(
      ([, path = ""]) => basename(path),
    );
    open.push(...listImports(file).filter((target) => !lazy.includes(basename(target))));
  }
  expect([...seen]).toContain("src/channels/telegram/send.ts");
  expect([...seen].filter((file) => file.startsWith("src/sdk/markdown/"))).toEqual([]);
});

test("the shim uses the API's client and never its routes", () => {
  const strays = sources
    .filter((file) => file.startsWith("src/shim/"))
    .flatMap((file) => listImports(file).map((target) => ({ file, target })))
    .filter(({ target }) => target.startsWith("src/api/routes/"));
  expect(strays).toEqual([]);
});

test("no file outside its folder compares or writes a lane's name: what a lane does is said by the lane", () => {
  const named =
    /lane[^;]{0,30}(?:===|!==) *["'](?:monitor|channel|pull)["']|lane: ["'](?:monitor|channel|pull)["']/i;
  const strays = sources
    .filter((file) => !file.startsWith("src/flow/lanes/"))
    .filter((file) => named.test(readFileSync(file, "utf8")));
  expect(strays).toEqual([]);
});

test.each(["ARCHITECTURE.md", "CONTRIBUTING.md"])("every path named in %s exists", (page) => {
  const text = readFileSync(page, "utf8");
  const named = [...text.matchAll(/`((?:src|test|plugin|bench|docs)(?:\/[\w./-]+)?|[A-Z]+\.md)`/g)];
  const missing = named.map(([, path]) => path ?? "").filter((path) => !existsSync(path));
  expect(missing).toEqual([]);
});

test("the tree of ARCHITECTURE.md names every folder of src down to the second level once, and nothing that is not there", () => {
  const tree = readTree();
  const folders = globSync(["src/*/", "src/*/*/"]).filter((path) => statSync(path).isDirectory());
  expect(folders.filter((path) => !tree.includes(path))).toEqual([]);
  expect(tree.filter((path) => !existsSync(path))).toEqual([]);
  expect(tree.filter((path, index) => tree.indexOf(path) !== index)).toEqual([]);
});

/** The paths of the tree: two spaces a level, a folder ends with a slash. */
function readTree(): string[] {
  const [, block = ""] = /^```\nsrc\/\n(.*?)^```/ms.exec(plan) ?? [];
  let folder = "";
  return [...block.matchAll(/^( {2,4})([\w.-]+)(\/?) /gm)].map(
    ([, indent = "", name = "", slash]) => {
      if (indent.length === 4) return join("src", folder, name);
      if (slash === "/") folder = name;
      return join("src", name);
    },
  );
}

test("no source file is longer than 400 lines, and each says first what it owns", () => {
  const bad = sources.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    const lines = text.split("\n").length;
    return [
      ...(lines > MAX_LINES ? [`${file}: ${lines} lines`] : []),
      ...(text.startsWith("/**") ? [] : [`${file}: no header`]),
    ];
  });
  expect(bad).toEqual([]);
});

test("only the entry files act when they are loaded", () => {
  const entries = new Set(["src/cli/main.ts", "src/shim/main.ts", "src/shim/bell-main.ts"]);
  const acting = sources
    .filter((file) => !entries.has(file))
    .filter((file) => /^(?:await |void [a-z]\w*\(|process\.on)/m.test(readFileSync(file, "utf8")));
  expect(acting).toEqual([]);
});

test("banned names are no file or folder names", () => {
  const banned =
    /(?:^|[-/])(?:adapter|provider|connector|manager|service|utils|helpers|common|room)(?:[-./]|$)/;
  expect(sources.filter((file) => banned.test(join(file)))).toEqual([]);
});
