import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../store/sample.fixture.ts";
import { type AccountFiles, hasAccessList, isPrivateGroup } from "./private-group.ts";

const ADA = "ada:x:1000:1000:Ada,,,:/home/ada:/bin/bash";
const BOB = "bob:x:1001:1001::/home/bob:/bin/sh";
const ROOT = "root:x:0:0:root:/root:/bin/bash";

test.each([
  ["the usual: a group of the user's own", [ROOT, ADA, BOB], ["ada:x:1000:"], true],
  ["the user stands in it by name, and root does", [ROOT, ADA], ["ada:x:1000:ada,root"], true],
  ["another user stands in it by name", [ROOT, ADA, BOB], ["ada:x:1000:ada,bob"], false],
  ["somebody of whom only a name is known stands in it", [ADA], ["ada:x:1000:eve"], false],
  ["it is another user's primary group", [ADA, "c:x:1002:1000::/:/"], ["ada:x:1000:"], false],
  ["a second name of the group has a member", [ADA], ["ada:x:1000:", "dev:x:1000:bob"], false],
  ["a second name of the user", [ADA, "countess:x:1000:1000::/:/"], ["ada:x:1000:countess"], true],
  ["the group is in no local file", [ADA], ["adm:x:4:"], false],
  ["the user is in no local file", [BOB], ["ada:x:1000:"], false],
  ["it is not the user's primary group", ["ada:x:1000:100::/:/"], ["ada:x:1000:"], false],
  ["accounts come from elsewhere, too (NIS)", [ADA, "+::::::"], ["ada:x:1000:"], false],
  ["groups come from elsewhere, too (NIS)", [ADA], ["ada:x:1000:", "+:::"], false],
  ["a member without an id is not root", [ADA, "eve:x:::::"], ["ada:x:1000:eve"], false],
])("whether a group is the user's alone: %s", (_, passwd, group, isPrivate) => {
  expect(isPrivateGroup(1000, 1000, write(passwd, group))).toBe(isPrivate);
});

test("GROUP-1: without the files nothing is known", () => {
  expect(isPrivateGroup(1000, 1000, { passwd: "/nonexistent", group: "/nonexistent" })).toBe(false);
});

test("a folder without an access list has none; GROUP-1: where that cannot be said, it may have one", () => {
  const folder = join(makeFolder(), "a folder");
  mkdirSync(folder);
  expect(hasAccessList(folder)).toBe(false);
  expect(hasAccessList(join(folder, "gone"))).toBe(true);
});

test("a user who was let in by name is seen", ({ skip }) => {
  const folder = makeFolder();
  try {
    execFileSync("setfacl", ["-m", "u:65534:rwx", folder], { stdio: "ignore" });
  } catch {
    return skip("no setfacl, or a disk without access lists");
  }
  expect(hasAccessList(folder)).toBe(true);
});

function write(passwd: readonly string[], group: readonly string[]): AccountFiles {
  const folder = makeFolder();
  const files = { passwd: join(folder, "passwd"), group: join(folder, "group") };
  writeFileSync(files.passwd, `# accounts\n${passwd.join("\n")}\n`);
  writeFileSync(files.group, `${group.join("\n")}\n`);
  return files;
}
