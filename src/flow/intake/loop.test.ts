import { expect, test } from "vitest";
import { addEffect } from "../../store/outbox/outbox.ts";
import { AccessRig, toMessage } from "../access/access-rig.fixture.ts";
import { countTurns, LOOP_TEXT, LoopBreaker } from "./loop.ts";

const MINUTE = 60_000;

async function openChat(): Promise<AccessRig> {
  const rig = new AccessRig();
  await rig.write("ana", await rig.invite());
  return rig;
}

/** A session's answer in that chat. */
function answer(rig: AccessRig, text: string, chatId = "ana"): Promise<unknown> {
  const effect = { kind: "send", event: null, channel: "chats", session: "s" } as const;
  return rig.db.write(() => addEffect(rig.db, { ...effect, chatId, text }, rig.clock.now()));
}

test("LOOP-1: a person who writes a hundred messages within a minute loses none, and nobody is told anything", async () => {
  const rig = await openChat();
  const [notices, said] = [rig.notices.length, rig.said.length];
  for (let i = 0; i < 100; i++) {
    expect(await rig.drop("ana", `thought ${i}`)).toBe("in");
    await rig.clock.advance(500);
  }
  expect([rig.notices.length, rig.said.length]).toEqual([notices, said]);
});

test("LOOP-1: nor does one whose twenty messages are answered one by one in a turn, and who goes on", async () => {
  const rig = await openChat();
  for (let turn = 0; turn < 3; turn++) {
    for (let i = 0; i < 20; i++) expect(await rig.drop("ana", `line ${turn} ${i}`)).toBe("in");
    await rig.clock.advance(1_000);
    for (let i = 0; i < 20; i++) await answer(rig, `to line ${turn} ${i}`);
    await rig.clock.advance(1_000);
  }
  expect(await rig.drop("ana", "thank you")).toBe("in");
});

// LOOP-3
test("two machines that answer each other stop after twenty messages; the chat and the owners are told once", async () => {
  const rig = await openChat();
  const [notices, said] = [rig.notices.length, rig.said.length];
  const outcomes: string[] = [];
  for (let i = 0; i < 60; i++) {
    const outcome = await rig.drop("ana", `ping ${i}`);
    outcomes.push(outcome);
    // What is not let in is not answered; a stubborn machine goes on all the same.
    if (outcome === "in") await answer(rig, `pong ${i}`);
    await rig.clock.advance(100);
  }
  const exchanged = outcomes.filter((one) => one === "in").length * 2;
  expect(exchanged).toBe(20);
  expect(outcomes.slice(10)).toEqual(Array.from({ length: 50 }, () => "loop"));
  expect(rig.notices.slice(notices)).toHaveLength(1);
  expect(rig.said.slice(said)).toEqual([{ channel: "chats", chatId: "ana", text: LOOP_TEXT }]);
  await rig.clock.advance(MINUTE);
  expect(await rig.drop("ana", "better now")).toBe("in");
});

test("two hubs in one group: each hears the other, and both fall silent", async () => {
  const [one, two] = [await openChat(), await openChat()];
  let exchanged = 0;
  const hear = async (rig: AccessRig): Promise<boolean> => {
    if ((await rig.drop("ana", `message ${exchanged}`)) !== "in") return false;
    await answer(rig, `message ${++exchanged}`);
    for (const each of [one, two]) await each.clock.advance(200);
    return true;
  };
  while (exchanged < 500 && (await hear(one)) && (await hear(two)));
  expect(exchanged).toBeLessThanOrEqual(20);
});

test("a slow conversation of hours, one answer for each message, is none", async () => {
  const rig = await openChat();
  for (let i = 0; i < 100; i++) {
    expect(await rig.drop("ana", `question ${i}`)).toBe("in");
    await rig.clock.advance(4_000);
    await answer(rig, `answer ${i}`);
    await rig.clock.advance(4_000);
  }
});

test("answers in another chat do not count", async () => {
  const rig = await openChat();
  for (let i = 0; i < 60; i++) {
    expect(await rig.drop("ana", `ping ${i}`)).toBe("in");
    await answer(rig, `pong ${i}`, "bob");
    await rig.clock.advance(100);
  }
});

test("a redelivered message counts once", async () => {
  const rig = await openChat();
  const again = { ...toMessage("ana", "hi"), deliveryId: "d1" };
  for (let i = 0; i < 40; i++) {
    expect(await rig.take(again)).toMatchObject({ kind: "stored" });
    await answer(rig, `pong ${i}`);
    await rig.clock.advance(100);
  }
});

test("LOOP-2: what was said over an hour and arrives at once is no loop", async () => {
  const rig = await openChat();
  const now = rig.clock.now();
  for (let i = 60; i > 0; i--) {
    const said = { ...toMessage("ana", `message ${i}`), occurredAt: now - i * MINUTE };
    expect(await rig.take(said)).toMatchObject({ kind: "stored" });
    await answer(rig, `pong ${i}`);
    await rig.clock.advance(100);
  }
});

test.each<[string, number[], number[], number]>([
  ["nothing", [], [], 0],
  ["no answer", [1, 2, 3], [], 0],
  ["one answer to all", [1, 2, 3], [4], 0],
  ["an answer between", [1, 3], [2], 1],
  ["many answers between", [1, 9], [2, 3, 4], 1],
  ["to and fro", [1, 3, 5, 7], [2, 4, 6, 8], 3],
  ["an answer before the first", [5, 6], [1], 0],
])("turns: %s", (_name, messages, answers, turns) => {
  expect(countTurns(messages, answers)).toBe(turns);
});

test("a chat is told in the place of it where the messages stand", async () => {
  const rig = await openChat();
  const said: unknown[] = [];
  const loops = new LoopBreaker({
    db: rig.db,
    clock: rig.clock,
    notifyOwner: () => {},
    say: (...told) => void said.push(told),
  });
  const message = { ...toMessage("ana", "ping"), meta: { thread_id: "5" } };
  for (let i = 0; i < 20 && !loops.isLoop(message); i++) {
    loops.count(message);
    await answer(rig, `pong ${i}`);
    await rig.clock.advance(100);
  }
  expect(said).toEqual([["chats", "ana", LOOP_TEXT, "5"]]);
});
