/** Slack in a whole hub: added by its tokens, heard by sockets and by requests. */
import { createHmac, randomUUID } from "node:crypto";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openClient, read } from "../../api/client/client.ts";
import { AccessPolicy } from "../../flow/access/policy.ts";
import { locateSocket } from "../../local/home.ts";
import { systemClock } from "../../sdk/clock.ts";
import { Secret } from "../../sdk/secret.ts";
import { makeFolder, openDatabase } from "../../store/sample.fixture.ts";
import {
  ANN,
  APP_TOKEN,
  BOT_TOKEN,
  FakeSlack,
  GENERAL,
  ME,
} from "../../../test/fakes/slack/fake-slack.ts";
import { openHub } from "../hub.ts";
import { openHome } from "../process/home.ts";
import { changeConfig, readConfig } from "../settings/config.ts";
import { readSecrets, writeSecrets } from "./secrets.ts";

const ignore = (): void => {};
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const SIGNING = "8f742231b10e8888abcd99yyyzzz85a5";
const SOCKET = { kind: "slack", secret: BOT_TOKEN, secrets: { app_token: APP_TOKEN } };
const WEBHOOK = { kind: "slack", secret: SIGNING, secrets: { bot_token: BOT_TOKEN } };

async function openScene(prepare: (home: ReturnType<typeof openHome>) => void = ignore) {
  const fake = await FakeSlack.open();
  onTestFinished(() => fake.close());
  const env = { SLUICE_HOME: join(makeFolder(), "home"), SLUICE_INGRESS_PORT: "0" };
  const home = openHome(env);
  const db = openDatabase(home.database);
  const policy = new AccessPolicy({ db, clock: systemClock, isStatic: false });
  const person = { channel: "slack", account: "", id: ANN.id, name: "Ann", chatId: ANN.dm };
  await db.write(() =>
    policy.write({ kind: "link", ...person, roles: ["chatter", "approver"] }, "owner"),
  );
  db.close();
  prepare(home);
  const hub = await openHub({ env, log, stop: ignore });
  onTestFinished(() => hub.close());
  const client = openClient(() => locateSocket(env));
  onTestFinished(() => client.close());
  const { api } = client;
  const settings = { "api-root": fake.root };
  const events = async () =>
    (await read(api.events.$get({ query: { limit: "99" } }))).map(({ channel, text, sender }) => ({
      channel,
      text,
      role: sender.role,
    }));
  const state = async () =>
    (await read(api.channels.$get())).find(({ name }) => name === "slack")?.state;
  const post = async (
    body: string,
    more: { type?: string; secret?: string; headers?: Record<string, string> } = {},
  ) => {
    const { type = "application/json", secret = SIGNING, headers = {} } = more;
    const at = String(Math.floor(Date.now() / 1_000));
    const hex = createHmac("sha256", secret).update(`v0:${at}:${body}`).digest("hex");
    const { url = "" } =
      (await read(api.channels.$get())).find(({ name }) => name === "slack") ?? {};
    const answer = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": type,
        "x-slack-request-timestamp": at,
        "x-slack-signature": `v0=${hex}`,
        ...headers,
      },
      body,
    });
    return { status: answer.status, body: await answer.text() };
  };
  const form = (fields: Record<string, string>) =>
    post(new URLSearchParams(fields).toString(), { type: "application/x-www-form-urlencoded" });
  return { fake, home, hub, api, settings, events, state, post, form };
}

test("by sockets: both tokens are tried, kept apart, and a direct message is an event of a person", async () => {
  const { fake, home, hub, settings, events } = await openScene();
  const added = await hub.addChannel({ ...SOCKET, settings });
  expect(added).toMatchObject({ kind: "slack", account: "@sluice in Fake" });
  expect(added.url).toBeUndefined();
  expect(readConfig(home.config).channels[0]?.settings).toMatchObject({ mode: "socket" });
  const { keys, named } = readSecrets(home, "slack") ?? { keys: [] };
  expect([keys.length, Object.keys(named ?? {})]).toEqual([1, ["app_token"]]);
  fake.say("hello");
  await expect
    .poll(events)
    .toEqual([{ channel: "slack", text: expect.stringContaining("hello"), role: "chatter" }]);
});

test("tokens that are missing, of the other kind, refused, or without their scopes leave nothing behind, and the words say which", async () => {
  const { fake, home, hub, settings } = await openScene();
  const add = async (request: object): Promise<string> => {
    const thrown = await hub
      .addChannel({ ...SOCKET, settings, ...request })
      .catch((fault: unknown) => fault);
    return thrown instanceof Error ? thrown.message : "added";
  };
  expect(await add({ secrets: {} })).toContain("app-level token");
  expect(await add({ secret: APP_TOKEN })).toContain("that is the app-level token");
  expect(await add({ secret: "xoxp-1-2-3-user-token" })).toContain("a user's token");
  expect(await add({ secret: "xoxe.xoxb-1-rotated-token" })).toContain("token rotation");
  expect(await add({ secrets: { app_token: BOT_TOKEN } })).toContain("no app-level token");
  expect(await add({ secret: `${BOT_TOKEN}x` })).toContain(
    "the bot token is rejected (invalid_auth)",
  );
  expect(await add({ secrets: { app_token: `${APP_TOKEN}x` } })).toContain(
    "the app-level token is rejected (invalid_auth)",
  );
  fake.scopes = ["chat:write", "im:history"];
  expect(await add({})).toContain("lacks the scopes users:read");
  fake.scopes = undefined;
  fake.fail("apps.connections.open", {
    kind: "error",
    error: "missing_scope",
    needed: "connections:write",
  });
  expect(await add({})).toContain("lacks the scope connections:write");
  expect(readConfig(home.config).channels).toEqual([]);
  fake.scopes = ["chat:write", "im:history", "users:read"];
  const { nextStep } = await hub.addChannel({ ...SOCKET, settings });
  expect(nextStep).toContain("files:read (files of people)");
  expect(await add({ name: "twin" })).toContain("has this credential already");
});

test("by requests: challenge, messages, retries, taps, forms and commands, each answered once it is kept", async () => {
  const { fake, hub, settings, events, post, form, state } = await openScene();
  const added = await hub.addChannel({ ...WEBHOOK, settings });
  expect(added.url).toMatch(/\/in\/slack$/);
  expect(
    await post(
      JSON.stringify({
        token: "x",
        challenge: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
        type: "url_verification",
      }),
    ),
  ).toEqual({ status: 200, body: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P" });
  const message = {
    type: "message",
    channel: ANN.dm,
    channel_type: "im",
    user: ANN.id,
    text: "by request",
    ts: fake.newTs(),
  };
  const body = JSON.stringify(fake.toWrapper(message));
  expect(await post(body)).toEqual({ status: 200, body: "" });
  expect(
    await post(body, {
      headers: { "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" },
    }),
  ).toEqual({ status: 200, body: "" });
  expect((await post(body, { secret: "another-signing-secret-of-somebody" })).status).toBe(401);
  expect(await events()).toEqual([
    { channel: "slack", text: expect.stringContaining("by request"), role: "chatter" },
  ]);
  const command = {
    command: "/sluice",
    text: "status",
    user_id: ANN.id,
    team_id: ME.team,
    channel_id: "D0OTHER",
    trigger_id: "1.1",
  };
  const answered = await form(command);
  expect(answered.status).toBe(200);
  expect(JSON.parse(answered.body)).toMatchObject({
    response_type: "ephemeral",
    text: expect.stringContaining("session"),
  });
  expect(await form({ ssl_check: "1", token: "x" })).toEqual({ status: 200, body: "" });
  const tap = {
    type: "block_actions",
    user: { id: ANN.id, team_id: ME.team },
    team: { id: ME.team },
    container: { channel_id: ANN.dm, message_ts: message.ts },
    actions: [
      { action_id: "tap.0.0", value: `${"A".repeat(22)}.a`, action_ts: "1767603600.000001" },
    ],
  };
  expect(await form({ payload: JSON.stringify(tap) })).toEqual({ status: 200, body: "" });
  await expect
    .poll(() => fake.ephemeral.map(({ text }) => text))
    .toEqual(["This button is not yours, or it is too old."]);
  for (const bad of ["{", "[]x", ""]) expect((await post(bad)).status).toBe(400);
  expect(await events()).toHaveLength(1);
  // A bot that is not connected keeps nothing: Slack comes again.
  fake.fail("auth.test", { kind: "error", error: "token_revoked" }, 99);
  expect(
    (
      await post(
        JSON.stringify(fake.toWrapper({ type: "tokens_revoked", tokens: { bot: [ME.user] } })),
      )
    ).status,
  ).toBe(200);
  await expect.poll(state).toBe("paused");
  expect(
    (await post(JSON.stringify(fake.toWrapper({ ...message, ts: fake.newTs() })))).status,
  ).toBe(503);
});

test("SLACKREQUEST-1: while nothing can be kept, the request is not answered with 200", async () => {
  const { fake, hub, settings, post } = await openScene();
  await hub.addChannel({ ...WEBHOOK, settings });
  fake.fail("users.info", { kind: "error", error: "token_revoked" }, 1);
  const message = { type: "message", channel: ANN.dm, user: ANN.id, text: "x", ts: fake.newTs() };
  expect((await post(JSON.stringify(fake.toWrapper(message)))).status).toBe(503);
});

test("a Signing Secret alone tells of events as before, and answers nobody; so does a channel of an earlier version", async () => {
  for (const isOld of [false, true]) {
    const { hub, events, post, api } = await openScene((home) => {
      if (!isOld) return;
      writeSecrets(home, "slack", { keys: [{ id: "k1", secret: new Secret(SIGNING) }] });
      const channel = {
        name: "slack",
        kind: "slack",
        scheme: "slack",
        twoWay: false,
        paused: false,
        rate: 50,
      };
      changeConfig(home.config, (before) => ({ ...before, channels: [channel] }));
    });
    if (!isOld) await hub.addChannel({ kind: "slack", secret: SIGNING });
    expect(await post(JSON.stringify({ challenge: "abc", type: "url_verification" }))).toEqual({
      status: 200,
      body: "abc",
    });
    const message = {
      type: "message",
      channel: GENERAL,
      user: "U0ANYBODY",
      text: "deploy",
      ts: "1767603600.000100",
    };
    const wrapper = {
      type: "event_callback",
      team_id: "T1",
      event_id: `Ev${randomUUID()}`,
      event: message,
    };
    expect((await post(JSON.stringify(wrapper))).status).toBe(200);
    expect(await events()).toEqual([
      { channel: "slack", text: expect.stringContaining("deploy"), role: "source" },
    ]);
    expect((await read(api.channels.$get()))[0]?.reason).toBeUndefined();
  }
});

test("new tokens in place of refused ones: the channel's people and settings stay", async () => {
  const { fake, hub, settings, state, events } = await openScene();
  await hub.addChannel({ ...SOCKET, settings });
  fake.appToken = `${APP_TOKEN}2`;
  fake.sockets.cut();
  await expect.poll(state).toBe("paused");
  const renewed = await hub.addChannel({ ...SOCKET, secrets: { app_token: fake.appToken } });
  expect(renewed.nextStep).toContain("nothing");
  fake.say("again");
  await expect.poll(events).toHaveLength(1);
});
