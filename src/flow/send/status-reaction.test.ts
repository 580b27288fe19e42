import { expect, test } from "vitest";
import type { Sign } from "../../sdk/message.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { addAttempt, markDone } from "../../store/events/deliveries.ts";
import { addEvent } from "../../store/events/add-event.ts";
import { findEvent, moveEvent } from "../../store/events/inbox.ts";
import { type MessageEnding, listOpenMessages } from "../../store/outbox/open-chats.ts";
import { addEffect, listOutbox, retryEffect } from "../../store/outbox/outbox.ts";
import type { Effect } from "../../store/outbox/effect.ts";
import { openDatabase, toArrival } from "../../store/sample.fixture.ts";
import { StatusReactions, toFinalSign } from "./status-reaction.ts";
import { VirtualClock } from "../virtual-clock.fixture.ts";

function openSigns() {
  const db = openDatabase();
  const clock = new VirtualClock();
  const marks: string[] = [];
  let fault: unknown;
  let waits = false;
  let isConnected = true;
  const ignore = (): void => {};
  const mark = async (_channel: string, chatId: string, messageId: string, sign: Sign) => {
    marks.push(`${chatId}/${messageId} ${sign}`);
    if (fault !== undefined) throw fault;
  };
  const live = (): StatusReactions =>
    new StatusReactions({
      db,
      clock,
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      mark: (...sign) => (isConnected ? mark(...sign) : undefined),
      waitsForApproval: () => waits,
    });
  let signs = live();
  const round = async (): Promise<void> => {
    signs.round(listOpenMessages(db, ["telegram"], 1_000));
    // What a mark came to is known in a later turn.
    await new Promise(setImmediate);
  };
  const write = (messageId: string, chatId = "7"): Promise<string> =>
    db.write(() => {
      const meta = { message_id: messageId };
      const arrival = toArrival({ channel: "telegram", chatId, ack: "reply", meta });
      return addEvent(db, arrival, "chatter", clock.now(), clock.now()).id;
    });
  const offer = (id: string): Promise<unknown> => {
    const event = findEvent(db, id) ?? { id, attempts: 0 };
    const to = { attachment: "att", session: "s", lane: "monitor", receipt: null } as const;
    return db.write(() => addAttempt(db, event, to, clock.now()));
  };
  const out = (event: string, kind: Effect["kind"]): Promise<unknown> =>
    db.write(() =>
      addEffect(
        db,
        { kind, event, channel: "telegram", chatId: "7", session: "s", text: "x" },
        clock.now(),
      ),
    );
  const settle = (state: string): Promise<unknown> =>
    db.write(() => db.run("UPDATE outbox SET state = ?", state));
  const retry = (): Promise<unknown> =>
    db.write(() => {
      for (const { id } of listOutbox(db, { limit: 9 })) retryEffect(db, id, clock.now());
    });
  const purge = (event: string): Promise<unknown> =>
    db.write(() => {
      db.run("DELETE FROM events WHERE id = ?", event);
    });
  const end = (event: string, state: "done" | "dead" | "expired"): Promise<unknown> =>
    db.write(() =>
      state === "done"
        ? markDone(db, event, "answered", "s", clock.now())
        : moveEvent(db, event, state, { at: clock.now(), stage: state }),
    );
  return {
    db,
    get signs() {
      return signs;
    },
    restart: () => (signs = live()),
    connect: (next: boolean) => (isConnected = next),
    clock,
    marks,
    round,
    write,
    offer,
    out,
    settle,
    retry,
    purge,
    end,
    fail: (next: unknown) => (fault = next),
    wait: (next: boolean) => (waits = next),
  };
}

test.each<[string, MessageEnding | undefined, Sign | "wait"]>([
  ["answered", { state: "done", reply: "sent", isMarked: false }, "answered"],
  ["perhaps answered", { state: "done", reply: "maybe", isMarked: false }, "maybe"],
  [
    "answered, and the answer is on its way",
    { state: "done", reply: "queued", isMarked: false },
    "wait",
  ],
  ["answered, and the answer failed", { state: "done", reply: "failed", isMarked: false }, "lost"],
  ["closed without an answer", { state: "done", reply: null, isMarked: false }, "done"],
  ["expired", { state: "expired", reply: null, isMarked: false }, "lost"],
  ["dead", { state: "dead", reply: null, isMarked: false }, "lost"],
  [
    "answered by one session, while another's copy expired",
    { state: "expired", reply: "sent", isMarked: false },
    "answered",
  ],
  [
    "open, beyond what was read of the chats",
    { state: "stored", reply: null, isMarked: false },
    "wait",
  ],
  ["purged", undefined, "answered"],
])("a message that is %s", (_name, ending, expected) => {
  expect(toFinalSign(ending)).toBe(expected);
});

test("a message is marked as received at once, as waiting for approval meanwhile, and no more once it is answered", async () => {
  const { signs, marks, round, write, offer, out, settle, end, wait } = openSigns();
  const id = await write("11");
  await round();
  await round();
  await offer(id);
  await round();
  wait(true);
  await round();
  wait(false);
  await round();
  await out(id, "reply");
  await end(id, "done");
  await round();
  expect(marks).toEqual(["7/11 received", "7/11 approval", "7/11 received"]);
  expect(signs.isBusy).toBe(true);
  await settle("sent");
  await round();
  expect(marks.at(-1)).toBe("7/11 answered");
  expect(signs.isBusy).toBe(false);
});

test("REACTION-5: a message whose answer may not have arrived is never shown as answered: it says so, and what a person does about it is followed", async () => {
  const scene = openSigns();
  const { marks, round, write, out, settle, end, restart, retry, purge } = scene;
  const id = await write("1");
  await round();
  await out(id, "reply");
  await end(id, "done");
  await settle("maybe");
  await round();
  await round();
  expect(marks).toEqual(["7/1 received", "7/1 maybe"]);
  expect(scene.signs.isBusy).toBe(false);
  // An old one, as well: it may have become unsure by the death of the hub.
  await scene.clock.advance(24 * 3_600_000);
  await end(await write("2"), "dead");
  restart();
  await round();
  await round();
  expect(marks.slice(2).toSorted()).toEqual(["7/1 maybe", "7/2 lost"]);
  expect(scene.signs.isBusy).toBe(false);
  await retry();
  await round();
  expect(scene.signs.isBusy).toBe(true);
  await settle("maybe");
  await round();
  expect(marks.slice(4)).toEqual(["7/1 maybe"]);
  await purge(id);
  await round();
  expect(marks.slice(5)).toEqual([]);
  expect(scene.signs.isBusy).toBe(false);
});

test("REACTION-5: an answer that was sent again by hand and arrived is an answer", async () => {
  const { marks, round, write, out, settle, end, retry } = openSigns();
  const id = await write("1");
  await round();
  await out(id, "reply");
  await end(id, "done");
  for (const state of ["maybe", "queued", "sent"]) {
    if (state === "queued") await retry();
    else await settle(state);
    await round();
  }
  expect(marks).toEqual(["7/1 received", "7/1 maybe", "7/1 answered"]);
});

test("what nobody took says so at its message", async () => {
  const { marks, round, write, end } = openSigns();
  const [one, two] = [await write("1"), await write("2")];
  await round();
  await end(one, "expired");
  await end(two, "dead");
  await round();
  expect(marks.toSorted()).toEqual(["7/1 lost", "7/1 received", "7/2 lost", "7/2 received"]);
});

test("REACTION-4: a message that the session has marked itself is left as it is", async () => {
  const { signs, marks, round, write, offer, out, end, wait } = openSigns();
  const id = await write("1");
  await round();
  await offer(id);
  await out(id, "react");
  wait(true);
  await round();
  wait(false);
  await round();
  await end(id, "done");
  await round();
  expect(marks).toEqual(["7/1 received"]);
  expect(signs.isBusy).toBe(false);
});

test("REACTION-2: a chat that refuses signs is left alone for an hour; another one is not", async () => {
  const { clock, marks, round, write, fail } = openSigns();
  fail(new SluiceError("send_failed", "telegram: setMessageReaction: REACTION_INVALID (400)"));
  await write("1");
  await round();
  fail(undefined);
  await write("2");
  await write("3", "8");
  await round();
  expect(marks).toEqual(["7/1 received", "8/3 received"]);
  await clock.advance(3_600_000);
  await round();
  expect(marks.slice(2).toSorted()).toEqual(["7/1 received", "7/2 received"]);
});

test("REACTION-1: a platform that is busy is asked again with the next rounds, and not for ever", async () => {
  const { signs, clock, marks, round, write, end, fail } = openSigns();
  const id = await write("1");
  await round();
  await end(id, "dead");
  fail(new SluiceError("send_failed", "slow down", { retryable: true, retryAfterMs: 5_000 }));
  for (let i = 0; i < 60; i++) {
    await round();
    await clock.advance(4_000);
  }
  const tries = marks.filter((mark) => mark === "7/1 lost").length;
  expect(tries).toBeGreaterThan(5);
  expect(tries).toBeLessThan(20);
  expect(signs.isBusy).toBe(false);
});

test("a last sign that is on its way keeps the rounds going: a busy platform may have to be asked again", async () => {
  const { signs, marks, write, end, fail } = openSigns();
  const id = await write("1");
  signs.round([]);
  expect(signs.isBusy).toBe(false);
  const open = [
    {
      event: id,
      channel: "telegram",
      chatId: "7",
      messageId: "1",
      threadId: null,
      address: "",
      state: "stored" as const,
      attachment: null,
      receivedAt: 0,
    },
  ];
  signs.round(open);
  await new Promise(setImmediate);
  await end(id, "dead");
  fail(new SluiceError("send_failed", "slow down", { retryable: true }));
  signs.round([]);
  expect(signs.isBusy).toBe(true);
  await new Promise(setImmediate);
  expect(signs.isBusy).toBe(true);
  expect(marks).toEqual(["7/1 received", "7/1 lost"]);
});

test("REACTION-1: a death between an answer and its sign leaves nothing behind: the next life tidies what ended lately", async () => {
  const scene = openSigns();
  const { clock, marks, round, write, out, settle, end, restart } = scene;
  const old = await write("1");
  await end(old, "dead");
  await clock.advance(3_600_000);
  const [answered, dead] = [await write("2"), await write("3")];
  await round();
  await out(answered, "reply");
  await settle("sent");
  await end(answered, "done");
  await end(dead, "dead");
  restart();
  expect(scene.signs.isBusy).toBe(true);
  await round();
  expect(marks.slice(2).toSorted()).toEqual(["7/2 answered", "7/3 lost"]);
  await round();
  expect(scene.signs.isBusy).toBe(false);
});

test("REACTION-1: to take back a sign that was perhaps never shown is no test of its chat", async () => {
  const { marks, round, write, out, settle, end, restart, fail } = openSigns();
  const id = await write("1");
  await out(id, "reply");
  await settle("sent");
  await end(id, "done");
  restart();
  fail(new SluiceError("send_failed", "telegram: setMessageReaction: nothing to take back (400)"));
  await round();
  fail(undefined);
  await write("2");
  await round();
  expect(marks).toEqual(["7/1 answered", "7/2 received"]);
});

test("what is over is not waited for without end where the channel is gone", async () => {
  const scene = openSigns();
  const { round, write, end, connect } = scene;
  const id = await write("1");
  await round();
  await end(id, "expired");
  connect(false);
  for (let i = 0; i < 20; i++) await round();
  expect(scene.signs.isBusy).toBe(false);
});

test("REACTION-3: of a burst the newest messages are marked, 20 a minute in a chat and 10 in a round", async () => {
  const { clock, marks, round, write } = openSigns();
  for (let i = 1; i <= 50; i++) await write(String(i));
  await round();
  expect(marks).toHaveLength(10);
  expect(marks[0]).toBe("7/50 received");
  for (let i = 0; i < 5; i++) await round();
  expect(marks).toHaveLength(20);
  await clock.advance(60_000);
  await round();
  expect(marks).toHaveLength(30);
});

test("REACTION-6: a voice note that could not be made out says so while it is open, once, and its answer takes that away", async () => {
  const scene = openSigns();
  const { db, marks, round, write, out, settle, end } = scene;
  const id = await write("1");
  await round();
  await db.write(() =>
    db.run("UPDATE events SET meta = json_set(meta, '$.transcription', 'failed') WHERE id = ?", id),
  );
  await round();
  await round();
  expect(marks).toEqual(["7/1 received", "7/1 lost"]);
  await out(id, "reply");
  await settle("sent");
  await end(id, "done");
  await round();
  expect(marks).toEqual(["7/1 received", "7/1 lost", "7/1 answered"]);
  const other = await write("2");
  await db.write(() =>
    db.run("UPDATE events SET meta = json_set(meta, '$.transcription', 'failed')"),
  );
  await round();
  await end(other, "expired");
  await round();
  expect([marks.at(-1), scene.signs.isBusy]).toEqual(["7/2 lost", false]);
});
