import { expect, test } from "vitest";
import type { ChannelConnection, ChannelContext } from "../../sdk/channel.ts";
import { systemClock } from "../../sdk/clock.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { Secret } from "../../sdk/secret.ts";
import { Connections, toBackoff } from "./connections.ts";

type Open = (context: ChannelContext, life: number) => Promise<ChannelConnection>;

function openScene(open: Open) {
  const taken: string[] = [];
  const delays: number[] = [];
  const contexts: ChannelContext[] = [];
  const closed: number[] = [];
  const ignore = (): void => {};
  const connections = new Connections({
    // Waits are noted and then cut short.
    clock: {
      now: () => Date.now(),
      after: (delayMs, action) => {
        delays.push(delayMs);
        return systemClock.after(1, action);
      },
    },
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    readCursor: () => "c1",
  });
  connections.onBatch({
    take: async (channel, arrivals, cursor) =>
      void taken.push(`${channel} ${arrivals.length} ${cursor}`),
    leftBehind: ignore,
    moved: async () => undefined,
    admits: () => true,
  });
  const channel = {
    name: "tg",
    secret: new Secret("s"),
    settings: {},
    open: async (context: ChannelContext) => {
      contexts.push(context);
      const life = contexts.length;
      const connection = await open(context, life);
      return { ...connection, close: async () => void closed.push(life) };
    },
  };
  return { connections, channel, taken, delays, contexts, closed };
}

const CONNECTION: ChannelConnection = {
  send: async () => ({ messageIds: [] }),
  close: async () => undefined,
};

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 60_000 && !what(); i++) await new Promise((done) => setTimeout(done, 1));
  expect(what()).toBe(true);
}

test("CONNECTION-1: asked to open twice at once, one connection is left", async () => {
  const { connections, channel, contexts, closed } = openScene(async () => CONNECTION);
  await connections.open(channel);
  await connections.opened("tg", 1_000);
  await Promise.all([connections.open(channel), connections.open(channel)]);
  await connections.opened("tg", 1_000);
  expect(contexts).toHaveLength(3);
  expect(closed).toEqual([1, 2]);
  // One that begins to open while all are closed is closed too.
  void connections.open(channel);
  await connections.close();
  expect(closed).toHaveLength(contexts.length);
  expect(connections.names()).toEqual([]);
});

// req:field.28
test("CONNECTION-2: what does not open is tried again after 1, 2, 4 ... 60 s, until it does", async () => {
  const { connections, channel, delays } = openScene(async (_context, life) => {
    if (life < 9) throw new Error("no network");
    return CONNECTION;
  });
  await connections.open(channel);
  await until(() => connections.state("tg")?.kind === "connected");
  expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1_000));
  expect(connections.find("tg")).toBeDefined();
  await connections.close();
});

test("CONNECTION-2: a refused credential waits for its owner; another one is tried at once", async () => {
  let isGood = false;
  const { connections, channel, contexts, delays } = openScene(async () => {
    if (!isGood) throw new SluiceError("unauthorized", "tg: token rejected (401)");
    return CONNECTION;
  });
  await connections.open(channel);
  await connections.opened("tg", 1_000);
  expect(connections.state("tg")).toEqual({ kind: "paused", reason: "tg: token rejected (401)" });
  expect(connections.find("tg")).toBeUndefined();
  await new Promise((done) => setTimeout(done, 30));
  expect([contexts.length, delays]).toEqual([1, []]);
  isGood = true;
  await connections.open(channel);
  await connections.opened("tg", 1_000);
  expect(connections.state("tg")?.kind).toBe("connected");
  await connections.close();
});

test("a platform that says when to come back is asked then", async () => {
  const { connections, channel, delays } = openScene(async (_context, life) => {
    if (life === 1)
      throw new SluiceError("rate_limited", "slow down", { retryable: true, retryAfterMs: 7_000 });
    return CONNECTION;
  });
  await connections.open(channel);
  await until(() => connections.state("tg")?.kind === "connected");
  expect(delays).toEqual([7_000]);
  await connections.close();
});

test("CONNECTION-1: a channel that is opened again closes its earlier connection first", async () => {
  const order: string[] = [];
  const { connections, channel, closed } = openScene(async (_context, life) => {
    order.push(`open ${life}, ${closed.length} closed`);
    return CONNECTION;
  });
  await connections.open(channel);
  await connections.opened("tg", 1_000);
  await connections.open(channel);
  await connections.opened("tg", 1_000);
  expect(order).toEqual(["open 1, 0 closed", "open 2, 1 closed"]);
  await connections.close();
  expect(closed).toEqual([1, 2]);
});

// req:field.62
test("CONNECTION-3: after close nothing is taken, reported or sent, and the signal has aborted", async () => {
  const { connections, channel, contexts, taken } = openScene(async () => CONNECTION);
  await connections.open(channel);
  await connections.opened("tg", 1_000);
  const [context] = contexts;
  await context?.take([], "c2");
  expect([taken, context?.cursor]).toEqual([["tg 0 c2"], "c1"]);
  await connections.end("tg");
  expect(context?.signal.aborted).toBe(true);
  await expect(context?.take([], "c3")).rejects.toThrow(/closed/);
  context?.report({ kind: "retrying", reason: "too late" });
  expect([connections.state("tg"), connections.find("tg"), taken.length]).toEqual([
    undefined,
    undefined,
    1,
  ]);
});

test("CONNECTION-3: what opens only after it was closed is closed as well", async () => {
  const gate = Promise.withResolvers<void>();
  const { connections, channel, closed } = openScene(async () => {
    await gate.promise;
    return CONNECTION;
  });
  await connections.open(channel);
  const closing = connections.end("tg");
  gate.resolve();
  await closing;
  expect(closed).toEqual([1]);
});

// req:field.67
test("a connection that reports trouble is still there to send with; one that waits for its owner is not", async () => {
  const { connections, channel, contexts } = openScene(async () => CONNECTION);
  await connections.open(channel);
  await connections.opened("tg", 1_000);
  contexts[0]?.report({ kind: "retrying", reason: "another poller" });
  expect(connections.state("tg")).toEqual({ kind: "retrying", reason: "another poller" });
  expect(connections.find("tg")).toBeDefined();
  contexts[0]?.report({ kind: "paused", reason: "revoked" });
  expect(connections.find("tg")).toBeUndefined();
  await connections.close();
});

test("toBackoff has an end", () => {
  expect([0, 5, 6, 1_000].map(toBackoff)).toEqual([1_000, 32_000, 60_000, 60_000]);
});

test("what a platform takes back reaches whoever keeps messages, under the channel's name", async () => {
  const { connections, channel, contexts } = openScene(async () => CONNECTION);
  const told: string[][] = [];
  connections.onUndelivered(async (...facts) => void told.push(facts));
  await connections.open(channel);
  await until(() => contexts.length === 1);
  await contexts[0]?.undelivered?.("wamid.1", "too late");
  expect(told).toEqual([["tg", "wamid.1", "too late"]]);
  await connections.close();
});
