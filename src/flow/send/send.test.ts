import { expect, onTestFinished, test } from "vitest";
import type { ChannelConnection } from "../../sdk/channel.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { MaybeSent, type OutgoingMessage, PartlySent } from "../../sdk/message.ts";
import { addEffect, findEffect, listOutbox, retryEffect } from "../../store/outbox/outbox.ts";
import type { Effect } from "../../store/outbox/effect.ts";
import { makeFolder, openDatabase } from "../../store/sample.fixture.ts";
import { join } from "node:path";
import { Sending, toRetry } from "./send.ts";
import { settle, VirtualClock } from "../virtual-clock.fixture.ts";

type Answer = (message: OutgoingMessage) => Promise<string[]>;

async function openScene(path = join(makeFolder(), "inbox.db"), clock = new VirtualClock()) {
  const db = openDatabase(path);
  const sent: string[] = [];
  const told: string[] = [];
  let answer: Answer = async () => ["1"];
  const connection: ChannelConnection = {
    send: async (message) => {
      const messageIds = await answer(message);
      sent.push(`${message.chatId}:${message.text}`);
      return { messageIds };
    },
    edit: async (chatId, id, text) => void sent.push(`edit ${chatId}/${id}: ${text}`),
    close: async () => undefined,
  };
  let live: ChannelConnection | undefined = connection;
  const ignore = (): void => {};
  const sending = new Sending({
    db,
    clock,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    connected: () => ["tg"],
    connection: () => live,
    unsure: ({ id, state }) => told.push(`${id} ${state}`),
  });
  const found = await sending.open();
  onTestFinished(() => sending.close(1));
  return {
    db,
    clock,
    sent,
    told,
    found,
    sending,
    path,
    answer: (next: Answer): void => void (answer = next),
    connect: (isUp: boolean): void => {
      live = isUp ? connection : undefined;
      sending.changed();
    },
    /** As if all had been asked for so much earlier. */
    age: (ms: number) =>
      db.write(() => db.run("UPDATE outbox SET created_at = created_at - ?", ms)),
    async add(text: string, changes: Partial<Effect> = {}): Promise<number> {
      const effect: Effect = {
        kind: "send",
        event: null,
        channel: "tg",
        chatId: "7",
        session: "s",
        text,
        ...changes,
      };
      const { row } = await db.write(() => addEffect(db, effect, clock.now()));
      sending.changed();
      await settle();
      return row.id;
    },
  };
}

const fault = (more: ConstructorParameters<typeof SluiceError>[2], code = "send_failed" as const) =>
  new SluiceError(code, "the platform said no", more);

test("what is queued leaves, and its ids are kept", async () => {
  const { add, db, sent } = await openScene();
  const id = await add("hello");
  expect(sent).toEqual(["7:hello"]);
  expect(findEffect(db, id)).toMatchObject({ state: "sent", messageIds: ["1"], attempts: 1 });
});

test("SEND-2: a chat's messages leave in order; another chat does not wait for them", async () => {
  const { add, sent, answer, clock } = await openScene();
  answer(async ({ text }) => {
    if (text === "first" && clock.now() < start + 5_000)
      throw fault({ retryable: true, retryAfterMs: 5_000 });
    return ["1"];
  });
  const start = clock.now();
  await add("first");
  await add("second");
  await add("elsewhere", { chatId: "8" });
  expect(sent).toEqual(["8:elsewhere"]);
  await clock.advance(4_990);
  expect(sent).toEqual(["8:elsewhere"]);
  await clock.advance(20);
  await settle();
  expect(sent).toEqual(["8:elsewhere", "7:first", "7:second"]);
});

test("SEND-2: however many chats wait, four of a channel are written to at the same time", async () => {
  const { add, answer, sent } = await openScene();
  let open = 0;
  let most = 0;
  const waiting: (() => void)[] = [];
  answer(async () => {
    most = Math.max(most, ++open);
    await new Promise<void>((done) => waiting.push(done));
    open--;
    return ["1"];
  });
  for (let chat = 0; chat < 12; chat++) await add("hello", { chatId: String(chat) });
  while (sent.length < 12) {
    waiting.shift()?.();
    await settle();
  }
  expect(most).toBe(4);
});

test("who waits for an outcome is told that nothing is known when the store cannot be read, and the hub lives on", async () => {
  const { add, answer, db, clock, sending } = await openScene();
  answer(() => new Promise(() => {}));
  const id = await add("hello");
  const settled = sending.settled(id, 8_000);
  db.close();
  await clock.advance(8_000);
  expect(await settled).toBeUndefined();
});

test("SEND-3: what fails for a while is tried again after 1, 2, 4 ... 60 s, and has failed after a day", async () => {
  const { add, age, db, clock, answer } = await openScene();
  const tries: number[] = [];
  answer(async () => {
    tries.push(clock.now());
    throw fault({ retryable: true });
  });
  const id = await add("hello");
  await clock.advance(200_000);
  const waits = tries.slice(1).map((at, i) => Math.round((at - (tries[i] ?? 0)) / 1_000));
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  await age(24 * 3_600_000);
  await clock.advance(61_000);
  expect(findEffect(db, id)?.state).toBe("failed");
  const count = tries.length;
  await clock.advance(300_000);
  expect(tries.length).toBe(count);
});

test("a refusal is final, and asked for again it is tried again", async () => {
  const { add, db, answer, sent } = await openScene();
  answer(async () => {
    throw fault({});
  });
  const id = await add("hello");
  expect(findEffect(db, id)).toMatchObject({ state: "failed", reason: "the platform said no" });
  answer(async () => ["2"]);
  expect(await add("hello")).toBe(id);
  expect(sent).toEqual(["7:hello"]);
});

test.each([
  ["a fault that says so", fault({ retryable: true, cause: new MaybeSent("broke off", ["5"]) })],
  ["a bug in the channel", new TypeError("x is undefined")],
])("what may have arrived is never repeated by itself: %s", async (_name, thrown) => {
  const { add, db, clock, answer, told } = await openScene();
  let calls = 0;
  answer(async () => {
    calls++;
    throw thrown;
  });
  const id = await add("hello");
  expect(findEffect(db, id)?.state).toBe("maybe");
  await add("hello");
  await clock.advance(300_000);
  expect(calls).toBe(1);
  expect(told).toEqual([`${id} maybe`]);
  await db.write(() => retryEffect(db, id, clock.now()));
  await add("next");
  expect(calls).toBe(3);
});

test("SEND-4: a notice of our own that may not have arrived is no reason for another one", async () => {
  const { add, db, answer, told } = await openScene();
  answer(async () => {
    throw fault({ cause: new MaybeSent("broke off") });
  });
  const id = await add("Sluice: something", { kind: "notice" });
  expect(findEffect(db, id)?.state).toBe("maybe");
  expect(told).toEqual([]);
});

test("SEND-3: a message in parts that waits for a day has failed, and asked for again goes on behind what arrived", async () => {
  const { add, age, db, clock, answer } = await openScene();
  const tries: (readonly string[] | undefined)[] = [];
  answer(async ({ arrived }) => {
    tries.push(arrived);
    throw fault({ retryable: true, cause: new PartlySent("then it broke", ["1", "2"]) });
  });
  const id = await add("hello", { kind: "reply" });
  expect(findEffect(db, id)).toMatchObject({ state: "queued", messageIds: ["1", "2"] });
  answer(async ({ arrived }) => {
    tries.push(arrived);
    throw fault({ retryable: true });
  });
  await age(24 * 3_600_000);
  await clock.advance(61_000);
  expect(findEffect(db, id)).toMatchObject({ state: "failed", messageIds: ["1", "2"] });
  answer(async ({ arrived = [] }) => {
    tries.push(arrived);
    return [...arrived, "3"];
  });
  await add("hello", { kind: "reply" });
  expect(findEffect(db, id)).toMatchObject({ state: "sent", messageIds: ["1", "2", "3"] });
  expect(tries[0]).toBeUndefined();
  expect(tries.slice(1).every((one) => one?.join() === "1,2")).toBe(true);
});

// OUTBOX-2, OUTBOX-3
test("SEND-1: what was leaving when the hub died is maybe at the next start; an edit is done again", async () => {
  const first = await openScene();
  first.answer(() => new Promise(() => {}));
  await first.add("half way");
  await first.add("behind it");
  await first.db.write(() => {
    first.db.run(
      "UPDATE outbox SET state = 'sending', kind = 'edit', target = '9' WHERE text = 'behind it'",
    );
  });
  await first.sending.close(1);
  first.db.close();
  const { db, sent, found } = await openScene(first.path, first.clock);
  expect(found).toMatchObject([{ text: "half way", state: "maybe" }]);
  await settle();
  expect(listOutbox(db, { limit: 9 }).map(({ text, state }) => [text, state])).toEqual([
    ["half way", "maybe"],
    ["behind it", "sent"],
  ]);
  expect(sent).toEqual(["edit 7/9: behind it"]);
});

test("a channel that is down keeps what it is to send; a refused credential loses nothing", async () => {
  const { add, db, sent, connect, answer, clock } = await openScene();
  connect(false);
  const id = await add("hello");
  await clock.advance(300_000);
  expect(findEffect(db, id)?.state).toBe("queued");
  answer(async () => {
    throw new SluiceError("unauthorized", "token rejected");
  });
  connect(true);
  await settle();
  expect(findEffect(db, id)).toMatchObject({ state: "queued", reason: "token rejected" });
  answer(async () => ["1"]);
  await clock.advance(60_000);
  expect(sent).toEqual(["7:hello"]);
});

test("who asks is told what became of it, or that it is still on its way", async () => {
  const { add, sending, connect, clock } = await openScene();
  const id = await add("hello");
  expect(await sending.settled(id, 1_000)).toMatchObject({ state: "sent" });
  connect(false);
  const later = await add("later");
  const told = sending.settled(later, 1_000);
  await clock.advance(1_000);
  expect(await told).toMatchObject({ state: "queued" });
  const soon = sending.settled(later, 10_000);
  connect(true);
  expect(await soon).toMatchObject({ state: "sent" });
  expect(await sending.settled(999, 1)).toBeUndefined();
});

test("an edit back to an earlier text is a change; the same edit twice is one", async () => {
  const { add, sent } = await openScene();
  const edit = (text: string): Promise<number> => add(text, { kind: "edit", target: "9" });
  for (const text of ["a", "b", "b", "a", "a"]) await edit(text);
  expect(sent).toEqual(["edit 7/9: a", "edit 7/9: b", "edit 7/9: a"]);
});

test("the same words to a contact are one message for a day", async () => {
  const { add, age, sent } = await openScene();
  await add("report");
  await add("report ");
  await age(24 * 3_600_000);
  await add("report");
  expect(sent).toEqual(["7:report", "7:report"]);
});

test("toRetry: the platform's own word comes first", () => {
  const row = { attempts: 3, createdAt: 0 };
  const soft = { code: "rate_limited", retryable: true, retryAfterMs: 7_000 };
  expect(toRetry(row, soft, -1)).toBe(7_000);
  expect(toRetry(row, { ...soft, retryAfterMs: undefined }, -1)).toBe(4_000);
  expect(toRetry(row, { ...soft, retryable: false }, -1)).toBeUndefined();
  expect(toRetry(row, soft, 0)).toBeUndefined();
});
