import { expect, test } from "vitest";
import { readOwnWords } from "../../sdk/words.ts";
import { ANN, GENERAL, ME } from "../../../test/fakes/slack/fake-slack.ts";
import { Rig, until } from "./rig.fixture.ts";

test("SLACKHISTORY-3: pages, 429 and faults of the look back are waited out; a conversation that Slack refuses is left out", async () => {
  await using rig = await Rig.open();
  rig.fake.say("first");
  await until(() => rig.taken.length === 1);
  await rig.drop();
  rig.fake.conversations.set("C0ARCHIVE", { name: "old" });
  for (let n = 0; n < 450; n++)
    rig.fake.messages.push({
      type: "message",
      user: ANN.id,
      channel: ANN.dm,
      text: `away ${n}`,
      ts: rig.fake.newTs(),
    });
  rig.fake.fail("users.conversations", { kind: "limited", seconds: 0 });
  rig.fake.fail("conversations.history", { kind: "gateway", status: 500 }, 2);
  rig.fake.fail("conversations.history", { kind: "error", error: "not_in_channel" }, 1, 4);
  await rig.connect();
  await until(() => rig.taken.length === 451);
  expect(rig.texts.slice(1)).toEqual(Array.from({ length: 450 }, (_, n) => `away ${n}`));
});

test("a hole is looked up by who belongs to the workspace as well: bots and guests are marked there too", async () => {
  await using rig = await Rig.open();
  rig.fake.say("first");
  await until(() => rig.taken.length === 1);
  await rig.drop();
  rig.fake.people.set("U0GUEST", { is_restricted: true });
  const said = { type: "message", channel: GENERAL, text: `<@${ME.user}> x` };
  rig.fake.messages.push({ ...said, user: "U0GUEST", ts: rig.fake.newTs() });
  rig.fake.messages.push({ ...said, user: ANN.id, bot_id: "B0OTHER", ts: rig.fake.newTs() });
  rig.fake.messages.push({ ...said, user: ME.user, bot_id: ME.bot, ts: rig.fake.newTs() });
  await rig.connect();
  await until(() => rig.taken.length === 3);
  expect(rig.taken.slice(1).map(({ chat }) => [chat?.isOutsider, chat?.isBot])).toEqual([
    [true, false],
    [undefined, true],
  ]);
});

test("SLACKEVENT-4: what was edited before the look back found it is a new message that owes an answer, and no fresh words", async () => {
  await using rig = await Rig.open();
  rig.fake.say("first");
  await until(() => rig.taken.length === 1);
  await rig.drop();
  const said = { type: "message", user: ANN.id, channel: ANN.dm, text: "yes abcde" };
  const [edited, plain] = [rig.fake.newTs(), rig.fake.newTs()];
  rig.fake.messages.push({ ...said, ts: edited, edited: { user: ANN.id, ts: rig.fake.newTs() } });
  rig.fake.messages.push({ ...said, ts: plain, edited: null });
  await rig.connect();
  await until(() => rig.taken.length === 3);
  expect(rig.taken[1]).toMatchObject({
    kind: "message",
    ack: "reply",
    deliveryId: `${ME.team}:${ANN.dm}:${edited}`,
    occurredAt: Math.floor(Number(edited) * 1_000),
    quotes: [{ label: "edited message", text: "yes abcde" }],
    chat: { isEdited: true },
    meta: { edited: "true" },
  });
  expect(rig.taken.map(readOwnWords)).toEqual(["first", "", "yes abcde"]);
  expect(rig.taken[2]?.chat?.isEdited).toBe(false);
  // The place moves past it, and its own event later says nothing new.
  expect(JSON.parse(rig.cursor ?? "{}").latest).toBe(plain);
  rig.fake.event({ ...said, ts: edited, channel_type: "im" });
  rig.fake.say("last");
  await until(() => rig.texts.includes("last"));
  expect(rig.taken).toHaveLength(4);
});

test("SLACKSOCKET-1: the ticket of a socket stands in no log line, state or fault", async () => {
  await using rig = await Rig.open({ timings: { helloMs: 300 } });
  rig.fake.sockets.isMute = true;
  rig.fake.sockets.cut();
  await until(() => rig.fake.done("apps.connections.open").length >= 3);
  const said = JSON.stringify([rig.logged, rig.states]);
  expect(said).not.toMatch(/ticket|ws:/);
  expect(said).toContain("no hello came");
});

test("a scope that is missing for one kind of conversation does not hide the others", async () => {
  await using rig = await Rig.open();
  rig.fake.say("first");
  await until(() => rig.taken.length === 1);
  await rig.drop();
  const away = { type: "message", user: ANN.id, channel: ANN.dm, text: "away" };
  rig.fake.messages.push({ ...away, ts: rig.fake.newTs() });
  rig.fake.fail("users.conversations", {
    kind: "error",
    error: "missing_scope",
    needed: "groups:read",
  });
  await rig.connect();
  await until(() => rig.texts.includes("away"));
});

test("times and ids of other lengths are read as well; what is none is left behind", async () => {
  await using rig = await Rig.open();
  for (const ts of ["1700000000.0001", "1700000001.1", "99999.000001"]) rig.fake.say(ts, { ts });
  rig.fake.say("by another id", { user: "U_ann-2", channel: "D1" });
  for (const ts of ["", "now", "1700000000", "1e9.1", "-1.1"]) rig.fake.say("no", { ts });
  rig.fake.say("no", { channel: "C1/../x" });
  rig.fake.say("no", { user: 7 });
  await until(() => rig.taken.length >= 4 && rig.fake.sockets.waiting === 0);
  expect(rig.texts.filter((text) => text !== "no")).toHaveLength(4);
  expect(rig.taken.filter(({ chat }) => chat?.isOutsider !== true)).toHaveLength(4);
});
