/** What a git command that only reads would run, in real repositories; and what a look at a folder finds behind links. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { assessCall } from "./assess.ts";
import { realDisk } from "./disk.ts";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "sluice-disk-")));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(cwd: string, ...words: string[]): void {
  const env = { PATH: process.env["PATH"], HOME: root, GIT_CONFIG_NOSYSTEM: "1" };
  const who = ["-c", "user.name=ada", "-c", "user.email=ada@example.org"];
  execFileSync("git", [...who, ...words], { cwd, env, stdio: "pipe" });
}

function makeRepository(path: string): string {
  const folder = join(root, path);
  mkdirSync(folder, { recursive: true });
  git(folder, "init", "-q");
  writeFileSync(join(folder, "a.txt"), "a\n");
  git(folder, "add", "a.txt");
  git(folder, "commit", "-q", "-m", "one");
  return folder;
}

const isTap = async (folder: string, command: string): Promise<boolean> => {
  const scene = { tool: "Bash", input: { command }, cwd: folder, folder };
  return !(await assessCall({ ...scene, projectCommands: [], disk: realDisk })).isRisky;
};

test("git status in a repository that holds another one needs the code, without .gitmodules too", async () => {
  const folder = makeRepository("shop");
  makeRepository("shop/inner");
  expect(await isTap(folder, "git status")).toBe(true);
  git(folder, "add", "inner");
  // The configuration of the inner one could name a program for core.fsmonitor.
  expect(await isTap(folder, "git status")).toBe(false);
});

test("git status in a worktree needs the code where its repository has a hook that it runs", async () => {
  const folder = makeRepository("shop");
  const tree = join(root, "tree");
  git(folder, "worktree", "add", "-q", tree);
  expect(await isTap(tree, "git status")).toBe(true);
  mkdirSync(join(folder, ".git/hooks"), { recursive: true });
  writeFileSync(join(folder, ".git/hooks/post-index-change"), "#!/bin/sh\n", { mode: 0o755 });
  expect(await isTap(tree, "git status")).toBe(false);
  expect(await isTap(folder, "git status")).toBe(false);
});

test("diff of two folders needs the code: it follows a link out of them", async () => {
  const folder = makeRepository("shop");
  for (const one of ["old", "new"]) mkdirSync(join(folder, one));
  writeFileSync(join(root, "outside.txt"), "outside\n");
  symlinkSync(join(root, "outside.txt"), join(folder, "old/b.txt"));
  writeFileSync(join(folder, "new/b.txt"), "");
  expect(await isTap(folder, "diff old new")).toBe(false);
  expect(await isTap(folder, "diff a.txt new/b.txt")).toBe(true);
});

test("a search of git's own folder needs the code, behind a link too", async () => {
  const folder = makeRepository("shop");
  symlinkSync(".git", join(folder, "inside"));
  for (const command of ["rg url .git", "grep -r url .git/logs/..", "rg url inside"])
    expect(await isTap(folder, command)).toBe(false);
});
