import { expect, test } from "vitest";
import { ALLOW, ended, HOOK, HOOKS, open, texts } from "./session-rig.fixture.ts";

// SESSION-1
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

// TURN-2
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
