/** A chat of an author's in a process of its own: what crosses the pipe, both ways. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isSluiceError } from "../../sdk/errors.ts";
import { MaybeSent, PartlySent } from "../../sdk/message.ts";
import { readOwnWords } from "../../sdk/words.ts";
import { define, openScene } from "./scene.fixture.ts";

const MIB = 1024 * 1024;

function makeFile(bytes: number): { path: string; name: string; bytes: number } {
  const folder = mkdtempSync(join(tmpdir(), "sluice-out-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "report.bin");
  writeFileSync(path, Buffer.alloc(bytes, "report "));
  return { path, name: "report.bin", bytes };
}

/** What is known of a message that failed. */
async function toFacts(work: Promise<unknown>): Promise<unknown[]> {
  const thrown: unknown = await work.then(
    () => undefined,
    (fault: unknown) => fault,
  );
  if (!isSluiceError(thrown)) throw new Error(`no fault of ours: ${String(thrown)}`);
  const { code, retryable, retryAfterMs, cause } = thrown;
  const broken = cause instanceof MaybeSent || cause instanceof PartlySent ? cause : undefined;
  return [code, retryable, retryAfterMs, broken?.constructor, broken?.messageIds];
}

/** A chat that answers `text` by throwing what it names. */
const FAULTS = `import { defineChannel, MaybeSent, PartlySent, SluiceError, toPartFault } from "sluice";
const faults = {
  maybe: () => new SluiceError("send_failed", "broke off", { retryable: true, cause: new MaybeSent("broke off", ["1"]) }),
  part: () => toPartFault(new SluiceError("rate_limited", "slowly", { retryable: true, retryAfterMs: 4_000 }), ["1", "2"]),
  wait: () => new SluiceError("rate_limited", "slowly", { retryable: true, retryAfterMs: 7_000 }),
  never: () => new SluiceError("send_failed", "no such chat"),
  forever: () => new SluiceError("rate_limited", "x", { retryable: true, retryAfterMs: Infinity }),
};
export default defineChannel({
  kind: "mine",
  schedule: { everyMs: 86_400_000, receive: () => undefined },
  reply: ({ text }) => { throw faults[text](); },
  chat: { edit: ({ text }) => { throw faults[text](); } },
});`;

test("CHILDFAULT-1: what a channel knows of a message that broke off reaches the hub: nothing is sent twice, and no part again", async () => {
  const { open } = await openScene(FAULTS);
  const connection = await open();
  const send = (text: string) => toFacts(connection.send({ chatId: "1", text }));
  expect(await send("maybe")).toEqual(["send_failed", true, undefined, MaybeSent, ["1"]]);
  expect(await send("part")).toEqual(["rate_limited", true, 4_000, PartlySent, ["1", "2"]]);
  expect(await send("wait")).toEqual(["rate_limited", true, 7_000, undefined, undefined]);
  expect(await send("never")).toEqual(["send_failed", false, undefined, undefined, undefined]);
  const edited = connection.edit?.("1", "2", "maybe") ?? Promise.resolve();
  expect(await toFacts(edited)).toEqual(["send_failed", true, undefined, MaybeSent, ["1"]]);
});

test("a wait that no timer holds is none, and costs no process", async () => {
  const { open, channel } = await openScene(FAULTS);
  const connection = await open();
  const sent = connection.send({ chatId: "1", text: "forever" });
  expect(await toFacts(sent)).toEqual(["rate_limited", true, undefined, undefined, undefined]);
  expect(channel.figures.ends).toBe(0);
});

test("a connection has those acts that its channel defines, and no others; each gets what it is told", async () => {
  const { open, taken } = await openScene(`import { defineChannel } from "sluice";
let push;
export default defineChannel({
  kind: "mine",
  service: { connect: (live) => { push = live.push; } },
  reply: () => "1",
  chat: {
    maxFileBytes: 7,
    hasForms: true,
    mark: (input) => push(JSON.stringify(input)).then(() => undefined),
    typing: (input) => push(JSON.stringify(input)).then(() => undefined),
  },
});`);
  const connection = await open();
  expect(connection).toMatchObject({ maxFileBytes: 7, hasForms: true });
  expect([connection.edit, connection.react, connection.download]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  await connection.mark?.("1", "2", "lost");
  await connection.typing?.("1", "approval", "3");
  expect(taken.map(({ text }) => JSON.parse(text) as unknown)).toEqual([
    { chatId: "1", messageId: "2", sign: "lost" },
    { chatId: "1", activity: "approval", threadId: "3" },
  ]);
});

test("CHECK-1: what it says of a chat restricts, its account is the channel, and what it leaves out is a direct chat", async () => {
  const { open, taken } = await openScene(`import { defineChannel } from "sluice";
export default defineChannel({
  kind: "mine",
  reply: () => "1",
  service: {
    connect: (live) =>
      live.pushAll([
        { text: "yes abcde", sender: { id: "ann" } },
        { text: "yes abcde", sender: { id: "ann" }, chat: { place: "group", groupId: "g", isAddressed: false, account: undefined } },
        { text: "yes abcde", sender: { id: "ann" }, chat: { isForwarded: true } },
        { text: "yes abcde", sender: { id: "ann" }, chat: { isEdited: true } },
        { text: "Ann chose Allow", isTold: true, sender: { id: "ann" }, chat: { button: "b.1" }, quotes: [{ label: "message", text: "on Mondays" }] },
        { text: "", sender: { id: "ann" }, files: [{ reference: "f1", name: "a.txt" }], answering: "q" },
      ], "7"),
  },
}); `);
  await open();
  await expect.poll(() => taken.length).toBe(6);
  expect(taken.map((arrival) => arrival.chat?.place)).toEqual([
    "dm",
    "group",
    "dm",
    "dm",
    "dm",
    "dm",
  ]);
  expect(new Set(taken.map((arrival) => arrival.chat?.account))).toEqual(new Set(["mine"]));
  expect(taken.map(readOwnWords)).toEqual(["yes abcde", "yes abcde", "", "", "on Mondays", ""]);
  expect(taken[1]?.chat).toMatchObject({ groupId: "g", isAddressed: false });
  expect(taken[5]).toMatchObject({ files: [{ reference: "f1" }], answering: "q" });
});

test("CHILDFILE-1: a file that goes out is read over the pipe, also one of many pieces; no other file of the machine is", async () => {
  const { open, taken } = await openScene(`import { defineChannel } from "sluice";
import { createHash } from "node:crypto";
let live;
export default defineChannel({
  kind: "mine",
  service: { connect: (given) => { live = given; } },
  reply: async ({ files }) => {
    const [file] = files;
    const content = await file.read();
    await live.push([content.length, createHash("sha256").update(content).digest("hex")].join(" "));
    return "1";
  },
  chat: {
  },
});`);
  const connection = await open();
  const file = makeFile(5 * MIB + 3);
  await connection.send({ chatId: "1", text: "", files: [file] });
  const { createHash } = await import("node:crypto");
  const digest = createHash("sha256").update(Buffer.alloc(file.bytes, "report ")).digest("hex");
  expect(taken.map(({ text }) => text)).toEqual([`${file.bytes} ${digest}`]);
});

test("CHILDFILE-2: what is fetched comes whole, up to what was asked for; what is more is refused and the process goes on", async () => {
  const { open, channel } = await openScene(
    define(`schedule: { everyMs: 86_400_000, receive: () => undefined }, reply: () => "1",
      chat: { download: ({ reference }) => Buffer.alloc(Number(reference), "x") }`),
  );
  const connection = await open();
  for (const bytes of [0, 1, MIB, 20 * MIB + 1])
    expect((await connection.download?.(String(bytes), 25 * MIB))?.length).toBe(bytes);
  await expect(connection.download?.("101", 100)).rejects.toMatchObject({ code: "too_large" });
  expect((await connection.download?.("100", 100))?.toString()).toBe("x".repeat(100));
  expect(channel.figures.ends).toBe(0);
});

test("what the platform says later of a message is told to the hub, and what a tap is answered reaches the channel", async () => {
  const told: string[][] = [];
  const { open, taken } = await openScene(
    `import { defineChannel } from "sluice";
export default defineChannel({
  kind: "mine",
  reply: () => "1",
  service: {
    connect: async (live) => {
      await live.undelivered("m1", "the window is closed");
      const { answer } = await live.push({ text: "a tap", isTold: true, sender: { id: "ann" }, chat: { button: "b.1" } });
      await live.push(String(answer));
    },
  },
});`,
    {
      take: async (arrivals) => {
        taken.push(...arrivals);
        return arrivals.map(() => ({ kind: "dropped", reason: "answered", answer: "Allowed" }));
      },
    },
  );
  await open({ undelivered: async (id, reason) => void told.push([id, reason]) });
  await expect.poll(() => taken.at(-1)?.text).toBe("Allowed");
  expect(told).toEqual([["m1", "the window is closed"]]);
});

test("CHILDFILE-3: many messages at once that each wait for their file are all kept", async () => {
  let fetch: (reference: string) => Promise<unknown> = async () => undefined;
  const { open, taken } = await openScene(
    `import { defineChannel } from "sluice";
export default defineChannel({
  kind: "mine",
  reply: () => "1",
  service: {
    connect: (live) => {
      for (let nth = 0; nth < 40; nth++)
        void live.push({ text: "", sender: { id: "ann" }, files: [{ reference: String(nth), name: "a.png" }] });
    },
  },
  chat: { download: async ({ reference }) => Buffer.from(reference) },
});`,
    {
      take: async (arrivals) => {
        for (const { files = [] } of arrivals)
          for (const { reference } of files) await fetch(reference);
        taken.push(...arrivals);
        return arrivals.map(() => ({ kind: "stored", id: "evt_1" }));
      },
    },
  );
  const opened = Promise.withResolvers<void>();
  fetch = async (reference) => {
    await opened.promise;
    return connection.download?.(reference, 100);
  };
  const connection = await open();
  // All of them have been pushed, and more wait than are taken at a time.
  await expect.poll(() => taken.length).toBe(0);
  opened.resolve();
  await expect.poll(() => taken.length, { timeout: 30_000 }).toBe(40);
});
