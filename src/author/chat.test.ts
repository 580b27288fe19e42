/** A chat of an author's, without a process: what its functions get, and what becomes of what it says. */
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../sdk/clock.ts";
import { defineChannel } from "../sdk/author/define.ts";
import type { AuthorChannel, ServiceLive } from "../sdk/author/definition.ts";
import { checkEvent } from "../sdk/author/new-event.ts";
import { describeChannel } from "../sdk/author/describe.ts";
import type { AuthorArrival } from "./port.ts";
import { runChannel } from "./run.ts";
import { PeopleGate } from "./alone/people.ts";

const NO_LOG = { debug() {}, info() {}, warn() {}, error() {} };

function run(channel: AuthorChannel) {
  const takes: { arrivals: readonly AuthorArrival[]; cursor: string | undefined }[] = [];
  const seen = { refuse: 0 };
  const end = new AbortController();
  const running = runChannel(channel, {
    name: "mine",
    settings: {},
    cursor: undefined,
    take: async (arrivals, cursor) => {
      if (seen.refuse-- > 0) throw new Error("the disk is full");
      takes.push({ arrivals, cursor });
      return arrivals.map(() => ({ kind: "stored", id: "evt_1" }));
    },
    secret: () => undefined,
    report: () => undefined,
    leftBehind: () => undefined,
    undelivered: async () => undefined,
    readFile: async ({ path }) => Buffer.from(`content of ${path}`),
    clock: systemClock,
    log: NO_LOG,
    signal: end.signal,
  });
  onTestFinished(() => running.close());
  return { running, takes, seen };
}

const service = { connect: () => undefined };

test("pushAll keeps a batch with its place, a hundred at a time, and the place alone where nothing came", async () => {
  const open = Promise.withResolvers<ServiceLive>();
  const { takes, seen } = run(
    defineChannel({ kind: "mine", service: { connect: (live) => open.resolve(live) } }),
  );
  const live = await open.promise;
  await live.pushAll(["a", { text: "b", id: "2" }], "p1");
  await live.pushAll([], "p2");
  expect(await live.pushAll([])).toEqual([]);
  expect(takes.map(({ arrivals, cursor }) => [arrivals.length, cursor])).toEqual([
    [2, '{"service":"p1"}'],
    [0, '{"service":"p2"}'],
  ]);
  const many = Array.from({ length: 250 }, (_, index) => `event ${index}`);
  expect(await live.pushAll(many, "p3")).toHaveLength(250);
  expect(takes.slice(2).map(({ arrivals, cursor }) => [arrivals.length, cursor])).toEqual([
    [100, undefined],
    [100, undefined],
    [50, '{"service":"p3"}'],
  ]);
  seen.refuse = 1;
  await expect(live.pushAll(["x"], "p4")).rejects.toThrow("the disk is full");
  expect(live.cursor).toBe("p3");
  await expect(live.pushAll(["x", { text: 5 } as never], "p4")).rejects.toMatchObject({
    code: "channel_failed",
  });
  expect(takes).toHaveLength(5);
});

test("a reply reads its files, an act gets its input, and what a chat lacks is unsupported", async () => {
  const got: unknown[] = [];
  const { running } = run(
    defineChannel({
      kind: "mine",
      service,
      reply: async ({ files = [] }) => {
        for (const file of files) got.push((await file.read()).toString());
      },
      chat: {
        react: (input) => void got.push(input),
        download: ({ reference }) => new TextEncoder().encode(reference),
      },
    }),
  );
  await running.reply({ chatId: "1", text: "", files: [{ path: "/a", name: "a", bytes: 1 }] });
  await running.act("react", { chatId: "1", messageId: "2", reaction: "👍" });
  const brought = await running.act("download", { reference: "abc", maxBytes: 3 });
  expect([...got, brought?.toString()]).toEqual([
    "content of /a",
    { chatId: "1", messageId: "2", reaction: "👍" },
    "abc",
  ]);
  await expect(running.act("download", { reference: "abcd", maxBytes: 3 })).rejects.toMatchObject({
    code: "too_large",
  });
  await expect(
    running.act("mark", { chatId: "1", messageId: "2", sign: "done" }),
  ).rejects.toMatchObject({ code: "unsupported" });
});

test("a definition says what is wrong with its chat, and one without says nothing of it", () => {
  const define = (chat: unknown, reply: unknown = () => "1") =>
    defineChannel({ kind: "mine", service, reply, chat } as never);
  expect(() => define({ pin: () => 1 })).toThrow(/no field "pin"; there are edit, react/);
  expect(() => define({ edit: true })).toThrow("chat.edit must be a function");
  expect(() => define({ maxFileBytes: 0 })).toThrow(/maxFileBytes/);
  expect(() => define({ hasForms: "yes" })).toThrow(/hasForms/);
  expect(() => define({ edit: () => 1 }, true)).toThrow("chat needs a reply that sends");
  expect(describeChannel(define({ mark: () => 1, edit: () => 1 })).chat).toEqual({
    acts: ["edit", "mark"],
  });
  // What was confirmed of a channel without a chat is what it was.
  expect(describeChannel(defineChannel({ kind: "mine", service }))).not.toHaveProperty("chat");
});

test("AUTHORCHAT-1: an event says nothing of a chat that the gate does not know, and files are of a form", () => {
  const sender = { id: "ann" };
  for (const [event, words] of [
    [{ text: "x", chat: {} }, /give its sender/],
    [{ text: "x", sender, chat: { place: "room" } }, /chat.place/],
    [{ text: "x", sender, chat: { account: "other" } }, /no field "account"/],
    [{ text: "x", sender, chat: { isBot: "no" } }, /chat.isBot/],
    [{ text: "x", sender, chat: { button: "" } }, /chat.button/],
    [{ text: "x", sender, chat: [] }, /chat must be an object/],
    [{ text: "", sender }, /text must not be empty/],
    [{ text: "", sender, files: [] }, /text must not be empty/],
    [{ text: "x", sender, files: [{ name: "a" }] }, /reference of a file/],
    [
      {
        text: "x",
        sender,
        files: Array.from({ length: 51 }, () => ({ reference: "r", name: "a" })),
      },
      /at most 50/,
    ],
    [{ text: "x", sender, files: [{ reference: "r", name: "a", bytes: -1 }] }, /bytes of a file/],
    [{ text: "x", answering: "y".repeat(3_000) }, /answering has 3000/],
  ] as const)
    expect(() => checkEvent(event), JSON.stringify(event).slice(0, 80)).toThrow(words);
});

test("PEOPLE-2: alone, a verdict counts in a direct chat from new words, and a group is heard where it names us", () => {
  const gate = new PeopleGate(
    { kind: "mine", approvers: ["ann"] },
    () => undefined,
    () => {},
  );
  const facts = {
    account: "mine",
    isAddressed: true,
    isBot: false,
    isForwarded: false,
    isEdited: false,
  };
  const of = (chat: object): AuthorArrival =>
    ({ sender: { id: "ann" }, chat: { place: "dm", ...facts, ...chat } }) as AuthorArrival;
  expect([gate.admits(of({})), gate.approves(of({}))]).toEqual([true, true]);
  for (const chat of [
    { place: "group" },
    { place: "thread" },
    { isForwarded: true },
    { isEdited: true },
    { isOutsider: true },
  ])
    expect([gate.admits(of(chat)), gate.approves(of(chat))], JSON.stringify(chat)).toEqual([
      true,
      false,
    ]);
  for (const chat of [
    { place: "group", isAddressed: false },
    { isBot: true },
    { isShared: true },
    { place: "broadcast" },
  ])
    expect(gate.admits(of(chat)), JSON.stringify(chat)).toBe(false);
});
