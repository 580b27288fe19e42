/** A whole hub in this process. */
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openClient, read } from "../api/client/client.ts";
import { locateSocket } from "../local/home.ts";
import { readProcess } from "../local/process.ts";
import { AccessPolicy } from "../flow/access/policy.ts";
import { FAKE_TOKEN, FakeNtfy } from "../../test/fakes/ntfy/fake-ntfy.ts";
import { Secret } from "../sdk/secret.ts";
import { saveCursor } from "../store/events/cursors.ts";
import { changeConfig } from "./settings/config.ts";
import { writeSecrets } from "./channels/secrets.ts";
import { systemClock } from "../sdk/clock.ts";
import { makeFolder, openDatabase } from "../store/sample.fixture.ts";
import { openHome } from "./process/home.ts";
import { openHub } from "./hub.ts";

const ignore = (): void => {};
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

// HUB-1
test("what a channel brings while others are still opened is an event, and nothing is lost", async () => {
  const fake = await FakeNtfy.open();
  onTestFinished(() => fake.close());
  const env = { SLUICE_HOME: join(makeFolder(), "home"), SLUICE_INGRESS_PORT: "0" };
  const home = openHome(env);
  const db = openDatabase(home.database);
  const policy = new AccessPolicy({ db, clock: systemClock, isStatic: false });
  const person = { channel: "phone", account: "", id: "ops", name: "", chatId: "" };
  await db.write(() => {
    policy.write({ kind: "link", ...person, roles: ["chatter"] }, "owner");
    // Where its connection stopped: what was said since comes with its first request.
    saveCursor(db, "phone", fake.say("ops", "earlier"), Date.now());
  });
  db.close();
  fake.say("ops", "hello");
  writeSecrets(home, "phone", { keys: [{ id: "k1", secret: new Secret(FAKE_TOKEN) }] });
  changeConfig(home.config, (before) => {
    const channel = { scheme: "bearer", twoWay: false, paused: false, rate: 0 };
    const settings = { topic: "ops", server: fake.root };
    const others = ["github", "telegram", "chat", "webhook"];
    return {
      ...before,
      channels: [
        { ...channel, name: "phone", kind: "ntfy", settings },
        ...others.map((kind) => ({ ...channel, name: kind, kind })),
      ],
    };
  });
  const hub = await openHub({ env, log, stop: ignore });
  onTestFinished(() => hub.close());
  const client = openClient(() => locateSocket(env));
  onTestFinished(() => client.close());
  const look = async () => {
    const events = await read(client.api.events.$get({ query: { limit: "9" } }));
    const { refused } = await read(client.api.status.$get());
    return [...events.map(({ channel }) => channel), ...refused.map(({ reason }) => reason)];
  };
  await expect.poll(look).not.toEqual([]);
  expect(await look()).toEqual(["phone"]);
});

test("a removal that breaks off leaves nobody who may speak on a later channel of that name", async () => {
  const env = { SLUICE_HOME: join(makeFolder(), "home"), SLUICE_INGRESS_PORT: "0" };
  const home = openHome(env);
  const readSenders = () =>
    new AccessPolicy({ db: openDatabase(home.database), clock: systemClock, isStatic: false }).rules
      .senders;
  const db = openDatabase(home.database);
  const policy = new AccessPolicy({ db, clock: systemClock, isStatic: false });
  const person = { channel: "ops", account: "", id: "7", name: "", chatId: "" };
  await db.write(() => policy.write({ kind: "link", ...person, roles: ["chatter"] }, "owner"));
  db.close();
  expect(readSenders()).toHaveLength(1);

  const hub = await openHub({ env, log, stop: ignore });
  const client = openClient(() => locateSocket(env));
  onTestFinished(() => client.close());
  await hub.addChannel({ kind: "webhook", name: "ops" });
  chmodSync(home.config, 0o644);
  const { pid } = process;
  const startTime = readProcess(pid)?.startTime ?? "";
  const json = { caller: { pid, startTime, tty: false, session: false } };
  const param = { name: "ops" };
  await expect(read(client.api.channels[":name"].remove.$post({ param, json }))).rejects.toThrow(
    "open to other users",
  );
  await hub.close();
  expect(readSenders()).toEqual([]);
});
