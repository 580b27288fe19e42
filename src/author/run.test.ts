import { EventEmitter } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { defineChannel, tool, webhook } from "../sdk/author/define.ts";
import type { AuthorChannel, ServiceLive } from "../sdk/author/definition.ts";
import type { PushResult } from "../sdk/author/new-event.ts";
import { localOnly, signed, env } from "../sdk/author/proof.ts";
import type { ConnectionState, VerifiedRequest } from "../sdk/channel.ts";
import { SluiceError } from "../sdk/errors.ts";
import { VirtualClock } from "../flow/virtual-clock.fixture.ts";
import { Backoff } from "./backoff.ts";
import type { AuthorArrival, AuthorPort } from "./port.ts";
import { runChannel } from "./run.ts";
import { toWaitMs } from "./timetable.ts";

const START = Date.parse("2026-11-30T10:00:00Z");

/** A port that keeps by delivery id, and a clock that only the test moves. */
function run(
  channel: AuthorChannel,
  start: { cursor?: string; secrets?: Record<string, string> } = {},
) {
  const clock = new VirtualClock(START);
  const kept: AuthorArrival[] = [];
  const states: [string, ConnectionState][] = [];
  const logged: string[] = [];
  const seen = { cursor: start.cursor, left: 0, refuse: 0, undelivered: [] as string[][] };
  const end = new AbortController();
  const log = (facts: object, message: string): void =>
    void logged.push(`${message} ${JSON.stringify(facts)}`);
  const port: AuthorPort = {
    name: "mine",
    settings: {},
    cursor: start.cursor,
    take: async (arrivals, cursor) => {
      await Promise.resolve();
      if (seen.refuse-- > 0)
        throw new SluiceError("store_full", "the disk is full", { retryable: true });
      if (cursor !== undefined) seen.cursor = cursor;
      return arrivals.map((arrival): PushResult => {
        const { deliveryId } = arrival;
        const known = kept.findIndex(
          (one) => deliveryId !== undefined && one.deliveryId === deliveryId,
        );
        if (known !== -1) return { kind: "duplicate", id: `evt_${known}` };
        kept.push(arrival);
        return { kind: "stored", id: `evt_${kept.length - 1}` };
      });
    },
    secret: (name) => start.secrets?.[name],
    report: (source, state) => void states.push([source, state]),
    leftBehind: (count) => void (seen.left += count),
    undelivered: async (id, reason) => void seen.undelivered.push([id, reason]),
    readFile: (file) => Promise.resolve(Buffer.from(`content of ${file.path}`)),
    clock,
    log: { debug: log, info: log, warn: log, error: log },
    signal: end.signal,
  };
  const running = runChannel(channel, port);
  onTestFinished(() => running.close());
  return {
    running,
    kept,
    states,
    logged,
    seen,
    clock,
    end,
    texts: () => kept.map(({ text }) => text),
  };
}

/** Lets everything happen that waits for no time. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function toRequest(body: string, more: Partial<VerifiedRequest> = {}): VerifiedRequest {
  return {
    channel: "mine",
    path: "",
    method: "POST",
    headers: {},
    body: Buffer.from(body),
    verified: "bearer",
    receivedAt: START,
    ...more,
  };
}

test("an event gets the channel's defaults, and says otherwise where it does", async () => {
  const channel = defineChannel({
    kind: "deploys",
    meta: { region: "eu", team: "web" },
    priority: "low",
    ttlMs: 60_000,
    target: "on call",
    webhook: {
      receive: ({ text }) => [
        text,
        { text, meta: { team: "db" }, priority: "urgent", ttlMs: 5, kind: "deploy.failed" },
      ],
    },
  });
  const { running } = run(channel);
  const received = await running.receive(
    "webhook",
    toRequest("x", { headers: { "idempotency-key": "k" } }),
  );
  expect(received).toMatchObject({
    kind: "arrivals",
    arrivals: [
      {
        channel: "mine",
        kind: "webhook",
        text: "x",
        meta: { region: "eu", team: "web" },
        priority: "low",
        ttlMs: 60_000,
        session: "on call",
        deliveryId: "k",
        sender: { id: "deploys:mine" },
      },
      {
        kind: "deploy.failed",
        meta: { region: "eu", team: "db" },
        priority: "urgent",
        ttlMs: 5,
        deliveryId: "k#1",
      },
    ],
  });
});

// req:field.08
test("what is set for a channel is on each of its events, whichever source they come by", async () => {
  const emitter = new EventEmitter();
  const channel = defineChannel({
    kind: "all",
    meta: { region: "eu" },
    webhook: { receive: ({ text }) => ({ text, meta: { own: "1" } }) },
    service: { connect: async (live) => void (await live.push("pushed")) },
    observe: { emitter: () => emitter, events: "seen", receive: ([text]) => String(text) },
    schedule: { everyMs: 1_000, receive: () => "due" },
  });
  const { running, kept, clock } = run(channel);
  await settle();
  emitter.emit("seen", "observed");
  await clock.advance(1_000);
  await settle();
  const posted = await running.receive("webhook", toRequest("posted"));
  const all = [...kept, ...(posted.kind === "arrivals" ? posted.arrivals : [])];
  expect(Object.fromEntries(all.map(({ text, meta }) => [text, meta]))).toEqual({
    pushed: { region: "eu" },
    observed: { region: "eu" },
    due: { region: "eu" },
    posted: { region: "eu", own: "1" },
  });
});

test("a person's words are a quotation, and the gate is asked about the person", async () => {
  const channel = defineChannel({
    kind: "desk",
    reply: true,
    webhook: { receive: ({ text }) => ({ text, sender: { id: "7", name: "Ann <b>" } }) },
  });
  const received = await run(channel).running.receive("webhook", toRequest("yes abcde\n<system>"));
  expect(received).toMatchObject({
    arrivals: [
      {
        text: "Message from Ann ?b?",
        quotes: [{ label: "message", text: "yes abcde\n<system>" }],
        chatId: "7",
        ack: "reply",
        chat: { place: "dm", account: "mine" },
      },
    ],
  });
});

test("under a signature of the body alone the same bytes are one delivery, whatever id a header says", async () => {
  const channel = defineChannel({
    kind: "gh",
    webhook: [
      webhook({ verify: signed("github", env("S")), receive: () => "x" }),
      webhook({ name: "std", verify: signed("standard", env("S")), receive: () => "x" }),
    ],
  });
  const { running } = run(channel);
  const request = toRequest("{}", { headers: { "idempotency-key": "made up" } });
  const first = await running.receive("webhook", request);
  if (first.kind !== "arrivals") throw new Error(first.kind);
  expect(first.arrivals[0]).not.toHaveProperty("deliveryId");
  expect(first.arrivals[0]?.bodyDigest).toMatch(/^[0-9a-f]{64}$/);
  const std = await running.receive("std", { ...request, signedId: "msg_1" });
  expect(std).toMatchObject({ arrivals: [{ deliveryId: "msg_1" }] });
});

test("the author's own check sees the raw bytes and decides before anything is parsed", async () => {
  const channel = defineChannel({
    kind: "own",
    secrets: [env("KEY")],
    webhook: {
      verify: ({ body, headers, secret }) => headers["x-sum"] === `${secret("KEY")}${body.length}`,
      payload: z.object({}),
      receive: () => "in",
    },
  });
  const { running } = run(channel, { secrets: { KEY: "k" } });
  expect(await running.receive("webhook", toRequest("not json"))).toMatchObject({
    kind: "refuse",
    status: 401,
  });
  expect(
    await running.receive("webhook", toRequest("{}", { headers: { "x-sum": "k2" } })),
  ).toMatchObject({ kind: "arrivals" });
  expect(
    await running.receive("webhook", toRequest("[]", { headers: { "x-sum": "k2" } })),
  ).toMatchObject({ kind: "refuse", status: 400 });
});

test("RUNNER-1: results come in the order of the requests, however long each takes; one that fails holds none up", async () => {
  const waits = new Map<string, () => void>();
  const channel = defineChannel({
    kind: "slow",
    webhook: {
      receive: async ({ text }) => {
        if (text !== "third") await new Promise<void>((resolve) => waits.set(text, resolve));
        if (text === "second") throw new Error("boom");
        return text;
      },
    },
  });
  const { running } = run(channel);
  const done: string[] = [];
  const asked = ["first", "second", "third"].map((text) =>
    running.receive("webhook", toRequest(text)).then(
      () => done.push(text),
      () => done.push(`${text} failed`),
    ),
  );
  await settle();
  waits.get("second")?.();
  await settle();
  expect(done).toEqual([]);
  waits.get("first")?.();
  await Promise.all(asked);
  expect(done).toEqual(["first", "second failed", "third"]);
});

// req:field.29
test("SERVICE-1: a connection is opened again later and later, each is closed once, and tools and replies are honest meanwhile", async () => {
  const log: string[] = [];
  let nth = 0;
  let live: ServiceLive | undefined;
  const channel = defineChannel({
    kind: "svc",
    service: {
      connect: async (given) => {
        live = given;
        const id = ++nth;
        log.push(`open ${id}`);
        await given.push(`hello ${id}`);
        if (id === 2 || id === 3 || id === 4) throw new Error(`refused ${id}`);
        return { id };
      },
      disconnect: ({ id }) => void log.push(`close ${id}`),
    },
    reply: (_, { connection }) => `sent by ${connection.id}`,
    tools: {
      svc_id: tool({ description: "id", run: (_, one) => (one.connection as { id: number }).id }),
    },
  });
  const { running, states, texts, clock } = run(channel);
  await settle();
  expect(await running.callTool("svc_id", {})).toEqual({ text: "1", isError: false });
  expect(await running.reply({ chatId: "1", text: "x" })).toEqual({ messageIds: ["sent by 1"] });
  live?.lost("the peer hung up");
  await settle();
  const away = await running.callTool("svc_id", {});
  expect(away.isError).toBe(true);
  expect(away.text).toMatch(/not connected \(the peer hung up\).*it may work later/);
  await expect(running.reply({ chatId: "1", text: "x" })).rejects.toMatchObject({
    code: "send_failed",
    retryable: true,
  });
  for (let step = 0; step < 6; step++) {
    await clock.advance(16_000);
    await settle();
  }
  expect(log).toEqual(["open 1", "close 1", "open 2", "open 3", "open 4", "open 5"]);
  expect(texts()).toEqual(["hello 1", "hello 2", "hello 3", "hello 4", "hello 5"]);
  expect(states.map(([, state]) => [state.kind, "alarm" in state])).toEqual([
    ["connected", false],
    ["retrying", false],
    ["retrying", false],
    ["retrying", true],
    ["retrying", true],
    ["connected", false],
  ]);
  await running.close();
  expect(log.at(-1)).toBe("close 5");
});

test("SERVICE-2: a refused credential waits for its owner; a connection that comes after its time is closed", async () => {
  let asked = 0;
  const refused = run(
    defineChannel({
      kind: "svc",
      service: {
        connect: () => {
          asked++;
          throw new SluiceError("unauthorized", "the token was refused");
        },
      },
    }),
  );
  await settle();
  await refused.clock.advance(3_600_000);
  await settle();
  expect(asked).toBe(1);
  expect(refused.states).toEqual([
    ["service", { kind: "paused", reason: "the token was refused" }],
  ]);

  const closed: number[] = [];
  const late = run(
    defineChannel({
      kind: "svc",
      service: {
        timeoutMs: 20,
        connect: () => new Promise<number>((resolve) => setTimeout(resolve, 60, 7)),
        disconnect: (id) => void closed.push(id),
      },
    }),
  );
  await expect.poll(() => closed).toEqual([7]);
  expect(late.states[0]).toMatchObject([
    "service",
    { kind: "retrying", reason: "service.connect took longer than 20 ms" },
  ]);
});

test("a service that is not healthy any more is opened again", async () => {
  let isWell = true;
  let opened = 0;
  const { clock, states } = run(
    defineChannel({
      kind: "svc",
      service: { connect: () => ++opened, isHealthy: async () => isWell },
    }),
  );
  await settle();
  await clock.advance(30_000);
  await settle();
  expect(opened).toBe(1);
  isWell = false;
  await clock.advance(30_000);
  await settle();
  expect(states.at(-1)).toMatchObject([
    "service",
    { kind: "retrying", reason: "its check says that it is not healthy" },
  ]);
});

// req:field.24
test("a push says what became of it, and a cursor moves only with what was kept", async () => {
  const results: unknown[] = [];
  const channel = defineChannel({
    kind: "svc",
    service: {
      connect: async (live) => {
        results.push(live.cursor);
        for (const [text, cursor] of [
          ["a", "1"],
          ["a", "2"],
          ["b", "3"],
        ] as const)
          results.push(
            await live.push({ text, id: text }, cursor).catch((thrown: unknown) => String(thrown)),
          );
        results.push(
          await live
            .push({ text: "c", meta: { "a-b": "x" } as never })
            .catch((thrown: Error) => thrown.message),
        );
        return 1;
      },
    },
  });
  const first = run(channel);
  first.seen.refuse = 1;
  await settle();
  expect(results).toEqual([
    undefined,
    "SluiceError: the disk is full",
    { kind: "stored", id: "evt_0" },
    { kind: "stored", id: "evt_1" },
    expect.stringContaining('meta key "a-b" is no identifier'),
  ]);
  await first.running.close();
  results.length = 0;
  run(channel, { cursor: first.seen.cursor ?? "" });
  await settle();
  expect(results[0]).toBe("3");
});

test("OBSERVE-1: an iterator is asked for the next item once the one before is kept; one bad item costs only itself", async () => {
  let given = 0;
  async function* items() {
    for (const text of ["a", "bad", "c"]) {
      given++;
      yield text;
    }
  }
  const { texts, seen, logged, clock } = run(
    defineChannel({
      kind: "it",
      observe: {
        items,
        receive: (text) => {
          if (text === "bad") throw new Error("cannot read it");
          return text;
        },
      },
    }),
  );
  await settle();
  expect(texts()).toEqual(["a", "c"]);
  expect(given).toBe(3);
  expect(seen.left).toBe(1);
  expect(logged.join()).toContain("observe.receive failed: cannot read it");
  await clock.advance(60_000);
  await settle();
  expect(given).toBe(3);
});

test("what the inbox does not take is offered again; nothing is lost", async () => {
  const found = run(
    defineChannel({
      kind: "it",
      observe: {
        items: async function* () {
          yield "a";
          yield "b";
        },
        receive: (text) => text,
      },
    }),
  );
  found.seen.refuse = 2;
  await settle();
  expect(found.texts()).toEqual([]);
  for (let step = 0; step < 4; step++) {
    await found.clock.advance(5_000);
    await settle();
  }
  expect(found.texts()).toEqual(["a", "b"]);
});

test("OBSERVE-1: an emitter's arguments come as a list; beyond a thousand they are left behind and counted; an error begins it again", async () => {
  const emitters: EventEmitter[] = [];
  const { texts, seen, clock } = run(
    defineChannel({
      kind: "em",
      observe: {
        emitter: () => {
          const one = new EventEmitter();
          emitters.push(one);
          return one;
        },
        events: ["change", "rename"],
        receive: (args) => (args as unknown[]).join(" "),
      },
    }),
  );
  await settle();
  for (let nth = 0; nth < 1_005; nth++)
    emitters[0]?.emit(nth % 2 === 0 ? "change" : "rename", "file", nth);
  await expect.poll(() => texts().length).toBeGreaterThanOrEqual(1_000);
  expect(texts()[1]).toBe("file 1");
  expect(seen.left + texts().length).toBe(1_005);
  emitters[0]?.emit("error", new Error("lost"));
  await settle();
  await clock.advance(1_000);
  await settle();
  expect(emitters).toHaveLength(2);
  expect(emitters[0]?.listenerCount("change")).toBe(0);
});

test("OBSERVE-2: of a list only what is new is an event, also over a restart, and once", async () => {
  let list: { id: number; state?: string }[] = [{ id: 1 }];
  const channel = defineChannel({
    kind: "poll",
    observe: {
      poll: async () => list,
      everyMs: 1_000,
      key: ({ id }) => String(id),
      receive: ({ id }) => `issue ${id}`,
    },
  });
  const first = run(channel);
  await settle();
  list = [{ id: 1, state: "changed, but the same key" }, { id: 2 }];
  await first.clock.advance(1_000);
  await settle();
  await first.clock.advance(1_000);
  await settle();
  expect(first.texts()).toEqual(["issue 2"]);
  await first.running.close();
  list = [{ id: 3 }, { id: 2 }];
  const second = run(channel, { cursor: first.seen.cursor ?? "" });
  await settle();
  expect(second.texts()).toEqual(["issue 3"]);
  // What has gone and comes back is new again.
  list = [{ id: 1 }];
  await second.clock.advance(1_000);
  await settle();
  expect(second.texts()).toEqual(["issue 3", "issue 1"]);
});

test("a list with one item twice is one event; one that is too long is refused, for it would be news for ever", async () => {
  let list = ["a"];
  const { clock, texts, states } = run(
    defineChannel({
      kind: "poll",
      observe: { poll: async () => list, everyMs: 1_000, receive: (text) => text },
    }),
  );
  await settle();
  list = ["a", "b", "b"];
  await clock.advance(1_000);
  expect(texts()).toEqual(["b"]);
  list = Array.from({ length: 5_001 }, (_, nth) => String(nth));
  await clock.advance(1_000);
  expect(texts()).toEqual(["b"]);
  expect(states.at(-1)).toMatchObject([
    "observe",
    { reason: "it gave 5001 items; give the newest 5000 at most" },
  ]);
});

test("an own check that says neither true nor false is a fault, not a refusal; without reply nothing waits for an answer", async () => {
  const check = (() => ({ kind: "local" })) as unknown as () => boolean;
  const odd = run(defineChannel({ kind: "own", webhook: { verify: check, receive: () => "x" } }));
  await expect(odd.running.receive("webhook", toRequest("x"))).rejects.toMatchObject({
    code: "channel_failed",
  });
  const oneWay = run(
    defineChannel({
      kind: "feed",
      webhook: { receive: () => ({ text: "x", sender: { id: "7" } }) },
    }),
  );
  expect(await oneWay.running.receive("webhook", toRequest("x"))).toMatchObject({
    arrivals: [{ ack: "auto" }],
  });
});

test("a poll that fails is tried again, later and later, and told", async () => {
  let asked = 0;
  const { clock, states } = run(
    defineChannel({
      kind: "poll",
      observe: {
        everyMs: 1_000,
        poll: () => {
          asked++;
          throw new Error("502");
        },
        receive: () => "x",
      },
    }),
  );
  for (let step = 0; step < 5; step++) {
    await settle();
    await clock.advance(60_000);
  }
  await settle();
  // Half of each wait is left to chance.
  expect(asked).toBeGreaterThan(6);
  expect(asked).toBeLessThan(20);
  expect(states.at(-1)).toEqual([
    "observe",
    { kind: "retrying", reason: "observe.poll failed: 502", alarm: true },
  ]);
});

test("a schedule comes at its time; the same minute is one event, also after a restart", async () => {
  const channel = defineChannel({
    kind: "clock",
    schedule: [
      { name: "beat", everyMs: 60_000, receive: () => "beat" },
      {
        name: "daily",
        dailyAt: "10:02",
        zone: "UTC",
        receive: (at) => `daily ${at.toISOString()}`,
      },
    ],
  });
  const { clock, texts, kept } = run(channel);
  for (let step = 0; step < 3; step++) {
    await settle();
    await clock.advance(60_000);
  }
  await settle();
  expect(texts().filter((text) => text === "beat")).toHaveLength(3);
  expect(texts().filter((text) => text !== "beat")).toEqual(["daily 2026-11-30T10:02:00.000Z"]);
  expect(kept.find(({ kind }) => kind === "daily")?.deliveryId).toBe("daily 2026-11-30T10:02");
});

test.each([
  ["2026-11-30T10:00:30Z", "10:01", "UTC", 30_000],
  ["2026-11-30T10:01:00Z", "10:01", "UTC", 86_400_000],
  ["2026-11-30T23:59:59Z", "00:00", "UTC", 1_000],
  // The clocks of Berlin go back at 03:00 and forward at 02:00: 09:00 stays 09:00.
  ["2026-10-24T07:00:00Z", "09:00", "Europe/Berlin", 25 * 3_600_000],
  ["2026-03-28T08:00:00Z", "09:00", "Europe/Berlin", 23 * 3_600_000],
])("at %s the next %s in %s is %i ms away", (now, dailyAt, zone, ms) => {
  expect(toWaitMs(Date.parse(now), { dailyAt, zone, receive: () => "x" })).toBe(ms);
});

test("the wait grows to a minute, with half of it by chance, and begins anew after a steady time", () => {
  const backoff = new Backoff();
  expect(Array.from({ length: 8 }, () => backoff.nextMs(() => 1))).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
  ]);
  backoff.reset();
  expect(backoff.nextMs(() => 0)).toBe(500);
});

test("a tool's input is checked, its result is text or JSON, and a fault or a late answer is an error for the model", async () => {
  const channel = defineChannel({
    kind: "tools",
    webhook: { verify: localOnly(), receive: () => "x" },
    tools: {
      t_sum: {
        description: "sum",
        input: z.object({ a: z.number() }),
        run: ({ a }) => ({ sum: a + 1 }),
      },
      t_fail: {
        description: "fails",
        run: () => {
          throw new Error("upstream 503");
        },
      },
      t_late: { description: "late", timeoutMs: 10, run: () => new Promise(() => undefined) },
      t_long: { description: "long", run: () => "x".repeat(100_000) },
      t_none: { description: "none", run: () => undefined },
    },
  });
  const { running } = run(channel);
  expect(await running.callTool("t_sum", { a: 1 })).toEqual({
    text: '{\n  "sum": 2\n}',
    isError: false,
  });
  expect(await running.callTool("t_sum", { a: "1" })).toMatchObject({
    isError: true,
    text: expect.stringContaining("a: "),
  });
  expect(await running.callTool("t_fail", {})).toEqual({
    text: "t_fail failed: upstream 503 (it may work later)",
    isError: true,
  });
  expect(await running.callTool("t_late", {})).toMatchObject({
    isError: true,
    text: expect.stringContaining("took longer than 10 ms"),
  });
  expect((await running.callTool("t_long", {})).text).toMatch(
    /20000 more characters are left out\)$/,
  );
  expect(await running.callTool("t_none", {})).toEqual({ text: "done", isError: false });
  expect(await running.callTool("nope", {})).toMatchObject({ isError: true });
});

test("LIFE-1: after close nothing is taken and nothing is called", async () => {
  let asked = 0;
  const { running, clock, kept } = run(
    defineChannel({
      kind: "end",
      observe: { everyMs: 1_000, poll: async () => [asked++], receive: (n) => String(n) },
      webhook: { receive: () => "x" },
    }),
  );
  await settle();
  await running.close();
  const before = asked;
  await clock.advance(60_000);
  await settle();
  expect([asked, kept.length]).toEqual([before, 0]);
  await expect(running.receive("webhook", toRequest("x"))).rejects.toThrow();
});
