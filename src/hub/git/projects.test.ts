import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Project } from "../../flow/lanes/contract.ts";
import { systemClock } from "../../sdk/clock.ts";
import { makeFolder } from "../../store/sample.fixture.ts";
import { Projects } from "./projects.ts";

/** A user of their own, so that nobody's configuration counts but the test's. */
function makeUser(config = ""): Record<string, string> {
  const home = makeFolder();
  writeFileSync(join(home, ".gitconfig"), `[init]\n\tdefaultBranch = main\n${config}`);
  return { PATH: process.env["PATH"] ?? "", HOME: home, GIT_CONFIG_NOSYSTEM: "1" };
}

function git(folder: string, env: Record<string, string>, ...args: string[]): string {
  const who = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "protocol.file.allow=always"];
  return execFileSync("git", [...who, ...args], { cwd: folder, env, encoding: "utf8" });
}

function makeRepository(env: Record<string, string>, ...remotes: [string, string][]): string {
  const folder = makeFolder();
  git(folder, env, "init", "--quiet");
  for (const [name, url] of remotes) git(folder, env, "remote", "add", name, url);
  return folder;
}

function open(env: Record<string, string>): Projects {
  const projects = new Projects(env, systemClock);
  onTestFinished(() => projects.close());
  return projects;
}

/** What git has answered. */
function find(projects: Projects, folder: string): Promise<Project> {
  return new Promise((resolve) => {
    projects.read(folder, resolve);
  });
}

test("insteadOf, the user's own too, is applied as git does", async () => {
  const env = makeUser('[url "https://github.com/octo/"]\n\tinsteadOf = work:\n');
  const folder = makeRepository(env, ["origin", "work:app.git"], ["mirror", "m:app"]);
  git(folder, env, "config", "url.git@gitlab.com:mirrors/.INSTEADOF", "m:");
  expect(await find(open(env), folder)).toEqual({
    repository: "octo/app",
    remotes: ["mirrors/app"],
    branch: "main",
  });
});

test("include, includeIf and a worktree's own configuration are followed", async () => {
  const env = makeUser();
  const folder = makeRepository(env);
  const more = join(folder, "more.inc");
  writeFileSync(more, '[Remote "origin"]\n\tURL = "https://github.com/Octo/App" ; ours\n');
  const side = join(folder, "side.inc");
  writeFileSync(side, '[remote "side"]\n\turl = https://github.com/octo/side\n');
  git(folder, env, "config", "include.path", more);
  git(folder, env, "config", "includeIf.onbranch:topic/**.path", side);
  expect(await find(open(env), folder)).toMatchObject({ repository: "octo/app", remotes: [] });
  git(folder, env, "symbolic-ref", "HEAD", "refs/heads/topic/x");
  expect(await find(open(env), folder)).toEqual({
    repository: "octo/app",
    remotes: ["octo/side"],
    branch: "topic/x",
  });
});

test("linked worktrees and submodules are their own repository and branch", async () => {
  const env = makeUser();
  const inner = makeRepository(env);
  git(inner, env, "commit", "--quiet", "--allow-empty", "-m", "x");
  const folder = makeRepository(env, ["origin", "https://github.com/octo/app"]);
  git(folder, env, "submodule", "--quiet", "add", inner, "part");
  git(folder, env, "commit", "--quiet", "-m", "x");
  git(join(folder, "part"), env, "remote", "set-url", "origin", "git@x.y:octo/part.git");
  const side = join(makeFolder(), "side");
  git(folder, env, "worktree", "add", "--quiet", "-b", "side", side);
  mkdirSync(join(side, "deep"));
  const projects = open(env);
  expect(await find(projects, join(folder, "part"))).toMatchObject({ repository: "octo/part" });
  expect(await find(projects, join(side, "deep"))).toMatchObject({
    repository: "octo/app",
    branch: "side",
  });
});

test("a checkout of a fork names its upstream too, and where it pushes", async () => {
  const env = makeUser();
  const folder = makeRepository(
    env,
    ["upstream", "https://github.com/octo/app"],
    ["origin", "git@github.com:ann/app.git"],
  );
  git(folder, env, "config", "remote.upstream.pushurl", "git@github.com:bot/app.git");
  expect(await find(open(env), folder)).toMatchObject({
    repository: "ann/app",
    remotes: ["octo/app", "bot/app"],
  });
});

test("PROJECTS-1: what git's files say is there at once; what git says is kept until something changes", async () => {
  const env = makeUser();
  const folder = makeRepository(env, ["origin", "https://github.com/octo/app"]);
  const projects = open(env);
  let answers = 0;
  const read = (): Project => projects.read(folder, () => answers++);
  const known = { repository: "octo/app", remotes: [], branch: "main" };
  expect(read()).toEqual(known);
  await expect.poll(() => answers).toBe(1);
  expect(read()).toEqual(known);
  git(folder, env, "symbolic-ref", "HEAD", "refs/heads/next");
  expect(await find(projects, folder)).toEqual({ ...known, branch: "next" });
  expect(read()).toEqual({ ...known, branch: "next" });
  expect(answers).toBe(1);
});

test("without git, or where git refuses, its files are read as text", async () => {
  const env = makeUser();
  const folder = makeRepository(env, ["origin", "https://github.com/octo/app"]);
  const known = { repository: "octo/app", remotes: [], branch: "main" };
  expect(await find(open({ ...env, PATH: "" }), folder)).toEqual(known);
  git(folder, env, "config", "core.repositoryFormatVersion", "1");
  git(folder, env, "config", "extensions.ofTheFuture", "true");
  expect(await find(open(env), folder)).toEqual(known);
});

test("variables of another repository, and a git that a project has brought, do not count", async () => {
  const env = makeUser();
  const folder = makeRepository(env, ["origin", "https://github.com/octo/app"]);
  const other = makeRepository(env, ["origin", "https://github.com/not/this"]);
  const mark = join(makeFolder(), "ran");
  const places = [join(folder, "bin"), join(makeFolder(), "node_modules", ".bin")];
  for (const place of places) {
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "git"), `#!/bin/sh\ntouch "${mark}"\n`);
    chmodSync(join(place, "git"), 0o755);
  }
  const hostile = {
    ...env,
    PATH: ["bin", ".", "", ...places, env["PATH"]].join(":"),
    GIT_DIR: join(other, ".git"),
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "remote.origin.url",
    GIT_CONFIG_VALUE_0: "https://github.com/not/this",
    GIT_TRACE: mark,
  };
  expect(await find(open(hostile), folder)).toMatchObject({ repository: "octo/app" });
  expect(existsSync(mark)).toBe(false);
});

test("ASKGIT-1: a hostile repository runs nothing", async () => {
  const env = makeUser();
  const folder = makeRepository(env, ["origin", "ext::sh -c touch% ran"]);
  appendFileSync(
    join(folder, ".git", "config"),
    `[remote "-x"]
	url = ssh://-oProxyCommand=x/a/b
`,
  );
  const ran = makeFolder();
  const run = join(makeFolder(), "run");
  writeFileSync(run, `#!/bin/sh\ntouch "${ran}/$(basename "$0")-$$"\n`);
  chmodSync(run, 0o755);
  const hooks = join(folder, ".git", "hooks");
  mkdirSync(hooks, { recursive: true });
  for (const hook of [
    "reference-transaction",
    "post-checkout",
    "post-index-change",
    "fsmonitor-watchman",
  ]) {
    writeFileSync(join(hooks, hook), `#!/bin/sh\ntouch "${ran}/${hook}"\n`);
    chmodSync(join(hooks, hook), 0o755);
  }
  writeFileSync(join(folder, ".gitattributes"), "* filter=x diff=x merge=x\n");
  const programs = [
    "core.fsmonitor",
    "core.sshCommand",
    "core.editor",
    "core.pager",
    "core.askPass",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "core.hooksPath",
    "pager.config",
    "pager.ls-remote",
    "credential.helper",
    "diff.external",
    "diff.x.textconv",
    "filter.x.clean",
    "filter.x.process",
    "gpg.program",
    "interactive.diffFilter",
    "remote.origin.uploadpack",
    "remote.origin.proxy",
    "trace2.eventTarget",
    "uploadpack.packObjectsHook",
  ];
  for (const key of programs) git(folder, env, "config", key, run);
  for (const name of ["config", "symbolic-ref", "ls-remote", "remote"])
    git(folder, env, "config", `alias.${name}`, `!${run}`);
  git(folder, env, "config", "remote.origin.vcs", "evil");
  git(folder, env, "config", "url.ext::sh -c %S.insteadOf", "ext:");
  git(folder, env, "config", "remote.upstream.url", "https://github.com/octo/app");
  const { remotes = [], repository } = await find(open(env), folder);
  expect([repository, ...remotes]).toContain("octo/app");
  expect(readdirSync(ran)).toEqual([]);
  expect(existsSync(join(folder, "ran"))).toBe(false);
  // The markers are real: an ordinary command of git leaves one.
  git(folder, env, "status");
  expect(readdirSync(ran)).not.toEqual([]);
});

test("ASKGIT-2: a configuration that includes a pipe or 100 MB holds nothing up, and ends with what the files say", async () => {
  const env = makeUser();
  const pipe = join(makeFolder(), "pipe");
  execFileSync("mkfifo", [pipe]);
  const huge = join(makeFolder(), "huge");
  writeFileSync(huge, "");
  truncateSync(huge, 100 * 1024 * 1024);
  const many = join(makeFolder(), "many");
  writeFileSync(
    many,
    Array.from(
      { length: 20_000 },
      (_, n) => `[remote "r${n}"]\nurl = https://x.y/many/r${n}\n`,
    ).join(""),
  );
  const projects = open(env);
  const folders = [pipe, huge, many].map((path) => {
    const folder = makeRepository(env, ["origin", "https://github.com/octo/app"]);
    git(folder, env, "config", "include.path", path);
    return folder;
  });
  const own = makeRepository(env, ["origin", "https://github.com/octo/own"]);
  appendFileSync(join(own, ".git", "config"), `#${"x".repeat(99)}\n`.repeat(1_000_000));
  const answers = [];
  for (const folder of folders) {
    let turned = false;
    setImmediate(() => (turned = true));
    expect(projects.read(folder, () => {}).repository).toBe("octo/app");
    answers.push(find(projects, folder));
    // The call itself has waited for nothing.
    expect(turned).toBe(false);
  }
  expect(projects.read(own, () => {})).toEqual({ repository: undefined, branch: undefined });
  for (const answer of await Promise.all(answers)) expect(answer.repository).toBe("octo/app");
});

test("a folder behind a link is of the repository that it really stands in", async () => {
  const env = makeUser();
  const folder = makeRepository(env, ["origin", "https://github.com/octo/app"]);
  mkdirSync(join(folder, "sub"));
  const link = join(makeFolder(), "link");
  symlinkSync(join(folder, "sub"), link);
  expect(await find(open(env), link)).toMatchObject({ repository: "octo/app", branch: "main" });
});

test("of many remotes none is lost where addresses are rewritten", async () => {
  const env = makeUser('[url "https://github.com/"]\n\tinsteadOf = gh:\n');
  const names = Array.from({ length: 12 }, (_, n) => `r${n}`);
  const folder = makeRepository(
    env,
    ...names.map((name): [string, string] => [name, `gh:octo/${name}`]),
    ["origin", "gh:ann/app"],
  );
  const { repository, remotes } = await find(open(env), folder);
  expect([repository, remotes]).toEqual(["ann/app", names.map((name) => `octo/${name}`)]);
});

test("names in any script are kept, and a repository that is another user's is read as text", async () => {
  const env = makeUser();
  const folder = makeRepository(env, ["origin", "https://github.com/Öcto/日本"]);
  git(folder, env, "symbolic-ref", "HEAD", "refs/heads/ünï/日本");
  const known = { repository: "öcto/日本", remotes: [], branch: "ünï/日本" };
  expect(await find(open(env), folder)).toEqual(known);
  // As git says it of another user's: it answers nothing.
  expect(await find(open({ ...env, GIT_CONFIG_GLOBAL: folder }), folder)).toEqual(known);
});
