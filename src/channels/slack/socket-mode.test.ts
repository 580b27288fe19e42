/**
 * The traps of Socket Mode, each on a server that behaves so.
 */
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { ANN, FakeSlack, GENERAL, ME } from "../../../test/fakes/slack/fake-slack.ts";
import { Rig, until } from "./rig.fixture.ts";

test("SOCKETMODE-1: no message is lost over fifty refreshes, and there is always a socket", async () => {
  await using rig = await Rig.open();
  let leastOpen = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 50; round++) {
    const opens = rig.fake.done("apps.connections.open").length;
    const { end } = rig.fake.sockets.tell(round % 2 === 0 ? "refresh_requested" : "warning");
    rig.fake.say(`round ${round}`);
    await until(() => rig.fake.done("apps.connections.open").length > opens);
    await until(() => rig.fake.sockets.count > 1);
    leastOpen = Math.min(leastOpen, rig.fake.sockets.count);
    end();
    await until(() => rig.fake.sockets.count === 1);
    leastOpen = Math.min(leastOpen, rig.fake.sockets.count);
  }
  await until(() => rig.taken.length >= 50 && rig.fake.sockets.waiting === 0);
  expect(new Set(rig.texts).size).toBe(50);
  expect(rig.taken).toHaveLength(50);
  expect(leastOpen).toBe(1);
  expect(rig.states.map(({ kind }) => kind)).toEqual(["connected"]);
});

test("SOCKETMODE-2: an envelope is acknowledged only once it is kept", async () => {
  await using rig = await Rig.open();
  const gate = Promise.withResolvers<void>();
  rig.beforeTake = () => gate.promise;
  rig.fake.say("hello");
  await wait(150);
  expect(rig.fake.sockets.acks).toEqual([]);
  gate.resolve();
  await until(() => rig.fake.sockets.acks.length === 1 && rig.fake.sockets.waiting === 0);
  expect(rig.texts).toEqual(["hello"]);
});

test("SOCKETMODE-2: what came on a socket that is gone is acknowledged on the next one", async () => {
  await using rig = await Rig.open();
  rig.fake.sockets.retryMs = 60_000;
  const gate = Promise.withResolvers<void>();
  let isIn = false;
  rig.beforeTake = async () => {
    isIn = true;
    await gate.promise;
  };
  rig.fake.say("hello");
  await until(() => isIn);
  rig.fake.sockets.cut();
  await until(() => rig.fake.done("apps.connections.open").length === 2);
  await until(() => rig.fake.sockets.count === 1);
  gate.resolve();
  await until(() => rig.fake.sockets.waiting === 0);
  expect(rig.texts).toEqual(["hello"]);
});

test("SLACKEVENT-2: the same envelope twice, and the same event in another envelope, are one", async () => {
  await using rig = await Rig.open();
  const event = {
    type: "message",
    channel: ANN.dm,
    channel_type: "im",
    user: ANN.id,
    text: "once",
    ts: "1767603700.000001",
  };
  const payload = rig.fake.toWrapper(event);
  const id = rig.fake.sockets.send("events_api", payload);
  rig.fake.sockets.again("events_api", payload, id);
  rig.fake.sockets.send("events_api", payload);
  rig.fake.sockets.send("events_api", { ...rig.fake.toWrapper(event), event_id: "EvOther" });
  await until(() => rig.fake.sockets.waiting === 0);
  await wait(50);
  expect(rig.texts).toEqual(["once"]);
});

test("SLACKEVENT-2: a mention in a channel comes as a message and as a mention, and is one", async () => {
  await using rig = await Rig.open();
  const said = rig.fake.say(`<@${ME.user}> hi`, { channel: GENERAL });
  rig.fake.event({ ...said, type: "app_mention" });
  await until(() => rig.fake.sockets.waiting === 0 && rig.taken.length > 0);
  expect(rig.texts).toEqual(["@sluice hi"]);
});

test("SOCKETMODE-3, SLACKINTAKE-3, SLACKHISTORY-1, SLACKHISTORY-2: what was said while no socket stood is looked up, threads too, in its order", async () => {
  await using rig = await Rig.open();
  const root = rig.fake.say(`<@${ME.user}> start`, { channel: GENERAL });
  await until(() => rig.taken.length === 1);
  await rig.drop();
  // Slack has given up on these.
  rig.fake.sockets.maxTries = 0;
  for (const [n, fields] of [
    [1, {}],
    [2, { channel: GENERAL, thread_ts: root.ts }],
    [3, { channel: GENERAL }],
    [4, {}],
  ] as const)
    rig.fake.messages.push({
      type: "message",
      user: ANN.id,
      channel: ANN.dm,
      text: `away ${n}`,
      ts: rig.fake.newTs(),
      ...fields,
    });
  rig.fake.sockets.maxTries = 200;
  await rig.connect();
  rig.fake.say("after");
  await until(() => rig.taken.length === 6);
  expect(rig.texts).toEqual(["@sluice start", "away 1", "away 2", "away 3", "away 4", "after"]);
});

test("SLACKCURSOR-1: what is looked up again is not taken again, as it may be an answer to a prompt", async () => {
  await using rig = await Rig.open();
  rig.fake.say("yes abcde");
  await until(() => rig.taken.length === 1);
  await rig.drop();
  await rig.connect();
  await until(() => rig.fake.done("conversations.history").length > 1);
  rig.fake.say("later");
  await until(() => rig.taken.length === 2);
  expect(rig.texts).toEqual(["yes abcde", "later"]);
});

test("SOCKETMODE-4: a token that is taken back while it runs waits for its owner, and nothing asks on", async () => {
  for (const [which, error] of [
    ["app", "invalid_auth"],
    ["app", "token_revoked"],
    ["bot", "account_inactive"],
  ] as const) {
    await using rig = await Rig.open();
    if (which === "app") {
      rig.fake.fail("apps.connections.open", { kind: "error", error }, 1_000);
      rig.fake.sockets.cut();
    } else {
      rig.fake.fail("auth.test", { kind: "error", error }, 1_000);
      rig.fake.event({ type: "tokens_revoked", tokens: { bot: [ME.user] } });
    }
    await until(() => rig.state?.kind === "paused");
    const before = rig.fake.calls.length;
    await wait(400);
    expect(rig.fake.calls.length, error).toBe(before);
    expect(JSON.stringify(rig.state)).toContain(error);
  }
});

test("SOCKETMODE-4: network faults, 5xx, 429 and a socket that never says hello are waited out", async () => {
  await using rig = await Rig.open({ timings: { helloMs: 200 } });
  rig.fake.fail("apps.connections.open", { kind: "gateway", status: 503 }, 2);
  rig.fake.fail("apps.connections.open", { kind: "limited", seconds: 1 }, 1);
  rig.fake.fail("apps.connections.open", { kind: "break" }, 1);
  rig.fake.sockets.isMute = true;
  rig.fake.sockets.cut();
  await until(() => rig.fake.done("apps.connections.open").length >= 4);
  rig.fake.sockets.isMute = false;
  rig.fake.say("through");
  await until(() => rig.texts.includes("through") && rig.state?.kind === "connected");
  expect(rig.texts).toEqual(["through"]);
});

test("SLACKSOCKET-2: a socket that is silent, as after sleep, is noticed", async () => {
  await using rig = await Rig.open({ timings: { pingMs: 30, deadMs: -1 } });
  await until(() => rig.fake.done("apps.connections.open").length >= 3);
  expect(JSON.stringify(rig.states)).toContain("nothing came for");
});

test("SOCKETMODE-5: another program with the token is told, once it is sure", async () => {
  const fake = await FakeSlack.open();
  fake.sockets.others = 1;
  await using rig = await Rig.open({ fake });
  await until(() => JSON.stringify(rig.state).includes("another program"));
  expect(rig.state).toMatchObject({ kind: "retrying", alarm: true });
  fake.sockets.others = 0;
  await until(() => rig.state?.kind === "connected");
});

test("SOCKETMODE-5: the sockets of an earlier life of our own are no other program", async () => {
  const fake = await FakeSlack.open();
  fake.sockets.others = 1;
  await using rig = await Rig.open({ fake });
  fake.sockets.others = 0;
  await until(() => fake.done("apps.connections.open").length >= 2);
  await wait(50);
  expect(JSON.stringify(rig.states)).not.toContain("another program");
});

test("too many sockets, and Socket Mode turned off, are told and tried again", async () => {
  await using rig = await Rig.open();
  rig.fake.sockets.tell("link_disabled").end();
  await until(() => JSON.stringify(rig.states).includes("turned off"));
  await until(() => rig.state?.kind === "connected");
  rig.fake.sockets.tell("too_many_websockets").end();
  await until(() => JSON.stringify(rig.states).includes("too many connections"));
  await until(() => rig.state?.kind === "connected");
});

test("frames that are none of Slack's, and events without an inner event, end nothing", async () => {
  await using rig = await Rig.open();
  for (const frame of [
    null,
    1,
    "x",
    [],
    {},
    { type: "events_api" },
    { type: "close" },
    { type: "hello" },
    { envelope_id: 7, type: "events_api" },
  ])
    rig.fake.sockets.frame(frame);
  for (const payload of [
    {},
    { type: "event_callback" },
    { event: null },
    { event: { type: "message" } },
    { event: { type: "app_home_opened" } },
  ])
    rig.fake.sockets.send("events_api", payload);
  rig.fake.sockets.send("unheard_of", {});
  for (const payload of [
    {},
    { type: "block_actions" },
    { type: "block_actions", actions: [{}] },
    { type: "view_submission", view: { callback_id: "words", private_metadata: "{" } },
    { type: "shortcut" },
  ])
    rig.fake.sockets.send("interactive", payload);
  rig.fake.sockets.send("slash_commands", {});
  rig.fake.say("still here");
  await until(() => rig.texts.includes("still here") && rig.fake.sockets.waiting === 0);
  expect(rig.taken).toHaveLength(1);
});

test("events that Slack left out for being too many are looked up", async () => {
  await using rig = await Rig.open();
  rig.fake.say("one");
  await until(() => rig.taken.length === 1);
  rig.fake.messages.push({
    type: "message",
    user: ANN.id,
    channel: ANN.dm,
    text: "left out",
    ts: rig.fake.newTs(),
  });
  rig.fake.sockets.send("events_api", {
    type: "app_rate_limited",
    team_id: ME.team,
    minute_rate_limited: 1,
  });
  await until(() => rig.texts.includes("left out"));
});
