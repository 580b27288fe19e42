import { chmodSync, linkSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toHome } from "../../local/home.ts";
import { makeFolder } from "../../store/sample.fixture.ts";
import { closeHome } from "./close-home.ts";

test("CLOSE-1: what is open in a closed home is closed and named; its owner keeps what he could do", () => {
  const folder = makeFolder();
  const modes = { cache: 0o777, "cache/v24": 0o775, "cache/v24/a": 0o664, "outbox/run.sh": 0o755 };
  mkdirSync(join(folder, "cache", "v24"), { recursive: true });
  mkdirSync(join(folder, "outbox"), { mode: 0o700 });
  writeFileSync(join(folder, "cache", "v24", "a"), "");
  writeFileSync(join(folder, "outbox", "run.sh"), "");
  writeFileSync(join(folder, "private"), "", { mode: 0o600 });
  for (const [path, mode] of Object.entries(modes)) chmodSync(join(folder, path), mode);
  expect(closeHome(toHome(folder)).toSorted()).toEqual(
    Object.keys(modes).map((path) => join(folder, path)),
  );
  const after = { cache: 0o700, "cache/v24": 0o700, "cache/v24/a": 0o600, "outbox/run.sh": 0o700 };
  for (const [path, mode] of Object.entries(after))
    expect([path, modeOf(join(folder, path))]).toEqual([path, mode]);
  expect(closeHome(toHome(folder))).toEqual([]);
});

test("CLOSE-2: a link, and a file that has a second name elsewhere, leave what they stand for alone", () => {
  const base = makeFolder();
  const folder = join(base, "home");
  mkdirSync(join(base, "elsewhere"));
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(base, "elsewhere", "a"), "");
  symlinkSync(join(base, "elsewhere"), join(folder, "link"));
  linkSync(join(base, "elsewhere", "a"), join(folder, "name"));
  for (const path of ["elsewhere", "elsewhere/a"]) chmodSync(join(base, path), 0o755);
  expect(closeHome(toHome(folder))).toEqual([]);
  for (const path of ["elsewhere", "elsewhere/a"]) expect(modeOf(join(base, path))).toBe(0o755);
});

test("a home that is not there, or that others can write, is left as it is", () => {
  const folder = join(makeFolder(), "home");
  expect(closeHome(toHome(folder))).toEqual([]);
  mkdirSync(join(folder, "cache"), { recursive: true });
  chmodSync(folder, 0o777);
  chmodSync(join(folder, "cache"), 0o777);
  expect(() => closeHome(toHome(folder))).toThrow("can be written by other users");
  expect(modeOf(join(folder, "cache"))).toBe(0o777);
});

function modeOf(path: string): number {
  return lstatSync(path).mode & 0o7777;
}
