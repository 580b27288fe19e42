import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import type { ChannelConnection, ChannelContext, ConnectionState } from "../../sdk/channel.ts";
import { systemClock } from "../../sdk/clock.ts";
import type { Arrival } from "../../sdk/event.ts";
import { MaybeSent } from "../../sdk/message.ts";
import { Secret } from "../../sdk/secret.ts";
import { channelContract } from "../../testing/channel-contract.ts";
import type { ContractRig } from "../../testing/scene.ts";
import { toParts, openConnection, type Timings } from "./connection.ts";
import { CHATS } from "../../../test/chats/skips.ts";
import { FAKE_TOKEN, FakeNtfy } from "../../../test/fakes/ntfy/fake-ntfy.ts";
import { readLine } from "./wire.ts";

const TOPIC = "builds";
const QUICK: Timings = { silentMs: 300, firstRetryMs: 20, lastRetryMs: 160 };

async function openRig(): Promise<ContractRig> {
  const fake = await FakeNtfy.open();
  // A life of longer silence than a test: the fake sends no keepalives.
  const timings = { ...QUICK, silentMs: 10_000 };
  return {
    open: (context) => openConnection(context, timings),
    secret: FAKE_TOKEN,
    settings: { topic: TOPIC, server: fake.root },
    chatId: TOPIC,
    maxTextChars: 4_096,
    say: (text) => void fake.say(TOPIC, text),
    sent: () => fake.kept.filter(({ isOurs }) => isOurs).map(({ text }) => text),
    slowDown: (retryAfter) => fake.failPublish({ status: 429, retryAfter }),
    breakAfterSend: () => fake.failPublish({ status: "break" }),
    leave: () => fake.close(),
    failFor: (requests) => fake.fail(requests),
    revoke: () => {
      fake.token = "tk_another";
    },
    requests: () => fake.requests,
    openCount: () => fake.streams,
    close: () => fake.close(),
  };
}

for (const { claim, run } of channelContract(openRig, {}, CHATS.ntfy)) test(claim, run);

async function connect(timings = QUICK, token = FAKE_TOKEN) {
  const fake = await FakeNtfy.open();
  fake.token = token;
  const taken: Arrival[] = [];
  const states: ConnectionState[] = [];
  const ignore = (): void => {};
  const context: ChannelContext = {
    name: "phone",
    secret: new Secret(token),
    settings: { topic: TOPIC, server: fake.root },
    cursor: undefined,
    take: async (arrivals) => void taken.push(...arrivals),
    report: (state) => void states.push(state),
    clock: systemClock,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    signal: new AbortController().signal,
  };
  const connection: ChannelConnection = await openConnection(context, timings);
  onTestFinished(async () => {
    await connection.close();
    await fake.close();
  });
  return { fake, taken, states, connection };
}

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 12_000 && !what(); i++) await new Promise((done) => setTimeout(done, 5));
  expect(what()).toBe(true);
}

test("what we publish is not taken for somebody's message", async () => {
  const { fake, taken, connection } = await connect();
  await connection.send({ chatId: TOPIC, text: "from us" });
  fake.say(TOPIC, "from a phone", { title: "Deploy", priority: 5, click: "https://example.com/x" });
  await until(() => taken.length > 0);
  expect(taken).toMatchObject([
    {
      priority: "urgent",
      quotes: [
        { label: "title", text: "Deploy" },
        { label: "message", text: "from a phone" },
      ],
      meta: { url: "https://example.com/x", user_id: TOPIC },
    },
  ]);
});

test("NTFY-1: a stream that is silent is opened anew", async () => {
  const { fake, states } = await connect();
  const before = fake.requests;
  await until(() => fake.requests >= before + 2 && states.at(-1)?.kind === "connected");
  expect(states.some((state) => state.kind === "retrying")).toBe(true);
});

test("broken lines are left out and the next one is read", async () => {
  const { fake, taken } = await connect();
  for (const line of [
    "<html>",
    "{}",
    "[]",
    "null",
    '{"event":"message"}',
    '{"event":"message","id":"../x"}',
  ])
    fake.write(line);
  fake.say(TOPIC, "still here");
  await until(() => taken.length > 0);
  expect(taken.map(({ quotes }) => quotes[0]?.text)).toEqual(["still here"]);
});

test("files go up under their names and come down through the guard", async () => {
  const { fake, taken, connection } = await connect();
  const path = join(makeFolder(), "copy");
  writeFileSync(path, "picture");
  await connection.send({ chatId: TOPIC, text: "", files: [{ path, name: "plöt.png", bytes: 7 }] });
  expect(fake.kept.map(({ text }) => text)).toEqual(["file =?UTF-8?B?cGzDtnQucG5n?=: picture"]);

  fake.files.set("/file/a.png", Buffer.from("bytes"));
  const attachment = { name: "a.png", type: "image/png", size: 5, url: `${fake.root}/file/a.png` };
  fake.say(TOPIC, "look", { attachment });
  await until(() => taken.length > 0);
  const file = taken[0]?.files?.[0];
  expect(file).toMatchObject({ name: "a.png", mime: "image/png", bytes: 5 });
  // The guard sends no token: a file's URL is not the topic.
  await expect(connection.download?.(file?.reference ?? "", 100)).rejects.toThrow(/401/);
  await expect(connection.download?.("http://169.254.169.254/latest", 100)).rejects.toThrow(
    /refused/,
  );
});

test("a file that cannot be read is found before anything is published", async () => {
  const { fake, connection } = await connect();
  const files = [{ path: "/nonexistent/copy", name: "gone.txt", bytes: 1 }];
  await expect(
    connection.send({ chatId: TOPIC, text: "see the file", files }),
  ).rejects.toMatchObject({ code: "not_found", message: expect.stringContaining("gone.txt") });
  expect(fake.kept).toEqual([]);
});

test.each([
  [502, true],
  [504, true],
  [500, false],
  [503, false],
])("a publish that is answered %i may have been carried out: %s", async (status, isMaybe) => {
  const { fake, connection } = await connect();
  fake.failPublish({ status });
  const thrown: unknown = await connection
    .send({ chatId: TOPIC, text: "once" })
    .catch((error: unknown) => error);
  expect(thrown).toMatchObject({ code: "send_failed", retryable: !isMaybe });
  expect((thrown as Error).cause instanceof MaybeSent).toBe(isMaybe);
});

test("another topic is nobody's chat here", async () => {
  const { connection } = await connect();
  await expect(connection.send({ chatId: "other", text: "x" })).rejects.toThrow(/own topic/);
});

const BUTTONS = [
  [
    { id: "h.a", label: "Allow" },
    { id: "h.d", label: "Deny", says: "no abcde" },
  ],
];

// NTFYSENDER-1
test("a button writes to the topic what a reader could write by hand, and that is nobody's in particular", async () => {
  const { fake, connection, taken } = await connect(QUICK, "");
  await connection.send({ chatId: TOPIC, text: "x".repeat(5_000), buttons: BUTTONS });
  // Under the last part alone; what has no words of its own has no button here.
  expect(fake.kept.map(({ actions }) => actions.length)).toEqual([0, 1]);
  const [action] = fake.kept[1]?.actions ?? [];
  expect(action).toMatchObject({ label: "Deny", body: "no abcde", url: `${fake.root}/${TOPIC}` });
  await fetch(action?.url ?? "", { method: "POST", body: action?.body ?? "" });
  await expect.poll(() => taken.length).toBe(1);
  expect(taken[0]?.quotes).toEqual([{ label: "message", text: "no abcde" }]);
  expect(taken[0]?.chat?.isShared).toBe(true);
  expect(connection.isShared).toBe(true);
});

test("where writing takes a token there are no buttons: the token would travel with the message", async () => {
  const { fake, connection } = await connect();
  await connection.send({ chatId: TOPIC, text: "may I?", buttons: BUTTONS });
  expect(fake.kept.map(({ actions }) => actions)).toEqual([[]]);
  expect(fake.kept[0]?.line).not.toContain(FAKE_TOKEN);
});

test("texts are split by bytes, whatever they are written in", async () => {
  for (const word of ["word ", "слово ", "字", "🙂🙂 "]) {
    const parts = await toParts(word.repeat(3_000).trim(), 4_096);
    expect(parts.every((part) => Buffer.byteLength(part) <= 4_096 && part.isWellFormed())).toBe(
      true,
    );
    expect(parts.join("").replaceAll(" ", "")).toBe(word.repeat(3_000).replaceAll(" ", ""));
  }
});

test("signs of life are told from messages", () => {
  expect(readLine('{"event":"keepalive","id":"k","time":1}')).toEqual({ kind: "sign" });
  expect(readLine("not json")).toEqual({ kind: "bad" });
});

test("a message too long to be kept is left behind, and does not hold up the next ones", async () => {
  const { fake, taken, states } = await connect({ ...QUICK, silentMs: 10_000 });
  const before = states.length;
  fake.write(JSON.stringify({ id: "long1", event: "message", message: "x".repeat(3_000_000) }));
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  fake.write(`{"id":"deep1","event":"message","message":"deep","more":${deep}}`);
  fake.say(TOPIC, "after it");
  await expect.poll(() => taken.map(({ quotes }) => quotes[0]?.text)).toEqual(["deep", "after it"]);
  expect(states.slice(before).filter(({ kind }) => kind !== "connected")).toEqual([]);
});
