import { expect, test } from "vitest";
import { ALLOW, ended, HOOKS, open, push, texts } from "./session-rig.fixture.ts";
import { openSession } from "./session.ts";
import type { ModelTurn } from "./turns.ts";

// req:field.42 req:start.discover req:start.capabilities req:start.cut
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

// req:start.early
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

// TURN-1
// req:lane.order req:lane.together req:lane.untrusted
test("events that arrive in a turn come together, marked as untrusted, in the next one", async () => {
  const turns: ModelTurn[] = [];
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

// req:lane.bare
test("an event on an idle session starts a turn at once and carries no warning", async () => {
  const turns: ModelTurn[] = [];
  await using session = await open({ model: (turn) => void turns.push(turn) }).session;
  session.type("push later");
  await session.idle();
  // The fixture pushes when told; here the call of a finished turn stands for the outside world.
  await push(turns[0] as ModelTurn, { content: "build failed" });
  await session.until((note) => ended(note) && session.counters.turns === 2);
  expect(turns[1]).toMatchObject({
    kind: "channel",
    text: '<channel source="plugin:tiny:tiny">\nbuild failed\n</channel>',
  });
});

// req:lane.value req:lane.key
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

// req:start.dead
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
