import { expect, test } from "vitest";
import type { FoundSession, HostSession } from "../../flow/lanes/host.ts";
import type { AppServer } from "./app-server.ts";
import { Thread } from "./thread.ts";

const EVENT = "evt_01m8q93kwfpzed1db9yy5z7k71";
const ignore = (): void => {};
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

type Fields = Record<string, unknown>;

/** A thread, what the app-server is asked for it, and what the hub is told of it. */
async function openThread() {
  const called: { method: string; params: Fields }[] = [];
  const told: string[] = [];
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
    gone: (reason: string) => void told.push(`gone: ${reason}`),
  } as unknown as HostSession;
  const door = { attach: (found: FoundSession) => ((tell = found.send), session) };
  let heard = Promise.resolve();
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
    server: { call, callOnce: call } as unknown as AppServer,
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
    hear: (method: string, params: Fields) => (heard = heard.then(() => thread.heard(method, params))),
    send: (meta: object = {}) =>
      tell({ kind: "channel", content: "build 9 broke", meta: { event_id: EVENT, ...meta } }),
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
