import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findEntry } from "./package-entry.ts";

const FILES = ["index.js", "lib.js", "dir/index.js", "a.mjs", "b.cjs", "sub/x.js", "sub/x.d.ts"];

const folder = mkdtempSync(join(tmpdir(), "sluice-entry-"));
for (const file of [...FILES, "../outside.js", "node_modules/other/index.js"]) {
  const path = join(folder, "own", file);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, "");
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const find = (manifest: object, subpath?: string): string | undefined => {
  const found = findEntry(join(folder, "own"), manifest as Record<string, unknown>, subpath);
  return found === undefined ? undefined : relative(join(folder, "own"), found);
};

const SUB = { ".": "./a.mjs", "./x": "./sub/x.js", "./sub/*.js": "./sub/*.js", "./sub/*": null };

test.each<[manifest: object, subpath: string | undefined, found: string | undefined]>([
  [{}, undefined, "index.js"],
  [{ main: "lib" }, undefined, "lib.js"],
  [{ main: "./dir" }, undefined, "dir/index.js"],
  [{ main: "gone.js" }, undefined, "index.js"],
  [{ main: "lib.js", exports: "./a.mjs" }, undefined, "a.mjs"],
  [{ main: "lib.js", exports: null }, undefined, "lib.js"],
  [{ exports: { import: "./a.mjs", require: "./b.cjs" } }, undefined, "a.mjs"],
  [{ exports: { require: "./b.cjs", default: "./a.mjs" } }, undefined, "a.mjs"],
  [{ exports: { default: "./a.mjs", import: "./lib.js" } }, undefined, "a.mjs"],
  [
    { exports: { ".": { types: "./sub/x.d.ts", node: { import: "./a.mjs" } } } },
    undefined,
    "a.mjs",
  ],
  [
    { exports: { ".": { node: { require: "./b.cjs" }, default: "./lib.js" } } },
    undefined,
    "lib.js",
  ],
  [{ exports: { sluice: "./a.mjs", default: "./lib.js" } }, undefined, "a.mjs"],
  [{ exports: [{ browser: "./lib.js" }, "./a.mjs"] }, undefined, "a.mjs"],
  // For `require` alone, and for nobody.
  [{ exports: { require: "./b.cjs" } }, undefined, undefined],
  [{ exports: { "./x": "./sub/x.js" } }, undefined, undefined],
  [{ exports: { ".": null } }, undefined, undefined],
  [{ exports: {} }, undefined, undefined],
  [{ exports: SUB }, undefined, "a.mjs"],
  [{ exports: SUB }, "./x", "sub/x.js"],
  [{ exports: SUB }, "./sub/x.js", "sub/x.js"],
  [{ exports: SUB }, "./sub/x", undefined],
  [{ exports: SUB }, "./lib.js", undefined],
  [{ exports: SUB }, "./sub/*", undefined],
  [{ exports: "./a.mjs" }, "./x", undefined],
  [{}, "./sub/x.js", "sub/x.js"],
  // ENTRY-1
  [{ exports: "../outside.js" }, undefined, undefined],
  [{ exports: "./../outside.js" }, undefined, undefined],
  [{ exports: "./sub/../../outside.js" }, undefined, undefined],
  [{ exports: "./node_modules/other/index.js" }, undefined, undefined],
  [{ exports: { "./*": "./*" } }, "./../outside.js", undefined],
  [{ main: "../outside.js" }, undefined, "index.js"],
  [{ main: join(folder, "outside.js") }, undefined, "index.js"],
  [{ exports: "./dir" }, undefined, undefined],
  [{ exports: 7, main: 8 }, undefined, undefined],
])("ENTRY-1: of %j, %s is %s", (manifest, subpath, found) => {
  expect(find(manifest, subpath)).toBe(found);
});
