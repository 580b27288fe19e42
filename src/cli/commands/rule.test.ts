import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { AuditView } from "../../api/wire/access-wire.ts";
import type { RuleView } from "../../api/wire/rule-wire.ts";
import { DEFAULT_PROJECT_COMMANDS } from "../../flow/prompt/risk/project-commands.ts";
import { toDefaultConfig } from "../../hub/settings/config.ts";
import { CliStage } from "../run-cli.fixture.ts";
import { HAS_TERMINALS, type } from "../type-cli.fixture.ts";

const stage = new CliStage();
const SESSION = { env: { CLAUDECODE: "1", CLAUDE_CODE_ENTRYPOINT: "cli" } };
afterAll(() => stage[Symbol.asyncDispose]());

const readRules = async (): Promise<RuleView[]> =>
  (await stage.run(["rule", "--json"])).stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as RuleView);

const inTerminals = test.runIf(HAS_TERMINALS);

// CALLER-1
test("a rule that allows is taken from no session and no script; one that denies is", async () => {
  const words = ["rule", "add", "allow", "Bash", "--command", "npm test *"];
  for (const options of [SESSION, {}]) {
    const refused = await stage.run(words, options);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("by a person at a terminal only");
  }
  expect(await readRules()).toEqual([]);
  const denied = await stage.run(["rule", "add", "deny", "*", "--path", "~/.ssh/**"], SESSION);
  expect(denied).toMatchObject({ code: 0, stdout: "rule 1: deny *, path ~/.ssh/**\n" });
  expect(await readRules()).toMatchObject([
    { id: 1, action: "deny", tool: "*", path: "~/.ssh/**", by: expect.stringContaining("session") },
  ]);
});

test("what a session cannot give itself it cannot take away either: a rule that denies stays", async () => {
  const refused = await stage.run(["rule", "remove", "1"], SESSION);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("a rule that denies is removed by a person");
  expect(await readRules()).toHaveLength(1);
});

inTerminals("a person at a terminal adds and removes rules, and the audit says so", async () => {
  const added = await type(stage, ["rule", "add", "allow", "Bash", "--command", "npm test *"]);
  expect(added.screen).toContain("rule 2: allow Bash, command npm test *");
  const broad = await type(stage, ["rule", "add", "allow", "Bash"]);
  expect(broad.screen).toContain("allows every shell command of plain words");
  expect((await type(stage, ["rule", "remove", "1"])).screen).toContain("removed rule 1: deny *");
  // What allows less is anybody's to do.
  expect((await stage.run(["rule", "remove", "3"], SESSION)).code).toBe(0);
  const list = await stage.run(["rule", "list"]);
  expect(list.stdout).toContain("npm test *");
  const log = JSON.parse((await stage.run(["access", "log", "--json"])).stdout) as AuditView[];
  expect(log.map(({ action }) => action)).toEqual([
    "rule-remove",
    "rule-remove",
    "rule-add",
    "rule-add",
    "rule-add",
  ]);
  expect(log[2]?.detail).toBe("rule 3: allow Bash");
  // Who can look like a person at a terminal cannot do it unheard.
  const logs = join(stage.home, "log");
  const text = readdirSync(logs)
    .map((name) => readFileSync(join(logs, name), "utf8"))
    .join("");
  for (const notice of [
    "a rule that allows was added: rule 2: allow Bash, command npm test *",
    "a rule that denies was removed: rule 1",
  ])
    expect(text).toContain(notice);
});

test("a rule is explained: what it covers, since when, by whom, and what not", async () => {
  const added = await stage.run([
    "rule",
    "add",
    "deny",
    "Bash",
    "--command",
    "git push *",
    "--json",
  ]);
  const { id } = JSON.parse(added.stdout) as { id: number };
  const { code, stdout } = await stage.run(["rule", "explain", String(id)]);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^rule ${id}: deny Bash\n`));
  for (const said of [
    "covers   calls of Bash of which the command fits git push *; read widely",
    "not      what the client allows by its own settings",
    "until    it is removed",
  ])
    expect(stdout).toContain(said);
  expect(stdout).toMatch(/since {4}\d{4}-\d\d-\d\d \d\d:\d\d \(.*\), by /);
  const json = await stage.run(["rule", "explain", String(id), "--json"]);
  expect(JSON.parse(json.stdout)).toMatchObject({
    id,
    command: "git push *",
    explanation: expect.arrayContaining([{ label: "covers", value: expect.any(String) }]),
  });
});

test("the commands of projects that one tap allows are listed: the default ones, or the owner's own", async () => {
  const list = async () => {
    const { stdout } = await stage.run(["rule", "commands", "--json"]);
    return JSON.parse(stdout) as { commands: string[]; isDefault: boolean };
  };
  expect(await list()).toEqual({ commands: DEFAULT_PROJECT_COMMANDS, isDefault: true });
  expect((await stage.run(["rule", "commands"])).stdout).toContain("npm test\n");
  const config = join(stage.home, "config.json");
  const set = (prompts: object): void =>
    writeFileSync(config, JSON.stringify({ ...toDefaultConfig(), prompts }), { mode: 0o600 });
  set({ projectCommands: ["just check"] });
  expect(await list()).toEqual({ commands: ["just check"], isDefault: false });
  set({ projectCommands: ["just check && rm -rf x"] });
  const wrong = await stage.run(["rule", "commands"]);
  expect(wrong.code).not.toBe(0);
  expect(wrong.stderr).toContain("prompts.projectCommands[0]");
  rmSync(config);
});

test.each([
  [["rule", "add", "permit", "Bash"], "allow|ask|deny"],
  [["rule", "add", "deny"], "allow|ask|deny"],
  [["rule", "add", "deny", "Bash", "Read"], "allow|ask|deny"],
  [["rule", "remove", "x"], "sluice rule remove <n>"],
  [["rule", "explain"], "sluice rule explain <n>"],
  [["rule", "commands", "npm"], "list, explain, add, remove or commands"],
  [["rule", "drop"], "list, explain, add, remove or commands"],
  [["rule", "list", "--path", "a"], "belong to"],
  [["away", "maybe"], "on, off or auto"],
  [["answer", "abcde", "perhaps"], 'takes deny, not "perhaps"'],
])("wrong use of %j says what is right", async (words, hint) => {
  const ended = await stage.run(words);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain(hint);
});

test("hidden characters, and a rule that is not there, are refused", async () => {
  const hidden = await stage.run(["rule", "add", "deny", "Ba\u200Bsh"]);
  expect(hidden.code).not.toBe(0);
  expect(hidden.stderr).toContain("hidden characters");
  const gone = await stage.run(["rule", "remove", "99"]);
  expect(gone.stderr).toContain("no rule 99");
  const unknown = await stage.run(["rule", "explain", "99"]);
  expect(unknown.code).not.toBe(0);
  expect(unknown.stderr).toContain("no rule 99");
});

test("the command line says where allowing is done, and that nothing waits", async () => {
  const allowed = await stage.run(["answer", "abcde", "allow"]);
  expect(allowed.code).toBe(1);
  expect(allowed.stderr).toContain("sluice open");
  const unknown = await stage.run(["answer", "abcde", "deny"]);
  expect(unknown).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("no prompt abcde waits"),
  });
  expect(await stage.run(["prompts"])).toMatchObject({
    code: 0,
    stdout: "nothing waits for an answer\n",
  });
  expect(await stage.run(["prompts", "--all", "--json"])).toMatchObject({ code: 0, stdout: "" });
  expect((await stage.run(["prompts", "zzzzz"])).stderr).toContain("no prompt zzzzz");
});

test("away is shown and set, also by a script", async () => {
  expect((await stage.run(["away"])).stdout).toContain("at desk (auto)");
  const set = await stage.run(["away", "on"]);
  expect(set.stdout).toContain("away (on, set by ");
  expect(JSON.parse((await stage.run(["away", "off", "--json"])).stdout)).toMatchObject({
    mode: "off",
    isAway: false,
  });
});
