import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { CliStage } from "../run-cli.fixture.ts";

const stage = new CliStage();
afterAll(() => stage[Symbol.asyncDispose]());

function readRoutes(): unknown {
  const config: unknown = JSON.parse(readFileSync(join(stage.home, "config.json"), "utf8"));
  return (config as { routes?: unknown }).routes;
}

test("rules are added, listed, kept in config.json and removed", async () => {
  expect(await stage.run(["route"])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("no rules"),
  });
  const events = ["--repository", "Octo/Api", "--branch", "release/*"];
  const added = await stage.run(["route", "add", ...events, "--to-folder", "/srv/api", "--json"]);
  const rule = { id: 1, repository: "octo/api", branch: "release/*", to: { cwd: "/srv/api" } };
  expect(JSON.parse(added.stdout)).toEqual(rule);
  expect(readRoutes()).toEqual([rule]);
  expect(await stage.run(["route", "add", "--channel", "ci", "--to", "on call"])).toMatchObject({
    stdout: "rule 2: events of channel ci go to session on call\n",
    stderr: expect.stringContaining('no channel "ci" yet'),
  });
  const list = await stage.run(["route", "list", "--json"]);
  expect(list.stdout.trim().split("\n").length).toBe(2);
  // No shell has expanded it.
  const tilde = ["route", "add", "--label", "x", "--to-folder=~/work", "--json"];
  expect((await stage.run(tilde)).stdout).toContain(JSON.stringify(join(stage.folder, "work")));
  expect((await stage.run(["route", "remove", "1"])).stdout).toContain("removed rule 1");
  expect((await stage.run(["route"])).stdout).toMatch(/2 +channel ci +session on call/);
  expect(await stage.run(["route", "remove", "1"])).toMatchObject({ code: 1 });
});

test.each([
  [["route", "add", "--channel", "ci"], "name one target"],
  [["route", "add", "--to", "x"], "say which events"],
  [["route", "add", "--channel", "ci", "--to", "x", "--to-folder", "/y"], "name one target"],
  [["route", "remove"], "by its id"],
  [["route", "list", "--channel", "ci"], "belong to"],
  [["watch", "--entity", "x"], "name a channel"],
  [["watch", "ci", "--until", "never"], "not one of"],
  [["watch", "ci"], "no session is open"],
  [["unwatch", "3", "--entity", "x"], "an id already names the subscription"],
  [["sessions", "label", "x"], "its new label"],
  [["sessions", "rename"], "not understood"],
])("%j is wrong use, said in one sentence", async (args, expected) => {
  const ended = await stage.run(args);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain(expected);
});

test("what names no session is not found", async () => {
  await stage.run(["add", "webhook", "--name", "ci"]);
  for (const args of [
    ["watch", "ci", "--session", "nobody"],
    ["emit", "ci", "hello", "--session", "nobody"],
    ["sessions", "label", "nobody", "x"],
    ["unwatch", "ci"],
    ["doctor", "--probe", "--session", "nobody"],
  ]) {
    const ended = await stage.run(args);
    expect([args[0], ended.code]).toEqual([args[0], 1]);
  }
  expect((await stage.run(["inbox", "--json"])).stdout).toBe("");
});
