import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSession } from "./session.ts";
import type { ReferenceSession } from "./session.ts";
import type { SessionOptions } from "./session-options.ts";
import type { Turn } from "./turns.ts";
import type { Note } from "./note.ts";

const SERVER = join(import.meta.dirname, "tiny-server.fixture.ts");

const HOOK = (moment: string, extra = {}) => ({
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

const HOOKS = {
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

const ALLOW = { hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "allow" } };

type Call = { call: string; input: Record<string, string>; toolUseId?: string };

function open(options: Partial<SessionOptions> & { answers?: object } = {}) {
  const journal = join(mkdtempSync(join(tmpdir(), "host-")), "journal");
  const { answers = {}, env = {}, ...rest } = options;
  const session = openSession({
    command: process.execPath,
    args: [SERVER],
    env: {
      PATH: process.env["PATH"] ?? "",
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

function push(turn: Turn, ...messages: object[]) {
  return turn.callTool("push", { messages });
}

function texts(session: ReferenceSession, how: string): string[] {
  return session.reads.filter((read) => read.how === how).map(({ text }) => text);
}

const ended = (note: Note) => note.kind === "turn-end";

test("the handshake asks for the modern protocol, falls back, and shows exactly roots and elicitation", async () => {
  const { session: opening, calls } = open({ clientInfo: { name: "someone" } });
  await using session = await opening;
  expect(session.connection).toMatchObject({
    era: "legacy",
    isChannel: true,
    serverInfo: { name: "tiny" },
  });
  expect(session.connection?.instructions).toHaveLength(2_048);
  expect(session.tools.map(({ name }) => name)).toEqual(["push", "wait", "die"]);
  expect(calls()[0]).toMatchObject({
    clientInfo: { name: "someone" },
    capabilities: { roots: {}, elicitation: {} },
  });
});

test("a notification sent before the client is ready is lost, and so are those of a server that is no channel", async () => {
  await using early = await open().session;
  await early.until(({ kind }) => kind === "dropped");
  expect(early.counters).toMatchObject({ dropped: 1, turns: 0 });
  await using plain = await open({
    env: { FIXTURE_PLAIN: "1" },
    model: (turn) => push(turn, { content: "a", meta: {} }).then(() => {}),
  }).session;
  plain.type("go");
  await plain.idle();
  expect(plain.isChannel).toBe(false);
  expect(plain.counters).toMatchObject({ dropped: 2, turns: 1 });
});

test("events that arrive in a turn come together, marked as untrusted, in the next one", async () => {
  const turns: Turn[] = [];
  await using session = await open({
    model: async (turn) => {
      turns.push(turn);
      if (turn.kind === "typed")
        await push(turn, { content: "one", meta: { channel: "ci" } }, { content: "two" });
    },
  }).session;
  session.type("go");
  await session.idle();
  expect(turns).toHaveLength(2);
  expect(turns[1]?.text).toContain("not from your user");
  expect(texts(session, "channel")).toEqual([
    '<channel source="plugin:tiny:tiny" channel="ci">\none\n</channel>',
    '<channel source="plugin:tiny:tiny">\ntwo\n</channel>',
  ]);
});

test("an event on an idle session starts a turn at once and carries no warning", async () => {
  const turns: Turn[] = [];
  await using session = await open({ model: (turn) => void turns.push(turn) }).session;
  session.type("push later");
  await session.idle();
  // The fixture pushes when told; here the call of a finished turn stands for the outside world.
  await push(turns[0] as Turn, { content: "build failed" });
  await session.until((note) => ended(note) && session.counters.turns === 2);
  expect(turns[1]).toMatchObject({
    kind: "channel",
    text: '<channel source="plugin:tiny:tiny">\nbuild failed\n</channel>',
  });
});

test("one value that is no string loses the whole event; a bad key loses only itself", async () => {
  await using session = await open({
    model: async (turn) => {
      if (turn.kind === "typed")
        await push(
          turn,
          { content: "lost", meta: { n: 1 } },
          { content: "kept", meta: { "bad-key": "x", good: "y" } },
        );
    },
  }).session;
  session.type("go");
  await session.idle();
  expect(texts(session, "channel")).toEqual([
    '<channel source="plugin:tiny:tiny" good="y">\nkept\n</channel>',
  ]);
  expect(session.notes).toContainEqual(
    expect.objectContaining({ kind: "dropped", reason: "meta.n is a number, not a string" }),
  );
  expect(session.counters.droppedKeys).toBe(1);
});

test("hooks hear the whole turn, with one prompt id, and without the mark of a model call", async () => {
  const {
    session: opening,
    calls,
    moments,
  } = open({
    hooks: HOOKS,
    answers: {
      PreToolUse: ALLOW,
      UserPromptSubmit: {
        hookSpecificOutput: { hookEventName: "UserPromptSubmit", additionalContext: "by the way" },
      },
    },
    model: async (turn) => void (await turn.callTool("wait", { forMs: 1 })),
  });
  await using session = await opening;
  session.type("hello");
  await session.idle();
  expect(moments()).toEqual(["UserPromptSubmit", "PreToolUse", "PostToolUse", "Stop"]);
  const hooks = calls().filter(({ call }) => call === "hook");
  expect(new Set(hooks.map(({ input }) => input["prompt_id"])).size).toBe(1);
  expect(hooks.every(({ toolUseId }) => toolUseId === undefined)).toBe(true);
  const called = calls().find(({ call }) => call === "wait");
  expect(called?.toolUseId).toBe(hooks[2]?.input["tool_use_id"]);
  expect(hooks[2]?.input["response"]).toBe('[{"type":"text","text":"wait done"}]');
  expect(session.reads.map(({ how, text }) => [how, text])).toEqual([
    ["typed", "hello"],
    ["context", "UserPromptSubmit hook additional context: by the way"],
    ["tool", "wait done"],
  ]);
  expect(session.counters).toMatchObject({ dialogs: 0, hookFailures: 0, toolCalls: 1 });
});

test("a call that no hook allows opens a dialog, and a refusal there reaches the model", async () => {
  const outputs: string[] = [];
  await using session = await open({
    hooks: HOOKS,
    approve: () => false,
    model: async (turn) => void outputs.push((await turn.callTool("wait", { forMs: 1 })).text),
  }).session;
  session.type("go");
  await session.idle();
  expect(session.counters).toMatchObject({ dialogs: 1, toolCalls: 0 });
  expect(outputs[0]).toContain("does not want");
});

test("without a hooks.json no hook fires, and a model cannot call the hook tool", async () => {
  const { session: opening, moments } = open({
    model: async (turn) => void (await turn.callTool("hook", { moment: "Stop" })),
  });
  await using session = await opening;
  session.type("go");
  await session.idle();
  expect(moments()).toEqual(["Stop"]);
  expect(session.notes).toContainEqual(
    expect.objectContaining({ kind: "tool", output: "not for models", isError: true }),
  );
});

test("Esc ends the turn without a Stop, and what waited comes next", async () => {
  const { session: opening, moments } = open({
    hooks: HOOKS,
    model: async (turn) => {
      if (turn.prompt === "long") await turn.callTool("wait", { forMs: 30_000 });
    },
  });
  await using session = await opening;
  session.type("long");
  await session.until(({ kind }) => kind === "dialog");
  session.type("short");
  session.interrupt();
  await session.idle();
  expect(session.notes.filter(ended).map((note) => note.how)).toEqual(["interrupt", "stop"]);
  expect(moments()).toEqual(["UserPromptSubmit", "PreToolUse", "UserPromptSubmit", "Stop"]);
});

test("a model that fails fires StopFailure and no Stop", async () => {
  const { session: opening, moments } = open({
    hooks: HOOKS,
    model: () => {
      throw new Error("529 overloaded");
    },
  });
  await using session = await opening;
  session.type("go");
  await session.idle();
  expect(moments()).toEqual(["UserPromptSubmit", "StopFailure"]);
});

test("/clear ends the session for the hooks and goes on under a new id", async () => {
  const { session: opening, calls } = open({ hooks: HOOKS });
  await using session = await opening;
  const before = session.sessionId;
  await session.clear();
  session.type("go");
  await session.idle();
  const sessions = calls().flatMap(({ call, input }) =>
    call === "hook" ? [[input["moment"], input["session"]]] : [],
  );
  expect(session.sessionId).not.toBe(before);
  expect(sessions).toEqual([
    ["SessionEnd", before],
    ["UserPromptSubmit", session.sessionId],
    ["Stop", session.sessionId],
  ]);
});

test("Esc before the model did anything takes a typed prompt back, after a tool result it stays", async () => {
  await using session = await open({
    model: async (turn) => {
      if (turn.prompt === "acted") await turn.callTool("push");
      await new Promise<void>((resolve) => turn.signal.addEventListener("abort", () => resolve()));
    },
  }).session;
  session.type("nothing yet");
  await session.until(({ kind }) => kind === "read");
  session.interrupt();
  await session.idle();
  session.type("acted");
  await session.until(({ kind }) => kind === "tool");
  session.interrupt();
  await session.idle();
  expect(texts(session, "typed")).toEqual(["nothing yet", "acted"]);
  expect(session.conversation.map(({ text }) => text)).toEqual(["acted", "push done"]);
});

test("a failed tool call fires PostToolUseFailure and no PostToolUse", async () => {
  const hooks = { ...HOOKS.hooks, PostToolUseFailure: [{ hooks: [HOOK("PostToolUseFailure")] }] };
  const { session: opening, moments } = open({
    hooks,
    model: async (turn) => void (await turn.callTool("hook", { moment: "model" })),
  });
  await using session = await opening;
  session.type("go");
  await session.idle();
  expect(moments()).toEqual([
    "UserPromptSubmit",
    "PreToolUse",
    "model",
    "PostToolUseFailure",
    "Stop",
  ]);
});

test("a finished turn is followed by idle_prompt, an interrupted one is not", async () => {
  const { session: opening, moments } = open({ hooks: HOOKS, idlePromptMs: 50 });
  await using session = await opening;
  session.type("go");
  await session.until((note) => note.kind === "hook" && note.moment === "Notification");
  expect(moments()).toEqual(["UserPromptSubmit", "Stop", "Notification"]);
});

test("a Notification reaches only the hooks whose matcher names it", async () => {
  const { session: opening, moments } = open({ hooks: HOOKS });
  await using session = await opening;
  await session.notify("permission_prompt");
  await session.notify("idle_prompt");
  expect(moments()).toEqual(["Notification"]);
});

test("a hook that hangs holds the prompt until its timeout, then has no opinion", async () => {
  const hooks = { UserPromptSubmit: [{ hooks: [HOOK("UserPromptSubmit", { timeout: 0.2 })] }] };
  await using session = await open({ hooks, answers: { UserPromptSubmit: "hang" } }).session;
  session.type("go");
  await session.idle();
  expect(session.counters).toMatchObject({ hookFailures: 1, turns: 1 });
  expect(texts(session, "typed")).toEqual(["go"]);
});

test("context beyond ten thousand characters reaches the model as a preview", async () => {
  const additionalContext = "y".repeat(10_001);
  const answers = {
    UserPromptSubmit: {
      hookSpecificOutput: { hookEventName: "UserPromptSubmit", additionalContext },
    },
  };
  await using session = await open({ hooks: HOOKS, answers }).session;
  session.type("go");
  await session.idle();
  expect(texts(session, "context")[0]?.length).toBeLessThan(2_300);
});

test("a Stop hook that adds context continues the turn, eight times at most", async () => {
  const answers = {
    Stop: { hookSpecificOutput: { hookEventName: "Stop", additionalContext: "and the answer?" } },
  };
  await using session = await open({ hooks: HOOKS, answers }).session;
  session.type("go");
  await session.idle();
  expect(session.counters.turns).toBe(1);
  expect(texts(session, "context")).toHaveLength(7);
});

test("lines of a monitor wake the session as a task notification, escaped, and fire UserPromptSubmit", async () => {
  const { session: opening, calls } = open({ hooks: HOOKS });
  await using session = await opening;
  session.startMonitor({
    command: `printf 'two <waiting>\\nmore\\n'; sleep 30`,
    description: "bell",
  });
  await session.until(ended);
  expect(texts(session, "bell")).toHaveLength(1);
  expect(texts(session, "bell")[0]).toContain("two &lt;waiting&gt;\nmore");
  expect(calls().find(({ call }) => call === "hook")?.input["prompt"]).toMatch(
    /^<task-notification>/,
  );
});

test("a bell in the middle of a turn joins it after the next tool result, under its prompt id", async () => {
  const arrived: string[] = [];
  const {
    session: opening,
    calls,
    moments,
  } = open({
    hooks: HOOKS,
    answers: {
      PreToolUse: ALLOW,
      UserPromptSubmit: {
        hookSpecificOutput: { hookEventName: "UserPromptSubmit", additionalContext: "ctx" },
      },
    },
    model: async (turn) => {
      if (turn.kind !== "typed") return;
      session.startMonitor({ command: "echo ring; exec sleep 30", description: "bell" });
      arrived.push(...(await turn.callTool("wait", { forMs: 1_000 })).arrived);
    },
  });
  await using session = await opening;
  session.type("go");
  await session.idle();
  expect(session.counters.turns).toBe(1);
  expect(arrived).toEqual([
    expect.stringContaining("<event>ring</event>"),
    "UserPromptSubmit hook additional context: ctx",
  ]);
  expect(moments()).toEqual([
    "UserPromptSubmit",
    "PreToolUse",
    "PostToolUse",
    "UserPromptSubmit",
    "Stop",
  ]);
  const ids = calls().flatMap(({ call, input }) => (call === "hook" ? [input["prompt_id"]] : []));
  expect(new Set(ids).size).toBe(1);
});

test("a prompt typed while the model thinks asks its hooks at once and once, and starts the next turn", async () => {
  const { session: opening, calls } = open({
    hooks: HOOKS,
    model: async (turn) => {
      if (turn.prompt !== "first") return;
      session.type("second");
      await session.until((note) => note.kind === "hook" && note.input["prompt"] === "second");
    },
  });
  await using session = await opening;
  session.type("first");
  await session.idle();
  const [first, second] = session.notes.filter((note) => note.kind === "turn-start");
  expect(
    calls().flatMap(({ call, input }) =>
      call === "hook" ? [[input["moment"], input["prompt"], input["prompt_id"]]] : [],
    ),
  ).toEqual([
    ["UserPromptSubmit", "first", first?.promptId],
    ["UserPromptSubmit", "second", first?.promptId],
    ["Stop", "", first?.promptId],
    ["Stop", "", second?.promptId],
  ]);
  expect(texts(session, "typed")).toEqual(["first", "second"]);
});

test("a server that dies is noticed: its tools vanish and hooks fail, the session goes on", async () => {
  await using session = await open({
    hooks: HOOKS,
    model: async (turn) => void (turn.prompt === "die" && (await turn.callTool("die"))),
  }).session;
  session.type("die");
  await session.until(({ kind }) => kind === "server-gone");
  await session.idle();
  expect(session.tools).toEqual([]);
  const failures = session.counters.hookFailures;
  session.type("again");
  await session.idle();
  expect(session.counters.hookFailures).toBe(failures + 2);
});

test("closing fires no SessionEnd, and tells the server to leave in the way asked for", async () => {
  const { session: opening, moments } = open({ hooks: HOOKS, closeBy: "sigint" });
  const session = await opening;
  session.type("go");
  await session.idle();
  await session.close();
  await session.close();
  expect(moments()).toEqual(["UserPromptSubmit", "Stop"]);
});

test("a server that will not leave is killed; one that cannot be run is a fault that says so", async () => {
  const session = await open({ env: { FIXTURE_STUBBORN: "1" } }).session;
  const pid = session.serverPid ?? 0;
  await session.close();
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  await expect(openSession({ command: "/nonexistent/server" })).rejects.toMatchObject({
    code: "unsupported",
  });
});
