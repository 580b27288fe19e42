import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import { findGitPlace, readProjectFiles } from "./git-files.ts";
import { NO_PROJECT, toOwnerAndName } from "./project.ts";

const CONFIG = `[core]
	fsmonitor = "touch ran"
[remote "fork"]
	url = git@github.com:ann/app.git
[remote "origin"]
	url = https://github.com/Octo/App.git
`;

function readProject(folder: string) {
  const place = findGitPlace(folder);
  return place === undefined ? NO_PROJECT : readProjectFiles(place);
}

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
  const project = { repository: "octo/app", remotes: ["ann/app"], branch: "feature/x" };
  expect(readProject(folder)).toEqual(project);
  expect(readProject(join(folder, "src", "deep"))).toEqual(project);
});

test("without an origin it is the first remote's; a checkout of no branch has none", () => {
  const config = CONFIG.slice(0, CONFIG.indexOf('[remote "origin"]'));
  const folder = makeRepository(config, "4f2c1e0a\n");
  expect(readProject(folder)).toEqual({ repository: "ann/app", remotes: [], branch: undefined });
});

test("a linked worktree has its own branch and the repository of the main one", () => {
  const main = makeRepository();
  const git = join(main, ".git", "worktrees", "side");
  mkdirSync(git, { recursive: true });
  writeFileSync(join(git, "commondir"), "../..\n");
  writeFileSync(join(git, "HEAD"), "ref: refs/heads/side\n");
  const side = makeFolder();
  writeFileSync(join(side, ".git"), `gitdir: ${git}\n`);
  expect(readProject(side)).toEqual({
    repository: "octo/app",
    remotes: ["ann/app"],
    branch: "side",
  });
});

test("a folder that is no repository, is gone, or cannot be looked at is of no project", () => {
  const folder = makeFolder();
  const loop = join(folder, "loop");
  symlinkSync(loop, loop);
  for (const path of [folder, join(folder, "gone"), loop, "", "not/absolute"])
    expect(readProject(path)).toEqual(NO_PROJECT);
  const nothing = { ...NO_PROJECT, remotes: [] };
  expect(readProject(makeRepository("not a configuration", ""))).toEqual(nothing);
});

test.each([
  ["https://github.com/Octo/App.git", "octo/app"],
  ["git@github.com:octo/app.git", "octo/app"],
  ["ssh://git@host:22/group/sub/app/", "sub/app"],
  ["/srv/git/app.git", "git/app"],
  ["https://ann:token@github.com/octo/app.git", "octo/app"],
  ["https://github.com/octo/app.git//", "octo/app"],
  ["ssh://git@ssh.github.com:443/octo/App.GIT", "octo/app"],
  ["git@github.com:/octo/app", "octo/app"],
  ["gh:octo/app", "octo/app"],
  ["https://github.com/app", undefined],
  ["ssh://git@host:22/app.git", undefined],
  ["https://github.com/oc\u0007to/app", undefined],
  ["app", undefined],
  ["", undefined],
])("the address %s names %s", (address, name) => {
  expect(toOwnerAndName(address)).toBe(name);
});

test.each([
  ["a comment behind the address", '[remote "origin"]\n\turl = https://x.y/octo/app ; mine'],
  ["a comment behind the section", '[remote "origin"] # mine\nurl=https://x.y/octo/app#fork'],
  ["an address in quotes", '[remote "origin"]\nurl = "https://x.y/octo/app" # quoted'],
  ["quotes in the middle, and an escape", '[remote "origin"]\nurl = https://x.y/"octo"/\\"app\\"'],
  ["keys and sections in capitals", '[REMOTE "origin"]\n\tURL = https://x.y/octo/app'],
  ["the section and its key on one line", '[remote "origin"] url = https://x.y/octo/app'],
  ["the old form of a section", "[remote.origin]\nurl = https://x.y/octo/app"],
  ["a value on two lines", '[remote "origin"]\nurl = https://x.y/\\\nocto/app'],
  [
    "a mark at the beginning, and lines of Windows",
    '\uFEFF[remote "origin"]\r\nurl = https://x.y/octo/app\r\n',
  ],
  [
    "an address that is commented out",
    '[remote "origin"]\n#url = https://x.y/other/one\n;url = a/b\nurl = https://x.y/octo/app',
  ],
])("a configuration with %s is read as git does", (what, config) => {
  const name = what.startsWith("quotes") ? 'octo/"app"' : "octo/app";
  expect(
    readProject(makeRepository(`${config}\n[core]\n\turl = https://x.y/no/remote\n`)).repository,
  ).toBe(name);
});

test("a repository with reftable is not called .invalid", () => {
  const config = `[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n${CONFIG}`;
  const folder = makeRepository(config, "ref: refs/heads/.invalid\n");
  expect(readProject(folder)).toEqual({
    repository: "octo/app",
    remotes: ["ann/app"],
    branch: undefined,
  });
});

test("GITFILES-1: pipes, folders and huge files in place of git's are passed over", () => {
  const place = (name: string, make: (path: string) => void): string => {
    const folder = makeRepository();
    rmSync(join(folder, ".git", name), { force: true });
    make(join(folder, ".git", name));
    return folder;
  };
  const pipe = (path: string): void => void execFileSync("mkfifo", [path]);
  const huge = (path: string): void => {
    writeFileSync(path, CONFIG);
    truncateSync(path, 100 * 1024 * 1024);
  };
  for (const folder of [place("config", pipe), place("config", huge), place("config", mkdirSync)])
    expect(readProject(folder)).toEqual({ ...NO_PROJECT, remotes: [], branch: "feature/x" });
  for (const folder of [place("HEAD", pipe), place("HEAD", huge)])
    expect(readProject(folder).branch).toBeUndefined();
  for (const name of ["commondir", "config.worktree"])
    expect(readProject(place(name, pipe)).repository).toBe("octo/app");
  const file = makeFolder();
  execFileSync("mkfifo", [join(file, ".git")]);
  expect(readProject(file)).toEqual(NO_PROJECT);
});
