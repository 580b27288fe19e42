import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../store/sample.fixture.ts";
import { readProject, toOwnerAndName } from "./repository.ts";

const CONFIG = `[core]
	fsmonitor = "touch ran"
[remote "fork"]
	url = git@github.com:ann/app.git
[remote "origin"]
	url = https://github.com/Octo/App.git
`;

function makeRepository(config = CONFIG, head = "ref: refs/heads/feature/x\n"): string {
  const folder = makeFolder();
  mkdirSync(join(folder, ".git"));
  writeFileSync(join(folder, ".git", "config"), config);
  writeFileSync(join(folder, ".git", "HEAD"), head);
  return folder;
}

test("a project is the repository of its origin, from any folder inside", () => {
  const folder = makeRepository();
  mkdirSync(join(folder, "src", "deep"), { recursive: true });
  const project = { repository: "octo/app", branch: "feature/x" };
  expect(readProject(folder)).toEqual(project);
  expect(readProject(join(folder, "src", "deep"))).toEqual(project);
});

test("without an origin it is the first remote's; a checkout of no branch has none", () => {
  const config = CONFIG.slice(0, CONFIG.indexOf('[remote "origin"]'));
  const folder = makeRepository(config, "4f2c1e0a\n");
  expect(readProject(folder)).toEqual({ repository: "ann/app", branch: undefined });
});

test("a linked worktree has its own branch and the repository of the main one", () => {
  const main = makeRepository();
  const git = join(main, ".git", "worktrees", "side");
  mkdirSync(git, { recursive: true });
  writeFileSync(join(git, "commondir"), "../..\n");
  writeFileSync(join(git, "HEAD"), "ref: refs/heads/side\n");
  const side = makeFolder();
  writeFileSync(join(side, ".git"), `gitdir: ${git}\n`);
  expect(readProject(side)).toEqual({ repository: "octo/app", branch: "side" });
});

test("a folder that is no repository, is gone, or cannot be looked at is of no project", () => {
  const none = { repository: undefined, branch: undefined };
  const folder = makeFolder();
  const loop = join(folder, "loop");
  symlinkSync(loop, loop);
  for (const path of [folder, join(folder, "gone"), loop, "", "not/absolute"])
    expect(readProject(path)).toEqual(none);
  expect(readProject(makeRepository("not a configuration", ""))).toEqual(none);
});

test.each([
  ["https://github.com/Octo/App.git", "octo/app"],
  ["git@github.com:octo/app.git", "octo/app"],
  ["ssh://git@host:22/group/sub/app/", "sub/app"],
  ["/srv/git/app.git", "git/app"],
  ["app", undefined],
  ["", undefined],
])("the address %s names %s", (address, name) => {
  expect(toOwnerAndName(address)).toBe(name);
});
