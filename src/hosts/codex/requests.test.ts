import { expect, test } from "vitest";
import { toAsk, toResult } from "./requests.ts";

const COMMAND = "item/commandExecution/requestApproval";
const of = (more: object) => ({ threadId: "t", turnId: "u", itemId: "i", cwd: "/work", ...more });

test.each([
  ["/bin/bash -lc 'touch made.txt'", "touch made.txt"],
  ["/usr/bin/zsh -lc 'npm test && echo ok'", "npm test && echo ok"],
  ['bash -lc "git status"', "git status"],
  // Quoted in pieces, or with what the shell reads in double quotes: shown as it stands.
  [`/bin/bash -lc 'echo '"'"'hi'"'"''`, "echo 'hi'"],
  [`/bin/bash -lc "echo $HOME"`, `/bin/bash -lc "echo $HOME"`],
  ["/bin/bash -lc 'a' 'b'", "/bin/bash -lc 'a' 'b'"],
  ["python3 -c 'print(1)'", "python3 -c 'print(1)'"],
])("people are asked about the command, not about the shell around it: %s", (command, shown) => {
  const ask = toAsk(COMMAND, of({ kind: "command", command, reason: "why" }), undefined);
  expect(ask).toMatchObject({ tool: "Bash", description: "why", cwd: "/work" });
  expect(JSON.parse(ask?.preview ?? "")).toEqual({ command: shown });
});

test("the same request that is sent again under another number is the same; another one is not", () => {
  const key = (more: object): string | undefined =>
    toAsk(COMMAND, of({ command: "ls", startedAtMs: 1, ...more }), undefined)?.requestId;
  expect(key({ startedAtMs: 2 })).toBe(key({}));
  expect(key({ itemId: "j" })).not.toBe(key({}));
  expect(key({ turnId: "v" })).not.toBe(key({}));
  expect(key({ approvalId: "a" })).not.toBe(key({}));
  expect(key({})).toMatch(/^\S+$/);
});

test.each<[string, string, object]>([
  ["a network access", COMMAND, { command: "curl x", networkApprovalContext: { host: "x" } }],
  ["input for a program that runs", COMMAND, { command: "x", kind: "stdin" }],
  ["a command that is not told", COMMAND, { command: null }],
  ["a change whose files are not known", "item/fileChange/requestApproval", {}],
  [
    "a secret",
    "item/tool/requestUserInput",
    { questions: [{ id: "a", question: "Key?", isSecret: true }] },
  ],
  [
    "a form of a tool server",
    "mcpServer/elicitation/request",
    { mode: "form", _meta: null, message: "Name?" },
  ],
  ["what nobody here knows", "item/new/requestApproval", { command: "ls" }],
  ["a name of every object", "constructor", {}],
])("REQUEST-1: %s stays at the terminal", (_, method, params) => {
  expect(toAsk(method, of(params), undefined)).toBeUndefined();
});

test("REQUEST-2: what is allowed is this one call", () => {
  expect(toResult(COMMAND, {}, { kind: "allow" })).toEqual({ decision: "accept" });
  expect(toResult(COMMAND, {}, { kind: "deny" })).toEqual({ decision: "decline" });
  expect(toResult("item/fileChange/requestApproval", {}, { kind: "allow" })).toEqual({
    decision: "accept",
  });
  const permissions = { network: { enabled: true } };
  expect(toResult("item/permissions/requestApproval", { permissions }, { kind: "allow" })).toEqual({
    permissions,
    scope: "turn",
  });
  expect(toResult("item/permissions/requestApproval", { permissions }, { kind: "deny" })).toEqual({
    permissions: {},
    scope: "turn",
  });
  expect(toResult("mcpServer/elicitation/request", {}, { kind: "deny" })).toEqual({
    action: "decline",
    content: null,
  });
});

test("answers go by the ids of their questions", () => {
  const params = of({
    questions: [
      { id: "a", question: "A?" },
      { id: "b", question: "B?" },
    ],
  });
  expect(toAsk("item/tool/requestUserInput", params, undefined)).toMatchObject({
    tool: "AskUserQuestion",
  });
  expect(
    toResult("item/tool/requestUserInput", params, { kind: "answers", answers: ["x", "y"] }),
  ).toEqual({
    answers: { a: { answers: ["x"] }, b: { answers: ["y"] } },
  });
});

test("changes of files are shown as they stand in their item", () => {
  const changes = [{ path: "/work/a.txt", kind: { type: "add" }, diff: "hello\n" }];
  const ask = toAsk("item/fileChange/requestApproval", of({ grantRoot: "/work" }), {
    type: "fileChange",
    changes,
  });
  expect(JSON.parse(ask?.preview ?? "")).toEqual({ changes, "writes below": "/work" });
});
