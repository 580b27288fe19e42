import { expect, test } from "vitest";
import { isClaudeCode, isSpare } from "./channel-flag.ts";

test.each([
  [["claude", "--continue"], true],
  [["/usr/local/bin/claude"], true],
  [["/usr/lib/node_modules/@anthropic-ai/claude-code/bin/claude.exe", "--session-id", "1"], true],
  [["/home/ada/.local/share/claude/versions/2.1.332", "daemon", "run"], true],
  [["claude bg-spare", "--bg-spare", "/tmp/spare.sock"], true],
  [["claude bg-pty-host"], true],
  [["/home/claude/bin/node", "claude"], false],
  [["/home/claude code/bin/node"], false],
  [["claude-squad"], false],
  [["node", "/opt/claude/server.js"], false],
  [[], false],
])("argv %j is Claude Code's own: %s", (argv, expected) => {
  expect(isClaudeCode(argv)).toBe(expected);
});

test("only a process that was kept ready hides the command line of its session", () => {
  expect(isSpare(["claude bg-spare", "--bg-spare", "/tmp/spare.sock"])).toBe(true);
  expect(isSpare(["claude.exe", "--session-id", "1", "say hello"])).toBe(false);
});
