/**
 * A reference session with the tiny server, for tests, and what that server was asked.
 *
 * Owns: that scene. Never: the behaviour under test.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CODE_CACHE } from "../cli/run-cli.fixture.ts";
import { makeFolder } from "../store/sample.fixture.ts";
import type { HostNote } from "./note.ts";
import { openSession, type ReferenceSession } from "./session.ts";
import type { SessionOptions } from "./session-options.ts";
import type { ModelTurn } from "./turns.ts";

export const TINY_SERVER = join(import.meta.dirname, "tiny-server.fixture.ts");

export const HOOK = (moment: string, extra = {}) => ({
  type: "mcp_tool",
  server: "plugin:tiny:tiny",
  tool: "hook",
  input: {
    moment,
    session: "${session_id}",
    prompt: "${prompt}",
    prompt_id: "${prompt_id}",
    tool_use_id: "${tool_use_id}",
    response: "${tool_response}",
  },
  timeout: 2,
  ...extra,
});

export const HOOKS = {
  hooks: {
    UserPromptSubmit: [{ hooks: [HOOK("UserPromptSubmit")] }],
    PreToolUse: [{ matcher: "mcp__plugin_tiny_tiny__.*", hooks: [HOOK("PreToolUse")] }],
    PostToolUse: [{ matcher: "mcp__plugin_tiny_tiny__.*", hooks: [HOOK("PostToolUse")] }],
    Stop: [{ hooks: [HOOK("Stop")] }],
    StopFailure: [{ hooks: [HOOK("StopFailure")] }],
    Notification: [{ matcher: "idle_prompt", hooks: [HOOK("Notification")] }],
    SessionEnd: [{ hooks: [HOOK("SessionEnd")] }],
  },
};

export const ALLOW = {
  hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "allow" },
};

type Call = { call: string; input: Record<string, string>; toolUseId?: string };

export function open(options: Partial<SessionOptions> & { answers?: object } = {}) {
  const journal = join(makeFolder(), "journal");
  const { answers = {}, env = {}, ...rest } = options;
  const session = openSession({
    command: process.execPath,
    args: [TINY_SERVER],
    env: {
      PATH: process.env["PATH"] ?? "",
      NODE_COMPILE_CACHE: CODE_CACHE,
      FIXTURE_JOURNAL: journal,
      FIXTURE_HOOK_ANSWERS: JSON.stringify(answers),
      ...env,
    },
    serverName: "plugin:tiny:tiny",
    ...rest,
  });
  const calls = (): Call[] =>
    readFileSync(journal, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  const moments = () =>
    calls().flatMap(({ call, input }) => (call === "hook" ? [input["moment"]] : []));
  return { session, calls, moments };
}

export function push(turn: ModelTurn, ...messages: object[]) {
  return turn.callTool("push", { messages });
}

export function texts(session: ReferenceSession, how: string): string[] {
  return session.reads.filter((read) => read.how === how).map(({ text }) => text);
}

export const ended = (note: HostNote) => note.kind === "turn-end";
