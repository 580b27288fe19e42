import { expect, test } from "vitest";
import { fillInput, matchHooks, parseHooks, readHookOutput } from "./hooks.ts";

const HOOK = { type: "mcp_tool", server: "plugin:a:b", tool: "t", input: {} };

test("fields are filled in at any depth; a missing one is empty, an object is JSON, other values stay", () => {
  const fields = {
    prompt: "hi $& ${session_id}",
    stop_hook_active: false,
    tool_input: { file: { path: "/x" } },
  };
  const input = {
    a: "say ${prompt}!",
    b: "${nothing}",
    c: "${stop_hook_active}",
    d: "${tool_input}",
    e: "${tool_input.file.path}",
    f: 3,
    g: { deep: ["${prompt}"] },
    h: "${.} ${} $ARGUMENTS",
  };
  expect(fillInput(input, fields)).toEqual({
    a: "say hi $& ${session_id}!",
    b: "",
    c: "false",
    d: '{"file":{"path":"/x"}}',
    e: "/x",
    f: 3,
    g: { deep: ["hi $& ${session_id}"] },
    h: "${.} ${} $ARGUMENTS",
  });
});

test.each([
  ["", "anything", true],
  ["*", "anything", true],
  ["Bash", "Bash", true],
  ["Bash", "BashOutput", false],
  ["Edit|Write", "Write", true],
  ["mcp__plugin_a_b__.*", "mcp__plugin_a_b__reply", true],
  ["mcp__plugin_a_b__.*", "mcp__other__reply", false],
])("matcher %j against %s: %s", (matcher, subject, expected) => {
  const table = parseHooks({ hooks: { PreToolUse: [{ matcher, hooks: [HOOK] }] } });
  expect(matchHooks(table, "PreToolUse", subject).length > 0).toBe(expected);
});

test("what the session does not run is named, what is broken is a fault", () => {
  const table = parseHooks({
    hooks: {
      SessionStart: [{ hooks: [{ type: "command", command: "x" }] }],
      Stop: [{ hooks: [{ type: "command", command: "x" }, HOOK] }],
    },
  });
  expect(table.skipped).toEqual(["SessionStart: command", "Stop: command"]);
  expect(table.hooks.Stop).toMatchObject([{ tool: "t", timeoutMs: 60_000 }]);
  expect(() => parseHooks({ Stop: [{ hooks: [{ type: "mcp_tool" }] }] })).toThrow(
    'needs "server" and "tool"',
  );
  expect(() => parseHooks({ Stop: [{ matcher: "(", hooks: [HOOK] }] })).toThrow(
    "not a regular expression",
  );
});

test("an empty object is no opinion; text that is no JSON leaks into the context of a prompt", () => {
  expect(readHookOutput("Stop", "{}")).toEqual({});
  expect(readHookOutput("Stop", "hello")).toEqual({});
  expect(readHookOutput("UserPromptSubmit", "hello")).toEqual({ additionalContext: "hello" });
  expect(readHookOutput("UserPromptSubmit", "")).toEqual({
    additionalContext: "UserPromptSubmit hook success",
  });
});

test("context and permission count only under the name of their own moment", () => {
  const output = (hookEventName: string) =>
    JSON.stringify({
      hookSpecificOutput: { hookEventName, additionalContext: "x", permissionDecision: "allow" },
    });
  expect(readHookOutput("PreToolUse", output("PreToolUse")).permission).toEqual({
    decision: "allow",
    reason: "",
  });
  expect(readHookOutput("PreToolUse", output("PostToolUse"))).toEqual({});
  expect(readHookOutput("UserPromptSubmit", output("Stop"))).toEqual({});
});
