import { expect, test } from "vitest";
import type { LaunchFacts } from "../host/gates.ts";
import { DEVELOPMENT_FLAG } from "../sdk/channel-flag.ts";
import { newTally } from "./happening.ts";
import { readClientFacts, toServerName } from "./run.ts";
import { listChecks, type WhyFacts } from "./why.ts";

const CONNECTION = {
  era: "legacy",
  serverInfo: {},
  capabilities: { experimental: { "claude/channel": {} } },
  instructions: "",
  isChannel: true,
  requestMeta: {},
} as const;

function check(client: LaunchFacts, more: Partial<WhyFacts> = {}) {
  const checks = listChecks({
    name: "webhook",
    marketplace: undefined,
    client: { argv: [DEVELOPMENT_FLAG, "server:webhook"], ...client },
    connection: CONNECTION,
    failure: undefined,
    gone: undefined,
    pid: 1,
    listeners: [],
    tally: newTally(),
    waiting: 0,
    lastDrop: undefined,
    ...more,
  });
  for (const { state, fix } of checks) if (state === "no") expect(fix).toBeTruthy();
  return checks.filter(({ state }) => state === "no").map(({ name }) => name);
}

// WHY-1
test("each closed gate is named alone, and several at once are named together", () => {
  expect(check({})).toEqual([]);
  expect(check({ version: "2.1.79" })).toEqual(["version"]);
  expect(check({}, { connection: { ...CONNECTION, capabilities: {} } })).toEqual(["capability"]);
  expect(check({}, { connection: { ...CONNECTION, era: "modern" } })).toEqual(["era"]);
  expect(check({ provider: "bedrock" })).toEqual(["provider"]);
  expect(check({ isOffered: false })).toEqual(["feature"]);
  expect(check({ account: "none" })).toEqual(["login"]);
  expect(check({ account: "console", version: "2.1.100" })).toEqual(["login"]);
  expect(check({ account: "team" })).toEqual(["policy"]);
  expect(check({ settings: { channelsEnabled: false } })).toEqual(["policy"]);
  expect(check({ account: "none", settings: { channelsEnabled: false } })).toEqual([
    "login",
    "policy",
  ]);
  expect(check({ argv: [] })).toEqual(["session"]);
  expect(check({ argv: ["--channels", "server:webhook"] })).toEqual(["allowlist"]);
  expect(
    check({ argv: ["--channels", "server:webhook"], settings: { channelsEnabled: false } }),
  ).toEqual(["policy", "allowlist"]);
  const all = check(
    { version: "2.1.1", provider: "vertex", isOffered: false, account: "team", argv: [] },
    { connection: { ...CONNECTION, era: "modern", capabilities: {} } },
  );
  expect(all).toEqual(["version", "capability", "era", "provider", "feature", "policy", "session"]);
});

test("a plugin's gates: its marketplace and its organisation's list", () => {
  const plugin = (client: LaunchFacts, marketplace: string) =>
    check(
      { argv: ["--channels", "plugin:chat@shop"], ...client },
      { name: "plugin:chat:chat", marketplace },
    );
  expect(plugin({}, "shop")).toEqual(["allowlist"]);
  expect(plugin({}, "elsewhere")).toEqual(["marketplace"]);
  const tag = { plugin: "chat", marketplace: "shop" };
  expect(
    plugin({ settings: { channelsEnabled: true, allowedChannelPlugins: [tag] } }, "shop"),
  ).toEqual([]);
  expect(
    plugin({ settings: { channelsEnabled: true, allowedChannelPlugins: [] } }, "shop"),
  ).toEqual(["allowlist"]);
});

test("before the handshake nothing is claimed of the server", () => {
  const checks = listChecks({
    name: "webhook",
    marketplace: undefined,
    client: { argv: [DEVELOPMENT_FLAG, "server:webhook"] },
    connection: undefined,
    failure: undefined,
    gone: undefined,
    pid: 1,
    listeners: undefined,
    tally: newTally(),
    waiting: 0,
    lastDrop: undefined,
  });
  expect(checks.filter(({ state }) => state === "unknown").map(({ name }) => name)).toEqual([
    "handshake",
    "capability",
    "era",
    "relay",
    "events",
  ]);
});

test.each([
  ["on a port", [{ address: "127.0.0.1", port: 8788 }], /^post to port 8788; if the curl succeeds/],
  ["on none", [], /it listens on no port: a curl that succeeds reaches another process$/],
  ["nobody knows where", undefined, /params: \{ content: "hello" \} \}\)$/],
])(
  "a server that listens %s and sends nothing: where the curl has to go",
  (_where, listeners, words) => {
    const checks = listChecks({
      name: "webhook",
      marketplace: undefined,
      client: { argv: [DEVELOPMENT_FLAG, "server:webhook"] },
      connection: undefined,
      failure: undefined,
      gone: undefined,
      pid: 1,
      listeners,
      tally: newTally(),
      waiting: 0,
      lastDrop: undefined,
    });
    expect(checks.find(({ name }) => name === "events")?.fix).toMatch(words);
  },
);

const WORDS = {
  flags: undefined,
  version: undefined,
  provider: undefined,
  account: undefined,
  policy: undefined,
  allowed: undefined,
  isOffered: true,
};

test("the client is described in words, and a wrong word is refused by name", () => {
  expect(readClientFacts("a", WORDS)).toEqual({
    argv: [DEVELOPMENT_FLAG, "server:a"],
    isOffered: true,
  });
  expect(readClientFacts("plugin:p:s", WORDS).argv).toEqual([DEVELOPMENT_FLAG, "plugin:p@inline"]);
  expect(
    readClientFacts("a", { ...WORDS, policy: "off", allowed: "x@y, z@w", account: "team" }),
  ).toMatchObject({
    account: "team",
    settings: {
      channelsEnabled: false,
      allowedChannelPlugins: [
        { plugin: "x", marketplace: "y" },
        { plugin: "z", marketplace: "w" },
      ],
    },
  });
  expect(readClientFacts("a", { ...WORDS, allowed: "" }).settings).toEqual({
    allowedChannelPlugins: [],
  });
  expect(() => readClientFacts("a", { ...WORDS, provider: "bedrok" })).toThrow(
    "--provider bedrok is not one of",
  );
  expect(() => readClientFacts("a", { ...WORDS, policy: "yes" })).toThrow("--policy yes");
  expect(() => readClientFacts("a", { ...WORDS, version: "2" })).toThrow("--client-version 2");
  expect(() => readClientFacts("a", { ...WORDS, allowed: "x" })).toThrow("--allowed: x");
  expect(() => readClientFacts("a", { ...WORDS, flags: "--channels webhook" })).toThrow(
    "entries must be tagged",
  );
});

test("a server is named after its file", () => {
  expect(toServerName(["bun", "webhook.ts"])).toBe("webhook");
  expect(toServerName(["sluice", "serve", "sentry.ts"])).toBe("sentry");
  expect(toServerName(["npx", "tsx", "my server.mts", "--x"])).toBe("my-server");
  expect(toServerName(["my-channel"])).toBe("my-channel");
  expect(toServerName(["."])).not.toBe("");
});
