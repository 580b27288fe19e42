import { expect, test } from "vitest";
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

test("SLACKSOCKET-1: the ticket of a socket stands in no log line, state or fault", async () => {
  await using rig = await Rig.open({ timings: { helloMs: 300 } });
  rig.fake.sockets.isMute = true;
  rig.fake.sockets.cut();
  await until(() => rig.fake.done("apps.connections.open").length >= 3);
  const said = JSON.stringify([rig.logged, rig.states]);
  expect(said).not.toMatch(/ticket|ws:/);
  expect(said).toContain("no hello came");
});
