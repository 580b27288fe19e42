import { expect, test } from "vitest";
import { parseSpec } from "./npm.ts";

test.each([
  ["name", "name", "latest", "."],
  ["@s/name", "@s/name", "latest", "."],
  ["name@1.2.3", "name", "1.2.3", "."],
  ["name@^1 || 2", "name", "^1 || 2", "."],
  ["name/channel", "name", "latest", "./channel"],
  ["@s/name@1.0.0/sub/path.js", "@s/name", "1.0.0", "./sub/path.js"],
])("npm:%s is a package, a version and a door of it", (spec, name, version, subpath) => {
  expect(parseSpec(spec)).toEqual({ name, version, subpath });
});

test.each([
  "",
  "@s",
  "./x",
  "../x",
  "-x",
  "--force",
  "a//b",
  "Name@1",
  "name@",
  "name@-x",
  "name@1.0.0/",
  "name/../x",
  "name@1.0.0/./x",
  "name@1/..%2fx",
  "name@1/a b",
  "name@file:/etc",
  "name@npm:other@1",
  "name@git+ssh://x/y",
  "https://x/y.tgz",
  "name@1.0.0\n",
])("npm:%s is refused before anything is asked of a registry", (spec) => {
  expect(() => parseSpec(spec)).toThrow(/names no package|is no version|is no door/);
});
