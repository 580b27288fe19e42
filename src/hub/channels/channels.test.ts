/** Adding, pausing and removing channels: a real config file, real secrets, a real connection. */
import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../sdk/clock.ts";
import { isSluiceError } from "../../sdk/errors.ts";
import { Secret } from "../../sdk/secret.ts";
import { makeFolder, openDatabase } from "../../store/sample.fixture.ts";
import { Channels } from "./channels.ts";
import { OldKeys } from "./old-keys.ts";
import { changeConfig, readConfig } from "../settings/config.ts";
import { Connections } from "./connections.ts";
import { openHome } from "../process/home.ts";
import { Notices } from "../notices.ts";
import { readSecrets } from "./secrets.ts";

const REQUEST = { kind: "webhook", twoWay: false, allowUnsigned: false } as const;

async function openScene() {
  const home = openHome({ SLUICE_HOME: join(makeFolder(), "home") });
  const ignore = (): void => {};
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const connections = new Connections({
    clock: systemClock,
    log,
    readCursor: () => undefined,
  });
  connections.onBatch({
    take: async () => undefined,
    leftBehind: ignore,
    moved: async () => undefined,
    admits: () => true,
  });
  const channels = new Channels({
    home,
    log,
    connections,
    clock: systemClock,
    oldKeys: new OldKeys(systemClock),
    authored: {
      sweep: ignore,
      forget: ignore,
      prepare: () => {
        throw new TypeError("no channel here has code of its own");
      },
    },
    ingress: {
      url: "http://127.0.0.1:8788",
      publicUrl: undefined,
      requirePort: async () => 8788,
      isLoopback: true,
    },
  });
  await channels.load();
  return { home, channels, connections, log };
}

// req:field.23
test("CHANNELS-3: two that add one name at once leave one channel, with its own secret", async () => {
  const { home, channels } = await openScene();
  const asked = ["one", "two"].map((word) =>
    channels.add({ ...REQUEST, name: "ops", secret: `${word}-0123456789abcdef0123456789abcdef` }),
  );
  const [first, second] = await Promise.allSettled(asked);
  expect([first?.status, second?.status]).toEqual(["fulfilled", "rejected"]);
  expect(second?.status === "rejected" && isSluiceError(second.reason, "conflict")).toBe(true);
  expect(readConfig(home.config).channels.map(({ name }) => name)).toEqual(["ops"]);
  expect(readSecrets(home, "ops")?.keys[0]?.secret.reveal()).toMatch(/^one-/);
  expect(channels.find("ops")).toBeDefined();
});

test("a setting that its kind does not know is refused, and so is a listener without a stream", async () => {
  const { home, channels } = await openScene();
  const misspelt = channels.add({ ...REQUEST, settings: { topic: "x" } });
  await expect(misspelt).rejects.toThrow('webhook has no setting "topic"');
  await expect(channels.add({ ...REQUEST, listener: "ada" })).rejects.toThrow("--two-way");
  expect(readConfig(home.config).channels).toEqual([]);
});

test("who speaks and which session hears it are not taken from headers that no signature covers", async () => {
  const { home, channels } = await openScene();
  for (const scheme of ["github", "standard", "standard-v1a"]) {
    const signed = { ...REQUEST, scheme };
    await expect(channels.add({ ...signed, twoWay: true })).rejects.toThrow(
      `--two-way goes by the header X-Sluice-Sender, which no signature of "${scheme}" covers`,
    );
    await expect(channels.add({ ...signed, allowTarget: true })).rejects.toThrow(
      "--allow-target goes by the header X-Sluice-Session",
    );
  }
  expect(readConfig(home.config).channels).toEqual([]);
  await channels.add({ ...REQUEST, name: "a", twoWay: true, allowTarget: true });
  await channels.add({ ...REQUEST, name: "b", twoWay: true, scheme: "token-header" });
  await channels.add({ ...REQUEST, name: "c", twoWay: true, allowUnsigned: true });
  await channels.add({ ...REQUEST, name: "d", scheme: "standard" });
});

// CHANNELS-1
test("a signed two-way channel that is configured by hand stays closed, and says why", async () => {
  const { home, channels } = await openScene();
  await channels.add({ ...REQUEST, name: "ops", scheme: "github" });
  changeConfig(home.config, (before) => ({
    ...before,
    channels: before.channels.map((channel) => ({ ...channel, twoWay: true })),
  }));
  await channels.load();
  expect(channels.find("ops")).toBeUndefined();
  expect(channels.list()[0]?.reason).toContain("X-Sluice-Sender");
});

test("no channel takes the name of the probe, which would remove its events", async () => {
  const { channels } = await openScene();
  const added = channels.add({ ...REQUEST, name: "sluice-probe" });
  await expect(added).rejects.toThrow("Sluice's own probe");
});

test("CHANNELS-3: what is removed while it is paused is gone", async () => {
  const { home, channels } = await openScene();
  await channels.add({ ...REQUEST, name: "ops" });
  const asked = [channels.remove("ops"), channels.pause("ops", true)];
  const [removed, paused] = await Promise.allSettled(asked);
  expect([removed?.status, paused?.status]).toEqual(["fulfilled", "rejected"]);
  expect(channels.list()).toEqual([]);
  expect(existsSync(join(home.secretsDir, "ops"))).toBe(false);
});

test("notices go to a place that can take them, and to none once it is removed", async () => {
  const { home, channels, log } = await openScene();
  await channels.add({ ...REQUEST, name: "news" });
  await channels.add({ ...REQUEST, name: "ops", twoWay: true });
  const core = { db: openDatabase(home.database), clock: systemClock, log, home };
  const notices = new Notices(core, { channels, outbox: { queued: () => {} } });
  const tell = (place: { channel: string; chatId?: string }): void => notices.change(place);
  expect(() => tell({ channel: "nope" })).toThrow('no channel "nope"');
  expect(() => tell({ channel: "news" })).toThrow("only brings events in");
  changeConfig(home.config, (before) => {
    const [config] = before.channels;
    if (config === undefined) throw new Error("no channel");
    return { ...before, channels: [...before.channels, { ...config, name: "page", kind: "chat" }] };
  });
  await channels.load();
  expect(() => tell({ channel: "page" })).toThrow("say which with --chat <id>");
  tell({ channel: "page", chatId: "chat-1" });
  expect(await channels.remove("ops")).toEqual({ endsNotices: false });
  expect(readConfig(home.config).notices).toEqual({ channel: "page", chatId: "chat-1" });
  expect(await channels.remove("page")).toEqual({ endsNotices: true });
  expect(readConfig(home.config).notices).toBeUndefined();
});

test("CHANNELS-2: a removal that cannot be written leaves the channel as it was, connected", async () => {
  const { home, channels, connections } = await openScene();
  await channels.add({ ...REQUEST, name: "ops" });
  await connections.open({
    name: "ops",
    secret: new Secret("s"),
    settings: {},
    open: async () => ({
      send: async () => ({ messageIds: [] }),
      close: async () => undefined,
    }),
  });
  await connections.opened("ops", 1_000);
  chmodSync(home.config, 0o644);
  await expect(channels.remove("ops")).rejects.toThrow("open to other users");
  expect(connections.find("ops")).toBeDefined();
  expect(channels.find("ops")).toBeDefined();
  chmodSync(home.config, 0o600);
  await channels.remove("ops");
  expect([connections.find("ops"), channels.find("ops")]).toEqual([undefined, undefined]);
});
