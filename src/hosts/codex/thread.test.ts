import { expect, test } from "vitest";
import type { FoundSession, HostSession } from "../../flow/lanes/host.ts";
import type { AppServer, RequestId } from "./app-server.ts";
import { Thread } from "./thread.ts";

const EVENT = "evt_01m8q93kwfpzed1db9yy5z7k71";
const ignore = (): void => {};
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

const TOOL = "mcpServer/elicitation/request";
/** It has no id of its own. */
const TOOL_CALL = {
  threadId: "t",
  turnId: "u",
  serverName: "sluice",
  message: "Allow it?",
  _meta: { codex_approval_kind: "mcp_tool_call", tool_name: "ack", tool_params: { a: 1 } },
};
const ACCEPTED = { action: "accept", content: {} };

type Fields = Record<string, unknown>;

/** A thread, what the app-server is asked for it, and what the hub is told of it. */
async function openThread() {
  const called: { method: string; params: Fields }[] = [];
  const told: string[] = [];
  const asks: string[] = [];
  const over = new Set<string>();
  const answered: [RequestId, Fields][] = [];
  let isConnected = true;
  const answer = (id: RequestId, result: Fields): boolean => {
    if (isConnected) answered.push([id, result]);
    return isConnected;
  };
  let answers: Record<string, () => Promise<Fields>> = {};
  const call = async (method: string, params: Fields): Promise<Fields> => {
    called.push({ method, params });
    return (await answers[method]?.()) ?? { thread: { id: "t" } };
  };
  let tell: FoundSession["send"] = ignore;
  const session = {
    turnBegan: (turn: string) => void told.push(`began ${turn}`),
    turnEnded: async (turn: string) => void told.push(`ended ${turn}`),
    out: () => [],
    missed: async (events: string[]) => void told.push(`missed ${events.join()}`),
    refused: async (_: string[], reason: string) => void told.push(`refused: ${reason}`),
    asked: async ({ requestId }: { requestId: string }) => {
      if (over.has(requestId)) return false;
      if (!asks.includes(requestId)) asks.push(requestId);
      return true;
    },
    resolved: async (requestId: string) => void over.add(requestId),
    gone: (reason: string) => void told.push(`gone: ${reason}`),
  } as unknown as HostSession;
  const door = { attach: (found: FoundSession) => ((tell = found.send), session) };
  let heard = Promise.resolve();
  const server = { call, callOnce: call, answer } as unknown as AppServer;
  const thread = new Thread({
    facts: {
      id: "t",
      cwd: "/work",
      path: undefined,
      source: "vscode",
      version: "0.171.0",
      status: "idle",
      parent: undefined,
      isEphemeral: false,
    },
    server,
    door,
    pid: 1,
    log,
    untilHeard: () => heard,
  });
  await thread.open();
  return {
    thread,
    told,
    /** What the app-server was asked to begin. */
    begun: () => called.filter(({ method }) => method === "turn/start"),
    answer: (more: typeof answers) => void (answers = more),
    /** A look at Codex that takes its time: what is said meanwhile is heard after it. */
    hold: (look: Promise<void>) => void (heard = heard.then(() => look)),
    /** As the daemon does: one after the other. */
    hear: (method: string, params: Fields) =>
      (heard = heard.then(() => thread.heard(method, params))),
    send: (meta: object = {}) =>
      tell({ kind: "channel", content: "build 9 broke", meta: { event_id: EVENT, ...meta } }),
    asks,
    over,
    answered,
    ask: (id: RequestId) => thread.asked(id, TOOL, TOOL_CALL),
    /** A verdict of the hub. */
    allow: (requestId = "") => tell({ kind: "verdict", requestId, behavior: "allow" }),
    lose: () => void (isConnected = false),
    rejoin: () => ((isConnected = true), thread.rejoin(server)),
    settled: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

test("THREAD-2: what is looked up in the history does not leave for a thread whose turn has begun meanwhile", async () => {
  const { told, begun, answer, hear, send, settled } = await openThread();
  const page = Promise.withResolvers<Fields>();
  answer({ "thread/turns/list": () => page.promise });
  send({ replayed: "true" });
  void hear("turn/started", { turn: { id: "u", status: "inProgress" } });
  page.resolve({ data: [] });
  await settled();
  expect(begun()).toEqual([]);
  expect(told).toEqual(["began u", `missed ${EVENT}`]);
});

test("THREAD-2: a turn of which the app-server has told already, but which was not heard yet, has begun", async () => {
  const { told, begun, hold, hear, send, settled } = await openThread();
  const look = Promise.withResolvers<void>();
  hold(look.promise);
  void hear("turn/started", { turn: { id: "u", status: "inProgress" } });
  send();
  await settled();
  look.resolve();
  await settled();
  expect(begun()).toEqual([]);
  expect(told).toEqual(["began u", `missed ${EVENT}`]);
});

test("what was looked up for a thread that was closed meanwhile begins no turn there", async () => {
  const { thread, begun, answer, send, settled } = await openThread();
  const page = Promise.withResolvers<Fields>();
  answer({ "thread/turns/list": () => page.promise });
  send({ replayed: "true" });
  await thread.close("nobody has it open any more");
  page.resolve({ data: [] });
  await settled();
  expect(begun()).toEqual([]);
});

test("THREAD-4: a second equal request of one turn is asked, too, whether the first was answered here or at the terminal", async () => {
  const { hear, ask, asks, allow, answered } = await openThread();
  await ask(1);
  allow(asks[0]);
  await ask(2);
  await hear("serverRequest/resolved", { requestId: 2 });
  await ask(3);
  expect(new Set(asks).size).toBe(3);
  allow(asks[1]);
  allow(asks[2]);
  expect(answered).toEqual([
    [1, ACCEPTED],
    [3, ACCEPTED],
  ]);
});

test("THREAD-4: of two equal requests that wait at once each has its own answer", async () => {
  const { ask, asks, allow, answered } = await openThread();
  await ask(1);
  await ask(2);
  await ask(2);
  expect(asks).toHaveLength(2);
  allow(asks[1]);
  allow(asks[0]);
  expect(answered).toEqual([
    [2, ACCEPTED],
    [1, ACCEPTED],
  ]);
});

test("THREAD-4: after a restart of the hub, a second equal request is not taken for the first one, which is over", async () => {
  const before = await openThread();
  await before.ask(1);
  await before.ask(2);
  const { ask, asks, over } = await openThread();
  over.add(before.asks[0] ?? "");
  await ask(2);
  expect(asks).toEqual([before.asks[1]]);
});

test("THREAD-4: a verdict that comes before the app-server is joined answers its request once that is sent again", async () => {
  const before = await openThread();
  await before.ask(1);
  const { ask, asks, allow, answered } = await openThread();
  allow(before.asks[0]);
  await ask(7);
  expect(answered).toEqual([[7, ACCEPTED]]);
  expect(asks).toEqual([]);
  await ask(8);
  expect(answered).toHaveLength(1);
});

test("THREAD-4: a verdict that comes while the connection is lost answers its request after it", async () => {
  const { ask, asks, allow, lose, rejoin, answered } = await openThread();
  await ask(1);
  lose();
  allow(asks[0]);
  expect(answered).toEqual([]);
  await rejoin();
  await ask(1);
  expect(answered).toEqual([[1, ACCEPTED]]);
});

test("THREAD-4: a verdict whose request is not sent again answers no later one", async () => {
  const before = await openThread();
  await before.ask(1);
  const { thread, ask, asks, allow, answered } = await openThread();
  allow(before.asks[0]);
  for (let look = 0; look < 3; look++) await thread.refresh();
  await ask(9);
  expect(answered).toEqual([]);
  expect(asks).toHaveLength(1);
});
