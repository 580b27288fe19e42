import { expect, onTestFinished, test } from "vitest";
import { listOutbox } from "../store/outbox.ts";
import { addOffer, markDone } from "../store/deliveries.ts";
import type { OpenMessage } from "../store/open-chats.ts";
import { addEvent, findEvent } from "../store/inbox.ts";
import { openDatabase, toArrival } from "../store/sample.fixture.ts";
import { NOBODY_TEXT, Presence, toShows } from "./presence.ts";
import { VirtualClock } from "./virtual-clock.fixture.ts";

const NOW = 1_000_000;

function toMessage(changes: Partial<OpenMessage> = {}): OpenMessage {
  return {
    event: "evt_1",
    channel: "telegram",
    chatId: "7",
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

test("one thing is shown in a chat: that somebody works on one of its messages wins", () => {
  const messages = [
    toMessage({ event: "evt_1" }),
    toMessage({ event: "evt_2", state: "offered", attachment: "att" }),
    toMessage({ event: "evt_3", chatId: "8" }),
  ];
  const look = { isBusy: () => true, hasTaker: () => false, now: NOW };
  expect(toShows(messages, look)).toEqual([
    { kind: "typing", channel: "telegram", chatId: "7" },
    { kind: "nobody", channel: "telegram", chatId: "8" },
  ]);
});

function openPresence() {
  const db = openDatabase();
  const clock = new VirtualClock();
  const typed: number[] = [];
  let isBusy = true;
  let hasTaker = true;
  const ignore = (): void => {};
  const presence = new Presence({
    db,
    clock,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    channels: () => ["telegram"],
    look: { isBusy: () => isBusy, hasTaker: () => hasTaker },
    showTyping: async () => void typed.push(clock.now()),
    saysNobody: () => true,
    queued: ignore,
  });
  onTestFinished(() => presence.close());
  const write = (): Promise<string> =>
    db.write(() => {
      const arrival = toArrival({ channel: "telegram", chatId: "7", ack: "reply" });
      return addEvent(db, arrival, "chatter", clock.now(), clock.now()).id;
    });
  const set = (next: { isBusy?: boolean; hasTaker?: boolean }): void => {
    isBusy = next.isBusy ?? isBusy;
    hasTaker = next.hasTaker ?? hasTaker;
  };
  return { db, clock, typed, write, set };
}

test("U1: typing is kept alive every four seconds until the answer, then nothing ticks", async () => {
  const { db, clock, typed, write } = openPresence();
  const id = await write();
  const event = findEvent(db, id);
  const offer = { attachment: "att", session: "s", lane: "monitor", receipt: null } as const;
  await db.write(() => addOffer(db, event ?? { id, attempts: 0 }, offer, clock.now()));
  await clock.advance(20_000);
  expect(typed.length).toBeGreaterThanOrEqual(5);
  expect(typed.slice(1).every((at, i) => at - (typed[i] ?? 0) <= 4_000)).toBe(true);
  await db.write(() => markDone(db, id, "answered", "s", clock.now()));
  const count = typed.length;
  await clock.advance(60_000);
  expect(typed.length).toBe(count);
});

test("U2: that nobody listens is said once an hour, and not for what is old", async () => {
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
