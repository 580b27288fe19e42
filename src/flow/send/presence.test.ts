import { expect, onTestFinished, test } from "vitest";
import type { Sign } from "../../sdk/message.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { listOutbox } from "../../store/outbox/outbox.ts";
import { addAttempt, markDone } from "../../store/events/deliveries.ts";
import type { OpenMessage } from "../../store/outbox/open-chats.ts";
import { addEvent } from "../../store/events/add-event.ts";
import { findEvent } from "../../store/events/inbox.ts";
import { replayEvent } from "../../store/events/replay.ts";
import { openDatabase, toArrival } from "../../store/sample.fixture.ts";
import { APPROVAL_TEXT, NOBODY_TEXT, Presence, toShows } from "./presence.ts";
import { VirtualClock } from "../virtual-clock.fixture.ts";

const NOW = 1_000_000;

function toMessage(changes: Partial<OpenMessage> = {}): OpenMessage {
  return {
    event: "evt_1",
    channel: "telegram",
    chatId: "7",
    messageId: "11",
    threadId: null,
    address: "a",
    state: "stored",
    attachment: null,
    receivedAt: NOW - 6_000,
    ...changes,
  };
}

test.each<[string, Partial<OpenMessage>, { busy?: boolean; taker?: boolean }, string | undefined]>([
  [
    "held by a session in a turn",
    { state: "offered", attachment: "att" },
    { busy: true },
    "typing",
  ],
  ["seen, the turn goes on", { state: "seen", attachment: "att" }, { busy: true }, "typing"],
  ["held by an idle session", { state: "offered", attachment: "att" }, {}, undefined],
  ["waiting, and nobody can take it", {}, {}, "nobody"],
  ["waiting for a session that is there", {}, { taker: true }, undefined],
  ["just come", { receivedAt: NOW - 4_000 }, {}, undefined],
  ["waiting since yesterday", { receivedAt: NOW - 86_400_000 }, {}, undefined],
])("a chat whose message is %s", (_name, changes, { busy = false, taker = false }, expected) => {
  const look = { isBusy: () => busy, hasTaker: () => taker, now: NOW };
  expect(toShows([toMessage(changes)], look).map(({ kind }) => kind)).toEqual(
    expected === undefined ? [] : [expected],
  );
});

test("nobody is said to listen only where no session can take any copy of a message", () => {
  const copies = [
    toMessage({ event: "evt_1", address: "gone" }),
    toMessage({ event: "evt_1", address: "there" }),
  ];
  const look = { isBusy: () => false, now: NOW };
  const shows = (there: boolean) =>
    toShows(copies, { ...look, hasTaker: (address) => there && address === "there" });
  expect(shows(true)).toEqual([]);
  expect(shows(false)).toMatchObject([{ kind: "nobody" }]);
});

test("one thing is shown in a chat: that somebody works on one of its messages wins", () => {
  const messages = [
    toMessage({ event: "evt_1" }),
    toMessage({ event: "evt_2", state: "offered", attachment: "att" }),
    toMessage({ event: "evt_3", chatId: "8" }),
  ];
  const look = { isBusy: () => true, hasTaker: () => false, now: NOW };
  expect(toShows(messages, look)).toEqual([
    { kind: "typing", channel: "telegram", chatId: "7", threadId: null, activity: "working" },
    { kind: "nobody", channel: "telegram", chatId: "8", threadId: null },
  ]);
});

test("two topics of one chat are shown typing, each in its own (PRESENCE-1)", () => {
  const held = { state: "offered", attachment: "att" } as const;
  const messages = [
    toMessage({ ...held, event: "evt_1", threadId: "5" }),
    toMessage({ ...held, event: "evt_2", threadId: "5" }),
    toMessage({ ...held, event: "evt_3", threadId: "6" }),
  ];
  const look = { isBusy: () => true, hasTaker: () => false, now: NOW };
  expect(toShows(messages, look).map(({ kind, threadId }) => [kind, threadId])).toEqual([
    ["typing", "5"],
    ["typing", "6"],
  ]);
});

function openPresence(mark?: (sign: Sign) => Promise<void>) {
  const db = openDatabase();
  const clock = new VirtualClock();
  const typed: number[] = [];
  const activities: string[] = [];
  let rounds = 0;
  let isBusy = true;
  let hasTaker = true;
  let waits = false;
  let saysApproval = true;
  const ignore = (): void => {};
  const presence = new Presence({
    db,
    clock,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    channels: () => {
      rounds++;
      return ["telegram"];
    },
    look: { isBusy: () => isBusy, hasTaker: () => hasTaker, waitsForApproval: () => waits },
    showTyping: async (_channel, _chatId, activity) => {
      typed.push(clock.now());
      activities.push(activity);
    },
    ...(mark && { mark: (_channel, _chatId, _messageId, sign) => mark(sign) }),
    saysApproval: () => saysApproval,
    saysNobody: () => true,
    queued: ignore,
  });
  onTestFinished(() => presence.close());
  const write = (more: Record<string, string> = {}): Promise<string> =>
    db.write(() => {
      const meta = { message_id: "11", ...more };
      const arrival = toArrival({ channel: "telegram", chatId: "7", ack: "reply", meta });
      return addEvent(db, arrival, "chatter", clock.now(), clock.now()).id;
    });
  type Next = { isBusy?: boolean; hasTaker?: boolean; waits?: boolean; saysApproval?: boolean };
  const set = (next: Next): void => {
    waits = next.waits ?? waits;
    saysApproval = next.saysApproval ?? saysApproval;
    isBusy = next.isBusy ?? isBusy;
    hasTaker = next.hasTaker ?? hasTaker;
  };
  return { db, clock, typed, activities, write, set, countRounds: () => rounds };
}

test("PRESENCE-1: typing is kept alive every four seconds until the answer, then nothing ticks", async () => {
  const { db, clock, typed, write } = openPresence();
  const id = await write();
  const event = findEvent(db, id);
  const offer = { attachment: "att", session: "s", lane: "monitor", receipt: null } as const;
  await db.write(() => addAttempt(db, event ?? { id, attempts: 0 }, offer, clock.now()));
  await clock.advance(20_000);
  expect(typed.length).toBeGreaterThanOrEqual(5);
  expect(typed.slice(1).every((at, i) => at - (typed[i] ?? 0) <= 4_000)).toBe(true);
  await db.write(() => markDone(db, id, "answered", "s", clock.now()));
  const count = typed.length;
  await clock.advance(60_000);
  expect(typed.length).toBe(count);
});

test("what happens to an event of no chat is no reason for a look at chats", async () => {
  const { db, clock, write, countRounds } = openPresence();
  await clock.advance(60_000);
  const before = countRounds();
  const id = await db.write(() => addEvent(db, toArrival(), "source", 1, 1).id);
  await db.write(() => markDone(db, id, "read", "s", clock.now()));
  await clock.advance(60_000);
  expect(countRounds()).toBe(before);
  const message = await write();
  await clock.advance(1_000);
  expect(countRounds()).toBeGreaterThan(before);
  // Also one that was over, and waits again.
  await db.write(() => markDone(db, message, "answered", "s", clock.now()));
  await clock.advance(60_000);
  const after = countRounds();
  await db.write(() => replayEvent(db, { id: message, state: "done" }, undefined, clock.now()));
  await clock.advance(1_000);
  expect(countRounds()).toBeGreaterThan(after);
});

test("PRESENCE-2: that nobody listens is said once an hour, and not for what is old", async () => {
  const { db, clock, write, set } = openPresence();
  set({ isBusy: false, hasTaker: false });
  await clock.advance(60_000);
  const notices = (): number => listOutbox(db, { limit: 100 }).length;
  await write();
  await write();
  await clock.advance(4_000);
  expect(notices()).toBe(0);
  await clock.advance(1_800_000);
  expect(listOutbox(db, { limit: 9 })).toMatchObject([
    { kind: "notice", text: NOBODY_TEXT, chatId: "7" },
  ]);
  await write();
  await clock.advance(600_000);
  expect(notices()).toBe(1);
  await clock.advance(3_600_000);
  expect(notices()).toBe(1);
  await write();
  await clock.advance(10_000);
  expect(notices()).toBe(2);
});

test("PRESENCE-3: a chat whose session waits for a person's word is told so once an hour, and not the one who is asked", async () => {
  const { db, clock, activities, write, set } = openPresence();
  const id = await write();
  const event = findEvent(db, id) ?? { id, attempts: 0 };
  const offer = { attachment: "att", session: "s", lane: "monitor", receipt: null } as const;
  await db.write(() => addAttempt(db, event, offer, clock.now()));
  await clock.advance(8_000);
  set({ waits: true, saysApproval: false });
  await clock.advance(8_000);
  expect(new Set(activities)).toEqual(new Set(["working", "approval"]));
  expect(activities.at(-1)).toBe("approval");
  expect(listOutbox(db, { limit: 9 })).toEqual([]);
  set({ saysApproval: true });
  await clock.advance(60_000);
  expect(listOutbox(db, { limit: 9 })).toMatchObject([
    { kind: "notice", text: APPROVAL_TEXT, chatId: "7" },
  ]);
  set({ waits: false });
  await clock.advance(8_000);
  expect(activities.at(-1)).toBe("working");
});

test("PRESENCE-1: however much else happens, typing is shown neither more rarely nor more often", async () => {
  const { db, clock, typed, write } = openPresence();
  const id = await write();
  const event = findEvent(db, id) ?? { id, attempts: 0 };
  const offer = { attachment: "att", session: "s", lane: "monitor", receipt: null } as const;
  await db.write(() => addAttempt(db, event, offer, clock.now()));
  for (let i = 0; i < 70; i++) {
    await clock.advance(300);
    if (i % 3 === 0) await write();
  }
  const gaps = typed.slice(1).map((at, i) => at - (typed[i] ?? 0));
  expect(gaps.length).toBeGreaterThan(3);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(4_900);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4_000);
});

test("what is said of a message stands where the message does", async () => {
  const { db, clock, write, set } = openPresence();
  set({ isBusy: false, hasTaker: false });
  await clock.advance(60_000);
  await write({ thread_id: "5" });
  await clock.advance(10_000);
  expect(listOutbox(db, { limit: 9 })).toMatchObject([{ text: NOBODY_TEXT, threadId: "5" }]);
});

test("PRESENCE-4: a chat that takes no message of ours is tried once an hour, not with every round", async () => {
  const { db, clock, write, set } = openPresence();
  set({ isBusy: false, hasTaker: false });
  await clock.advance(60_000);
  await write();
  let tries = 0;
  for (let i = 0; i < 100; i++) {
    await clock.advance(4_000);
    // As the outbox leaves what a platform refuses.
    tries += await db.write(() =>
      db.run("UPDATE outbox SET state = 'failed' WHERE state = 'queued'"),
    );
  }
  expect(tries).toBe(1);
});

test("a last sign that a busy platform refused is shown with a later round, though nothing else happens", async () => {
  const shown: Sign[] = [];
  let refusals = 0;
  const { db, clock, write } = openPresence(async (sign) => {
    shown.push(sign);
    if (sign !== "received" && refusals++ === 0)
      throw new SluiceError("rate_limited", "slow down", { retryable: true });
  });
  const id = await write();
  await clock.advance(2_000);
  await db.write(() => markDone(db, id, "acknowledged", "s", clock.now()));
  await clock.advance(60_000);
  expect(shown).toEqual(["received", "done", "done"]);
});
