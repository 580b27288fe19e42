import { expect, test } from "vitest";
import { z } from "zod";
import { defineChannel, observe, tool, webhook } from "./define.ts";
import { describeChannel } from "./describe.ts";
import { checkEvent, checkMeta, checkResult, drop, type NewEvent } from "./new-event.ts";
import { bearer, env, header, localOnly, signed } from "./proof.ts";

const receive = () => "text";
/** As plain JavaScript would call it. */
const define = defineChannel as (definition: unknown) => ReturnType<typeof defineChannel>;

test("a kind and one source are a channel, with a token that Sluice makes", () => {
  const channel = defineChannel({ kind: "deploys", webhook: { receive: ({ text }) => text } });
  expect(describeChannel(channel)).toMatchObject({
    kind: "deploys",
    title: "deploys",
    sources: [{ type: "webhook", name: "webhook", suffix: "", proof: { kind: "made" } }],
    secrets: [],
    reply: "none",
    tools: [],
    ack: "auto",
    priority: "normal",
  });
});

// req:field.02
test("payloads, the live connection and tool input are typed by what the author gave", () => {
  const channel = defineChannel({
    kind: "wa",
    webhook: [
      webhook({
        verify: header("X-Token", env("TOKEN"), env("OLD_TOKEN")),
        payload: z.object({ level: z.string(), title: z.string() }),
        receive: ({ payload }) => ({ text: payload.title, meta: { severity: payload.level } }),
      }),
      webhook({ name: "open", verify: localOnly(), receive: ({ text }) => text || drop("empty") }),
    ],
    service: {
      connect: async (live) => {
        await live.push("connected");
        return { send: (to: string, text: string) => to.length + text.length };
      },
      disconnect: (client) => void client.send("a", "b"),
    },
    observe: observe({
      poll: async () => [{ id: 1 }],
      everyMs: 1_000,
      key: ({ id }) => String(id),
      receive: ({ id }) => `issue ${id}`,
    }),
    schedule: { dailyAt: "09:00", zone: "Europe/Berlin", receive: (at) => at.toISOString() },
    reply: (message, live) => void live.connection.send(message.chatId, message.text),
    tools: {
      wa_send: {
        description: "send",
        input: z.object({ to: z.string(), count: z.number().optional() }),
        run: ({ to, count = 1 }, live) => live.connection.send(to.trim(), count.toFixed()),
      },
      wa_state: tool({ description: "state", run: () => "fine" }),
    },
    permission: true,
    approvers: env("APPROVERS"),
  });
  const outline = describeChannel(channel);
  expect(JSON.parse(JSON.stringify(outline))).toEqual(outline);
  expect(outline.secrets).toEqual(["APPROVERS", "TOKEN", "OLD_TOKEN"]);
  expect(outline.sources.map(({ name }) => name)).toEqual([
    "webhook",
    "open",
    "service",
    "observe",
    "schedule",
  ]);
  expect(outline.tools[0]?.inputSchema).toMatchObject({
    type: "object",
    properties: { to: { type: "string" } },
    required: ["to"],
  });
});

test("AUTHOR-1: the compiler refuses keys and values of meta that a client would lose", () => {
  const events: NewEvent[] = [
    { text: "fine", meta: { severity: "high", run_id: "7" } },
    // @ts-expect-error a dash
    { text: "x", meta: { "run-id": "7" } },
    // @ts-expect-error a digit in front
    { text: "x", meta: { "1st": "7" } },
    // @ts-expect-error a number
    { text: "x", meta: { run: 7 } },
    // @ts-expect-error the client's own
    { text: "x", meta: { source: "me" } },
  ];
  expect(checkEvent(events[0])).toEqual(events[0]);
  for (const event of events.slice(1)) expect(() => checkEvent(event)).toThrow(/meta/);
});

// req:field.13
test("AUTHOR-1: fixed meta is checked by its type, and when the channel is defined", () => {
  const webhook = { receive: () => "x" };
  expect(defineChannel({ kind: "a", webhook, meta: { region: "eu" } }).definition.meta).toEqual({
    region: "eu",
  });
  // @ts-expect-error a dash
  expect(() => defineChannel({ kind: "a", webhook, meta: { "my-env": "eu" } })).toThrow(/my-env/);
  // @ts-expect-error a number
  expect(() => defineChannel({ kind: "a", webhook, meta: { shard: 7 } })).toThrow(/meta.shard/);
});

test.each<[Record<string, unknown>, string]>([
  [{ "my-env": "v" }, 'meta key "my-env" is no identifier; use letters, digits and _ (my_env)'],
  [{ "": "v" }, 'meta key "" is no identifier'],
  [{ é: "v" }, "is no identifier"],
  [{ "a\n": "v" }, "is no identifier"],
  [{ source: "v" }, "is the client's own"],
  [{ num: 42 }, "meta.num is a number; write it as a text"],
  [{ none: null }, "meta.none is null"],
  [{ list: ["a"] }, "meta.list is a list"],
])("AUTHOR-1: meta %j is an error that names the key", (meta, says) => {
  expect(() => checkMeta(meta)).toThrow(says);
});

test("a key of meta without a value is left out; a date and defaults are read", () => {
  expect(checkMeta({ a: "1", b: undefined })).toEqual({ a: "1" });
  expect(checkEvent({ text: "x", at: new Date(5) })).toEqual({ text: "x", at: 5 });
});

test.each<[unknown, string]>([
  [7, "not a number"],
  [{ text: "" }, "text must not be empty"],
  [{ content: "x" }, 'unknown field "content"'],
  [{ text: "x", priority: "high" }, 'priority "high"'],
  [{ text: "x", ttlMs: 0 }, "ttlMs 0"],
  [{ text: "x", sender: { id: 5 } }, "sender.id must be a text"],
  [{ text: "x", id: 5 }, "id must be a text"],
  [{ text: "x", at: new Date(Number.NaN) }, "at is no time"],
  [{ text: "x", quotes: [{ text: "y" }] }, "quotes must be"],
])("what is no event is refused with the field's name: %j", (event, says) => {
  expect(() => checkResult(event)).toThrow(says);
});

test("nothing, null and drop are no event; several are several", () => {
  expect(checkResult(undefined)).toEqual({ kind: "drop", reason: "receive returned nothing" });
  expect(checkResult(null).kind).toBe("drop");
  expect(checkResult([])).toEqual({ kind: "drop", reason: "receive returned no events" });
  expect(checkResult(drop("a bot"))).toEqual({ kind: "drop", reason: "a bot" });
  expect(checkResult(["a", { text: "b" }])).toMatchObject({
    events: [{ text: "a" }, { text: "b" }],
  });
});

test.each<[unknown, string]>([
  [undefined, "give defineChannel an object"],
  [{ webhook: { receive } }, "kind is missing"],
  [{ kind: "Weird Name", webhook: { receive } }, 'kind "Weird Name"'],
  [{ kind: "a" }, "channel a: has no source"],
  [{ kind: "a", webhok: { receive } }, 'unknown field "webhok"; did you mean webhook?'],
  [{ kind: "a", webhook: {} }, "channel a, webhook: receive must be a function"],
  [{ kind: "a", webhook: { receive, verify: "secret" } }, "verify must be"],
  [{ kind: "a", webhook: { receive, verify: header("X-T") } }, "verify needs a secret by its name"],
  [{ kind: "a", webhook: { receive, payload: {} } }, "payload is no schema"],
  [{ kind: "a", webhook: [{ receive }, { receive }] }, 'two sources are called "webhook"'],
  [{ kind: "a", webhook: { receive, maxBodyBytes: 2 ** 21 } }, "maxBodyBytes"],
  [
    { kind: "a", webhook: { receive, verify: localOnly } },
    "verify is localOnly itself; call it: localOnly(...)",
  ],
  [
    { kind: "a", webhook: { receive, payloads: 1 } },
    'channel a, webhook: unknown field "payloads"; did you mean payload?',
  ],
  [
    { kind: "a", service: { connect: receive, receive } },
    'channel a, service: unknown field "receive"',
  ],
  [{ kind: "a", service: {} }, "channel a, service: connect must be a function"],
  [{ kind: "a", observe: { receive } }, "has none of items, emitter, poll"],
  [{ kind: "a", observe: { receive, poll: receive } }, "poll needs everyMs"],
  [{ kind: "a", observe: { receive, poll: receive, items: receive } }, "items and poll"],
  [{ kind: "a", schedule: { receive } }, "give everyMs or dailyAt"],
  [{ kind: "a", schedule: { receive, dailyAt: "9:00" } }, 'dailyAt "9:00"'],
  [{ kind: "a", schedule: { receive, dailyAt: "09:00", zone: "Mars" } }, 'zone "Mars"'],
  [{ kind: "a", webhook: { receive }, permission: true }, "permission needs reply"],
  [{ kind: "a", webhook: { receive }, approvers: ["1"] }, "approvers without permission"],
  [{ kind: "a", webhook: { receive }, senders: "42" }, "senders must be a list"],
  [
    { kind: "a", webhook: { receive }, tools: { reply: { description: "x", run: receive } } },
    "Sluice has a tool of this name; call yours a_reply",
  ],
  [
    { kind: "a", webhook: { receive }, tools: { "1": { description: "x", run: receive } } },
    "use letters",
  ],
  [{ kind: "a", webhook: { receive }, tools: { t: { run: receive } } }, "needs a description"],
  [
    {
      kind: "a",
      webhook: { receive },
      tools: { t: { description: "x", run: receive, input: z.string() } },
    },
    "no JSON Schema of an object",
  ],
  [{ kind: "a", webhook: { receive }, meta: { "a-b": "x" } }, 'meta key "a-b"'],
  [{ kind: "a", webhook: { receive }, instructions: "x".repeat(2_000) }, "instructions have 2000"],
  [{ kind: "a", webhook: { receive }, priority: "high" }, 'priority "high"'],
  [{ kind: "a", webhook: { receive }, port: 70_000 }, "port is 70000"],
])("a definition that cannot work is refused in one line: %#", (definition, says) => {
  let message = "";
  try {
    define(definition);
  } catch (thrown) {
    message = thrown instanceof Error ? thrown.message : "";
  }
  expect(message).toContain(says);
  expect(message).not.toContain("\n");
});

test("a secret's value in place of its name is refused and not repeated", () => {
  expect(() => env("sk-12345 abc")).toThrow(
    /^env\(\.\.\.\) takes the name of an environment variable/,
  );
  expect(bearer(env("A"))).toEqual({ kind: "scheme", scheme: "bearer", secrets: [{ env: "A" }] });
  expect(signed("github", env("A"))).toMatchObject({ scheme: "github" });
});
