import { expect, test } from "vitest";
import { makeMemoryServer } from "./memory-server.fixture.ts";
import { HOOK, open as openTiny, texts } from "./session-rig.fixture.ts";
import { openSession } from "./session.ts";
import type { Approve } from "./dialog.ts";
import type { SessionOptions } from "./session-options.ts";

const BOTH = { "claude/channel": {}, "claude/channel/permission": {} };
const NOBODY: Approve = () => new Promise(() => {});
const DEVELOPMENT = "--dangerously-load-development-channels";

/** A session with two servers in memory, `one` and `two`. */
async function openTwo(
  options: Partial<SessionOptions> = {},
  experimental: readonly [unknown, unknown] = [BOTH, BOTH],
) {
  const [one, two] = [makeMemoryServer(experimental[0]), makeMemoryServer(experimental[1])];
  const session = await openSession({
    serverName: "one",
    connect: one.connect,
    servers: [{ serverName: "two", connect: two.connect }],
    ...options,
  });
  return { session, one, two };
}

// req:lane.source req:gate.session
test("each server of a session speaks under its own name, and passes the gates by itself", async () => {
  const { session, one, two } = await openTwo({
    client: { argv: [DEVELOPMENT, "server:two"] },
  });
  await using _ = session;
  await one.push("from one");
  await two.push("from two");
  await session.until(({ kind }) => kind === "read");
  await session.idle();
  expect(texts(session, "channel")).toEqual(['<channel source="two">\nfrom two\n</channel>']);
  expect(session.gate("one")).toMatchObject({ kind: "closed", gate: "session" });
  expect(session.gate("two")).toEqual({ kind: "open" });
  expect(session.notes).toContainEqual(
    expect.objectContaining({
      kind: "dropped",
      server: "one",
      reason: "server one not in --channels list for this session",
    }),
  );
});

test("events of several servers that arrive in a turn come together in the next, in their order, with the warning", async () => {
  const turns: string[] = [];
  const { session, one, two } = await openTwo({
    model: async (turn) => {
      turns.push(turn.text);
      if (turn.kind !== "typed") return;
      await one.push("1");
      await two.push("2");
      await one.push("3");
      await session.until(() => session.notes.filter(({ kind }) => kind === "queued").length === 3);
    },
  });
  await using _ = session;
  session.type("go");
  await session.idle();
  expect(turns).toHaveLength(2);
  expect(turns[1]).toMatch(/^A message arrived from one, two while you were working:/);
  expect(texts(session, "channel")).toEqual([
    '<channel source="one">\n1\n</channel>',
    '<channel source="two">\n2\n</channel>',
    '<channel source="one">\n3\n</channel>',
  ]);
});

// req:lane.reply
test("a tool is called at the server that lists it, or at the one that its full name says", async () => {
  const one = makeMemoryServer(undefined, { name: "look" });
  const two = makeMemoryServer();
  await using session = await openSession({
    serverName: "one",
    connect: one.connect,
    servers: [{ serverName: "plugin:p:two", connect: two.connect }],
    model: async (turn) => {
      await turn.callTool("say", { by: "name" });
      await turn.callTool("mcp__plugin_p_two__say", { by: "full name" });
      await turn.callTool("look");
    },
  });
  session.type("go");
  await session.idle();
  expect(two.calls).toEqual([{ by: "name" }, { by: "full name" }]);
  expect(one.calls).toEqual([{}]);
});

// relay: DIALOG-1
// req:relay.first
test("one prompt goes to every channel that relays under one id; the first answer counts, the others change nothing", async () => {
  let denied: boolean | undefined;
  const { session, one, two } = await openTwo({
    approve: NOBODY,
    model: async (turn) => {
      denied = (await turn.useTool("Bash", { command: "ls" })).isError;
    },
  });
  await using _ = session;
  session.type("go");
  await expect.poll(() => [one.relayed.length, two.relayed.length]).toEqual([1, 1]);
  const [id = ""] = one.relayed;
  expect(two.relayed).toEqual([id]);
  await two.answer(id.toUpperCase(), "deny");
  await one.answer(id, "allow");
  await session.idle();
  await session.until((note) => note.kind === "verdict" && note.behavior === "allow");
  expect(denied).toBe(true);
  expect(session.notes.flatMap((note) => (note.kind === "verdict" ? [note.counted] : []))).toEqual([
    true,
    false,
  ]);
});

// req:relay.registered
test("a verdict of a server that no prompt is relayed to is not heard", async () => {
  const { session, one, two } = await openTwo(
    {
      approve: NOBODY,
      model: async (turn) => void (await turn.useTool("Bash", { command: "ls" })),
      client: { argv: [DEVELOPMENT, "server:two"] },
    },
    [BOTH, BOTH],
  );
  await using _ = session;
  session.type("go");
  await expect.poll(() => two.relayed.length).toBe(1);
  expect(one.relayed).toEqual([]);
  await one.answer(two.relayed[0] ?? "", "allow");
  const note = await session.until(({ kind }) => kind === "verdict");
  expect(note).toMatchObject({ counted: false });
  await two.answer(two.relayed[0] ?? "", "allow");
  await session.idle();
  expect(session.notes).toContainEqual(
    expect.objectContaining({ kind: "dialog", by: "relay", answer: "allow" }),
  );
});

// req:relay.since
test("a client before 2.1.81 has channels and relays no prompt", async () => {
  const { session, one } = await openTwo({
    client: { argv: [DEVELOPMENT, "server:one"], version: "2.1.80" },
    model: async (turn) => void (await turn.useTool("Bash", { command: "ls" })),
  });
  await using _ = session;
  session.type("go");
  await session.idle();
  expect(session.isChannel).toBe(true);
  expect(one.relayed).toEqual([]);
});

// req:start.again
test("a server that is started again is a channel again, or no more, and what it sent before that is lost", async () => {
  let isChannel = true;
  const made = makeMemoryServer();
  const other = makeMemoryServer({});
  await using session = await openSession({
    serverName: "one",
    connect: (transport) => (isChannel ? made : other).connect(transport),
  });
  await made.close();
  await session.until(({ kind }) => kind === "server-gone");
  expect(session.tools).toEqual([]);
  await session.reconnect();
  expect(session.tools).toHaveLength(1);
  await made.push("after");
  await session.until(({ kind }) => kind === "read");
  isChannel = false;
  await session.reconnect("one");
  expect(session.gate()).toMatchObject({ gate: "capability" });
  expect(session.notes.flatMap((note) => (note.kind === "channel" ? [note.line] : []))).toEqual([
    "Channel notifications registered",
    "Channel notifications re-registered after reconnect",
    "Channel notifications skipped: server did not declare claude/channel capability",
  ]);
  await expect(session.reconnect("nobody")).rejects.toMatchObject({ code: "not_found" });
});

test("a server that is a process is started again as well, alive or dead", async () => {
  await using session = await openTiny({
    model: async (turn) => {
      if (turn.prompt === "die") await turn.callTool("die");
      else if (turn.kind === "typed") await turn.callTool("push", { messages: [{ content: "x" }] });
    },
  }).session;
  const first = session.serverPid;
  await session.reconnect();
  const second = session.serverPid;
  expect(second).not.toBe(first);
  session.type("die");
  await session.idle();
  await session.reconnect();
  expect(session.serverPid).not.toBe(second);
  session.type("push");
  await session.idle();
  expect(texts(session, "channel")).toEqual(['<channel source="plugin:tiny:tiny">\nx\n</channel>']);
});

// req:start.person
test("a tool that asks for a person opens a dialog, though a hook allows it", async () => {
  const tool = { _meta: { "anthropic/requiresUserInteraction": true } };
  for (const [extra, dialogs] of [
    [{}, 0],
    [tool, 1],
  ] as const) {
    const made = makeMemoryServer({}, extra);
    await using hooks = await openTiny({
      hooks: { PreToolUse: [{ hooks: [HOOK("PreToolUse")] }] },
      answers: {
        PreToolUse: {
          hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "allow" },
        },
      },
      servers: [{ serverName: "asks", connect: made.connect }],
      model: async (turn) => void (await turn.callTool("mcp__asks__say")),
    }).session;
    hooks.type("go");
    await hooks.idle();
    expect(hooks.counters.dialogs).toBe(dialogs);
    expect(made.calls).toEqual([{}]);
  }
});

test.each([
  [
    "throws",
    () => {
      throw new Error("no database");
    },
  ],
  ["rejects", () => Promise.reject(new Error("no database"))],
])("a server in memory whose maker %s is a fault that says so", async (_, connect) => {
  await expect(openSession({ connect })).rejects.toThrow("no database");
});

test("two servers of one name are refused; of several that do not all connect none is left behind", async () => {
  const one = makeMemoryServer();
  await expect(
    openSession({
      serverName: "one",
      connect: one.connect,
      servers: [{ serverName: "one", connect: one.connect }],
    }),
  ).rejects.toThrow("two servers are named one");
  await expect(
    openSession({
      serverName: "one",
      connect: one.connect,
      servers: [{ serverName: "two", command: "/nonexistent/server" }],
    }),
  ).rejects.toMatchObject({ code: "unsupported" });
  await expect(one.push("still there?")).rejects.toThrow();
});

test("what a server in memory sends and JSON has no text for is refused to it, and ends nothing", async () => {
  let sent: (message: unknown) => Promise<void> = async () => {};
  const made = makeMemoryServer();
  await using session = await openSession({
    serverName: "one",
    connect: (transport) => {
      sent = (message) => transport.send(message);
      return made.connect(transport);
    },
  });
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  await expect(sent(circle)).rejects.toThrow("circular");
  await expect(sent(undefined)).rejects.toThrow("no message");
  await sent([1, 2]);
  await sent({ jsonrpc: "2.0", method: "notifications/claude/channel", params: "text" });
  await session.until(({ kind }) => kind === "dropped");
  await made.push("on");
  await session.until(({ kind }) => kind === "read");
  expect(session.counters.garbageLines).toBe(1);
});

test("what JSON does not carry, a server in memory does not either", async () => {
  const made = makeMemoryServer();
  await using session = await openSession({ serverName: "one", connect: made.connect });
  await made.push("text", { gone: undefined, at: new Date(0) });
  await session.until(({ kind }) => kind === "read");
  expect(texts(session, "channel")).toEqual([
    '<channel source="one" at="1970-01-01T00:00:00.000Z">\ntext\n</channel>',
  ]);
});

// req:start.environment
test("what a server is told of its session stands in its environment, and nothing of the client around it", async () => {
  const { session: opening } = openTiny({
    cwd: process.cwd(),
    plugin: { root: "/plugins/tiny", data: "/data/tiny" },
    sessionId: "00000000-0000-4000-8000-000000000001",
    command: process.execPath,
    args: [
      "-e",
      `process.stderr.write(JSON.stringify(process.env) + "\\n");
       require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
         const { id, method } = JSON.parse(line);
         const out = method === "initialize" ? { result: { capabilities: {} } } : { error: { code: -32601, message: "no" } };
         if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, ...out }) + "\\n");
       });`,
    ],
  });
  await using session = await opening;
  await expect.poll(() => session.stderr).toContain("\n");
  expect(JSON.parse(session.stderr)).toMatchObject({
    CLAUDECODE: "1",
    CLAUDE_CODE_SESSION_ID: "00000000-0000-4000-8000-000000000001",
    CLAUDE_PROJECT_DIR: process.cwd(),
    CLAUDE_PLUGIN_ROOT: "/plugins/tiny",
    CLAUDE_PLUGIN_DATA: "/data/tiny",
  });
});

// req:lane.inert
test("a command or a file that an event names is text: nothing is run, cleared or read", async () => {
  const made = makeMemoryServer();
  await using session = await openSession({ serverName: "one", connect: made.connect });
  const id = session.sessionId;
  for (const text of ["/clear", "@package.json", "!ls"]) await made.push(text);
  await session.until(() => session.reads.length === 3);
  await session.idle();
  expect(session.sessionId).toBe(id);
  expect(session.notes.map(({ kind }) => kind)).not.toContain("cleared");
  expect(texts(session, "channel")[0]).toBe('<channel source="one">\n/clear\n</channel>');
  expect(session.reads.map(({ text }) => text).join()).not.toContain("devDependencies");
});

test("a server in memory that throws at a message is gone, as a process would be; the session goes on", async () => {
  const made = makeMemoryServer();
  await using session = await openSession({
    serverName: "one",
    connect: async (transport) => {
      await made.connect(transport);
      const { onmessage } = transport;
      transport.onmessage = (message) => {
        if ((message as { method?: string }).method === "tools/call") throw new Error("a bug");
        onmessage?.(message);
      };
    },
    model: async (turn) => void (await turn.callTool("say")),
  });
  session.type("go");
  await session.idle();
  expect(await session.until(({ kind }) => kind === "server-gone")).toMatchObject({
    server: "one",
    reason: "threw: a bug",
  });
});

test("started again twice at once, one process is left; closed meanwhile, none", async () => {
  const { session: opening } = openTiny();
  const session = await opening;
  // The later one counts: what it was asked for may be what mends a start that never answers.
  const [first, last] = await Promise.allSettled([session.reconnect(), session.reconnect()]);
  expect(first).toMatchObject({ status: "rejected", reason: { code: "unsupported" } });
  expect(last.status).toBe("fulfilled");
  const lines = session.notes.flatMap((note) => (note.kind === "channel" ? [note.line] : []));
  expect(lines).toHaveLength(2);
  const pid = session.serverPid ?? 0;
  const again = session.reconnect().catch((thrown: unknown) => thrown);
  await session.close();
  expect(await again).toBeInstanceOf(Error);
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  expect(() => process.kill(session.serverPid ?? 0, 0)).toThrow("ESRCH");
  await expect(session.reconnect()).rejects.toMatchObject({ code: "conflict" });
});

test("of servers whose names begin alike a full name means the one that lists the tool", async () => {
  const [short, long] = [makeMemoryServer(), makeMemoryServer()];
  await using session = await openSession({
    serverName: "a",
    connect: short.connect,
    servers: [{ serverName: "a__b", connect: long.connect }],
    model: async (turn) => {
      await turn.callTool("mcp__a__b__say", { to: "long" });
      await turn.callTool("mcp__a__say", { to: "short" });
    },
  });
  session.type("go");
  await session.idle();
  expect([long.calls, short.calls]).toEqual([[{ to: "long" }], [{ to: "short" }]]);
});
