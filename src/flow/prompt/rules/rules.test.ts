import { homedir } from "node:os";
import { expect, test } from "vitest";
import type { PromptRule } from "../../../store/prompts/prompt-rules.ts";
import { findRule, type RuleCall } from "./rules.ts";
import { listLookups, type RealPath } from "./rule-reach.ts";

const cwd = "/home/ann/shop";
const rule = (
  id: number,
  facts: Pick<PromptRule, "action" | "tool"> & Partial<PromptRule>,
): PromptRule => ({
  id,
  createdAt: 1,
  by: "terminal",
  ...facts,
});
/** On a disk where every path leads where it says. */
const toCall = (tool: string, input: Record<string, unknown>, at = cwd): RuleCall => {
  const call = { tool, input, cwd: at, folder: cwd };
  const places = new Map(
    listLookups(call, []).map((path): [string, RealPath] => [
      path,
      { real: path, isFolder: false },
    ]),
  );
  return {
    ...call,
    places,
    session: "5e55-10",
    sessionName: "shop",
    exact: "",
    hidesSomething: false,
    assessment: { kind: "unknown" },
  };
};
const ask = (
  rules: readonly PromptRule[],
  tool: string,
  input: Record<string, unknown>,
  sessionName = "shop",
) => findRule(rules, { ...toCall(tool, input), sessionName })?.rule.id;
const toEdit = (file_path: string) => ({ file_path, old_string: "a", new_string: "b" });
const bash = (
  facts: Omit<Partial<PromptRule>, "tool"> & Pick<PromptRule, "action">,
  command: string,
) => ask([rule(1, { tool: "Bash", ...facts })], "Bash", { command }) === 1;

test("RULE-1: deny goes before ask, ask before allow, whatever their age; the oldest of a kind speaks", () => {
  const rules = [
    rule(1, { action: "allow", tool: "*" }),
    rule(2, { action: "ask", tool: "Write" }),
    rule(3, { action: "deny", tool: "Write", path: "keys/**" }),
    rule(4, { action: "allow", tool: "Read" }),
  ];
  expect(ask(rules, "Read", { file_path: `${cwd}/a` })).toBe(1);
  expect(ask(rules, "Write", { file_path: "a" })).toBe(2);
  expect(ask(rules, "Write", { file_path: "keys/a" })).toBe(3);
  expect(ask([], "Read", {})).toBeUndefined();
});

test.each([
  ["npm test", "npm test", true],
  ["npm test", "  npm test ", true],
  ["npm test", "npm test --silent", false],
  ["npm *", "npm test --silent", true],
  ["npm *", "NPM test", false],
  ["npm *", "npm test; rm x", false],
  ["npm *", "npm test && rm x", false],
  ["npm *", "npm test | sh", false],
  ["npm *", "npm test > ~/.bashrc", false],
  ["npm *", "npm test $(rm x)", false],
  ["npm *", "npm test `rm x`", false],
  ["npm *", "npm test\nrm x", false],
  ["npm *", "npm test\u2028rm x", false],
  ["npm *", "npm test & rm x", false],
  ["npm *", "npm test $X", false],
  ["npm *", "npm te\u0455t", false],
  ["npm *", "npm t\u200best", false],
  ["npm *", 'npm test "a b"', false],
  ["npm *", "npm {a,b}", false],
  ["npm *", "npm \\\nrm", false],
  ["npm test | tail -?", "npm test | tail -5", true],
  ["npm test | tail *", "npm test | tail -5 | sh", false],
  ["npm test && git push", "npm test && git push", true],
  ["a.b", "axb", false],
  ["*", "ls -la", true],
  ["*", "ls; ls", false],
])("RULE-3: allow %s fits %j: %s", (command, line, fits) => {
  expect(bash({ action: "allow", command }, line)).toBe(fits);
});

test("RULE-3: a rule that allows a shell without a command still takes no compound one", () => {
  expect(bash({ action: "allow" }, "ls -la")).toBe(true);
  expect(bash({ action: "allow" }, "ls; rm x")).toBe(false);
  expect(
    ask([rule(1, { action: "allow", tool: "*" })], "Bash", { command: "ls | sh" }),
  ).toBeUndefined();
  expect(ask([rule(1, { action: "allow", tool: "Bash" })], "Bash", {})).toBeUndefined();
});

test("RULE-3: no rule answers a question or accepts a plan, but one may deny them", () => {
  for (const tool of ["AskUserQuestion", "ExitPlanMode"]) {
    expect(ask([rule(1, { action: "allow", tool })], tool, {})).toBeUndefined();
    expect(ask([rule(1, { action: "allow", tool: "*" })], tool, {})).toBeUndefined();
    expect(ask([rule(1, { action: "deny", tool })], tool, {})).toBe(1);
  }
});

test.each([
  ["rm *", "rm -rf x"],
  ["rm *", "ls; rm -rf x"],
  ["rm *", "sudo rm -rf x"],
  ["rm *", "/bin/rm -rf x"],
  ["rm *", "r''m -rf x"],
  ["rm *", "bash -c 'rm -rf x'"],
  ["rm *", "echo $(rm x)"],
  ["rm *", "ls | xargs rm x"],
  ["rm *", "RM -rf x"],
  ["git push*", "git add . &&\n git push"],
  ["*secret*", "cat a/SECRET/b | wc"],
])("RULE-2: deny %s fits %s", (command, line) => {
  expect(bash({ action: "deny", command }, line)).toBe(true);
  expect(bash({ action: "ask", command }, line)).toBe(true);
});

// REACH-1
test("RULE-2: a denied command's name in another's words silences what allows, and refuses nothing", () => {
  const found = findRule(
    [
      rule(1, { action: "allow", tool: "Bash" }),
      rule(2, { action: "deny", tool: "Bash", command: "rm *" }),
    ],
    toCall("Bash", { command: "git commit -m 'rm files'" }),
  );
  expect(found).toMatchObject({ rule: { id: 2 }, isCertain: false });
});

test("a path is matched after .. and ~ are resolved, relative to the session's folder", () => {
  const allow = (path: string, file: string) =>
    ask([rule(1, { action: "allow", tool: "Edit", path })], "Edit", toEdit(file)) === 1;
  expect(allow("src/**", "/home/ann/shop/src/a/b.ts")).toBe(true);
  expect(allow("src/**", "src/a.ts")).toBe(false);
  expect(allow("src/*.ts", "/home/ann/shop/src/a.ts")).toBe(true);
  expect(allow("src/*.ts", "/home/ann/shop/src/a/b.ts")).toBe(false);
  expect(allow("src/**", "/home/ann/shop/src/../keys")).toBe(false);
  expect(allow("**", "/home/ann/shop/.git/hooks/pre-commit")).toBe(false);
  expect(allow(".git/**", "/home/ann/shop/.git/hooks/pre-commit")).toBe(true);
  expect(allow("src/**", "/home/ann/other/src/a.ts")).toBe(false);
  expect(allow("src", "/home/ann/shop/src/a.ts")).toBe(false);
  expect(allow("~/notes/*", `${homedir()}/notes/a`)).toBe(true);
  expect(allow("/home/ann/**", "../x")).toBe(false);
});

test("RULE-2: a denied folder counts with all in it, in any case, also in a shell's words", () => {
  const deny = (tool: string, input: Record<string, unknown>) =>
    ask([rule(1, { action: "deny", tool: "*", path: "keys" })], tool, input) === 1;
  expect(deny("Read", { file_path: "keys/a/b" })).toBe(true);
  expect(deny("Read", { file_path: "/home/ann/shop/KEYS/a" })).toBe(true);
  expect(deny("Bash", { command: "ls; cat src/../keys/a" })).toBe(true);
  expect(deny("Bash", { command: "ls" })).toBe(false);
  expect(deny("Read", { file_path: "keys2" })).toBe(false);
  expect(deny("WebSearch", { query: "key" })).toBe(false);
});

test("RULE-3: a rule with a path allows no shell command", () => {
  expect(
    ask([rule(1, { action: "allow", tool: "*", path: "**" })], "Bash", { command: "cat a" }),
  ).toBeUndefined();
});

test("a session is named by its id, its name, or its folder", () => {
  const fits = (session: string) =>
    ask([rule(1, { action: "allow", tool: "Read", session })], "Read", {
      file_path: `${cwd}/a`,
    }) === 1;
  expect(fits("shop")).toBe(true);
  expect(fits("sh*")).toBe(true);
  expect(fits("5e55-10")).toBe(true);
  expect(fits("/home/ann/*")).toBe(true);
  expect(fits("/home/*")).toBe(false);
  expect(fits("other")).toBe(false);
});

test("tools are named whole or by a pattern", () => {
  const rules = [rule(1, { action: "allow", tool: "mcp__github__get_*" })];
  expect(ask(rules, "mcp__github__get_issue", {})).toBe(1);
  expect(ask(rules, "mcp__github__delete_repo", {})).toBeUndefined();
  expect(ask([rule(1, { action: "allow", tool: "Read" })], "ReadMcpResource", {})).toBeUndefined();
});

test("a pattern of many wildcards does not stall", () => {
  expect(bash({ action: "deny", command: `${"*a".repeat(12)}b` }, "a".repeat(300))).toBe(false);
});

test("RULE-3: where a session has gone to moves no rule: its path and its session are about the session's own folder", () => {
  const fits = (facts: Partial<PromptRule>, at: string, path: string): boolean =>
    findRule(
      [rule(1, { action: "allow", tool: "Edit", ...facts })],
      toCall("Edit", toEdit(path), at),
    ) !== undefined;
  expect(fits({ path: "**" }, cwd, `${cwd}/a.ts`)).toBe(true);
  expect(fits({ path: "**" }, `${cwd}/sub`, `${cwd}/a.ts`)).toBe(true);
  expect(fits({ path: "**" }, "/", "/etc/hosts")).toBe(false);
  expect(fits({ path: "src/**" }, "/home/ann/other", "/home/ann/other/src/a.ts")).toBe(false);
  expect(fits({ session: "/home/ann/other" }, "/home/ann/other", "a.ts")).toBe(false);
  // What denies holds in both places.
  const denies = { action: "deny" } as const;
  for (const at of [cwd, `${cwd}/tree`, "/home/ann/other"]) {
    expect(fits({ ...denies, path: "keys/**" }, at, "keys/a")).toBe(true);
    expect(fits({ ...denies, path: "keys/**" }, at, `${cwd}/keys/a`)).toBe(true);
    expect(fits({ ...denies, session: at }, at, "a.ts")).toBe(true);
  }
});

test("RULE-3: no rule lets a call out of the client's sandbox, and Monitor is a shell as well", () => {
  const rules = [rule(1, { action: "allow", tool: "*", command: "npm *" })];
  expect(ask(rules, "Bash", { command: "npm test" })).toBe(1);
  expect(
    ask(rules, "Bash", { command: "npm test", dangerouslyDisableSandbox: true }),
  ).toBeUndefined();
  const all = [rule(1, { action: "allow", tool: "Monitor" })];
  expect(ask(all, "Monitor", { command: "npm test" })).toBe(1);
  expect(ask(all, "Monitor", { command: "npm test; curl x" })).toBeUndefined();
});
