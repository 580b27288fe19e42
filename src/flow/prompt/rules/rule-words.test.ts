import { expect, test } from "vitest";
import type { PromptRule } from "../../../store/prompts/prompt-rules.ts";
import { explainRule, toRuleLimits, toRuleLine } from "./rule-words.ts";

const RULE = { id: 3, action: "allow", tool: "Bash", createdAt: 0, by: "ada" } as const;
const EXACT: PromptRule = {
  ...RULE,
  scope: "exact",
  exact: "0123456789abcdef0123456789abcdef",
  folder: "/home/ada/app",
  shown: "command:\n  npm run job\n  not      nothing\u202e",
  session: "s-1",
  expiresAt: 1,
};

test("WORD-1: the audit's line of an exact call holds its digest and none of its text", () => {
  expect(toRuleLine(EXACT)).toBe(
    "rule 3: allow Bash, exactly the call 0123456789ab, in /home/ada/app, session s-1",
  );
  expect(toRuleLine({ ...RULE, tool: "*", scope: "edits", folder: "/w", session: "s-1" })).toBe(
    "rule 3: allow ordinary edits, in /w, session s-1",
  );
  expect(toRuleLine({ ...RULE, action: "deny", path: "~/.ssh/**" })).toBe(
    "rule 3: deny Bash, path ~/.ssh/**",
  );
});

test("a list shows the call in one line, and nothing in it misleads", () => {
  expect(toRuleLimits(EXACT)).toBe(
    'exactly "command: ⏎ npm run job ⏎ not      nothing⟨U+202E⟩", in /home/ada/app, session s-1',
  );
});

const explain = (rule: PromptRule): string =>
  explainRule(rule)
    .map(({ label, value }) => `${label}: ${value}`)
    .join("\n");

test("an exact rule is explained: the text, the folder, and that what the command runs may change", () => {
  const text = explain(EXACT);
  for (const said of [
    "covers: this call, letter for letter",
    "folder: /home/ada/app",
    "session: only s-1",
    "not: The rule holds for this text; what the command runs may change.",
    "not: what a rule that denies or asks may speak of",
    "⟨U+202E⟩",
  ])
    expect(text).toContain(said);
  expect(explain({ ...EXACT, tool: "WebFetch" })).not.toContain("what the command runs");
});

test("edits, and rules by patterns, are explained in words", () => {
  expect(explain({ ...RULE, tool: "*", scope: "edits", folder: "/w" })).toMatch(
    /covers: edits of files in this folder.*\nfolder: \/w\n/,
  );
  const command = explain({ ...RULE, command: "npm run *" });
  expect(command).toContain("calls of Bash of which the command fits npm run *; read narrowly");
  expect(command).toContain("not: a second command");
  const path = explain({ ...RULE, tool: "Edit", path: "src/**" });
  expect(path).toContain("the file fits src/**");
  expect(path).toContain("not: shell commands; hidden files");
  expect(explain({ ...RULE, action: "ask", tool: "mcp__*" })).toContain(
    "calls of tools whose name fits mcp__*; read widely: people are asked",
  );
  const denied = explain({ ...RULE, action: "deny", session: "~/work/**" });
  expect(denied).toContain("where it only may speak of a call, people are asked, with the code");
  expect(denied).toContain("session: those opened in a folder that fits ~/work/**");
  expect(denied).toContain("not: files that a program opens");
});
