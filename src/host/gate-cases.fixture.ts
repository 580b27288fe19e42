/**
 * The gates of the client's channels, case by case: what a session is started with, and what becomes of the server.
 *
 * Owns: the cases. Never: the behaviour under test. A case names what differs from `OPEN`, where every gate lets the server through.
 */
import type { LaunchFacts, GateName } from "./gates.ts";

export type GateCase = {
  id: string;
  facts?: LaunchFacts;
  /** As it is configured. Default `plugin:telegram:bot`. */
  server?: string;
  marketplace?: string | undefined;
  era?: "modern" | "legacy";
  /** What it declares as experimental. */
  experimental?: unknown;
  /** The gate that closes, and the client's words. Absent: the server is a channel. */
  closed?: [GateName, string];
};

export const OFFICIAL = "claude-plugins-official";
const CHANNELS = ["--channels", `plugin:telegram@${OFFICIAL}`];
const DEVELOPMENT = "--dangerously-load-development-channels";

export const OPEN: Required<Omit<GateCase, "id" | "closed" | "marketplace">> & {
  marketplace: string;
} = {
  server: "plugin:telegram:bot",
  marketplace: OFFICIAL,
  era: "legacy",
  experimental: { "claude/channel": {} },
  facts: { argv: CHANNELS, version: "2.1.332", provider: "anthropic", account: "personal" },
};

const UNDECLARED = "server did not declare claude/channel capability";
const PROVIDER = "channels are not available on third-party providers";
const FEATURE = "channels feature is not currently available";
const LOGIN = "channels need a login of claude.ai (run /login)";
const POLICY = "channels not enabled by org policy (set channelsEnabled: true in managed settings)";
const NOT_LISTED = (name: string) => `server ${name} not in --channels list for this session`;
const NOT_APPROVED = (what: string) =>
  `${what} is not on the approved channels allowlist (use --dangerously-load-development-channels for local dev)`;
const NOT_YOURS = (what: string) =>
  `plugin ${what} is not on your org's approved channels list (set allowedChannelPlugins in managed settings)`;

const list = (...names: string[]) =>
  names.map((name) => {
    const [plugin = "", marketplace = ""] = name.split("@");
    return { plugin, marketplace };
  });
const allow = (...names: string[]) => ({
  settings: { channelsEnabled: true, allowedChannelPlugins: list(...names) },
});
const MINE = { server: "plugin:mine:bot", marketplace: "lab" };

export const GATE_CASES: readonly GateCase[] = [
  { id: "an official plugin, named by --channels" },
  {
    id: "the flag with = before its value",
    facts: { argv: [`--channels=plugin:telegram@${OFFICIAL}`] },
  },
  {
    id: "several entries behind one flag",
    facts: { argv: ["--channels", `plugin:discord@${OFFICIAL}`, `plugin:telegram@${OFFICIAL}`] },
  },
  { id: "every server of a plugin that is named", server: "plugin:telegram:second" },

  // capability
  { id: "nothing experimental", experimental: undefined, closed: ["capability", UNDECLARED] },
  { id: "no channel", experimental: { other: {} }, closed: ["capability", UNDECLARED] },
  {
    id: "the relay without the channel",
    experimental: { "claude/channel/permission": {} },
    closed: ["capability", UNDECLARED],
  },

  // era
  {
    id: "a modern connection",
    era: "modern",
    closed: [
      "era",
      "connection negotiated a modern protocol revision with no unsolicited notification path",
    ],
  },
  {
    id: "a modern connection that declares nothing: the capability is asked about first",
    era: "modern",
    experimental: {},
    closed: ["capability", UNDECLARED],
  },

  // version
  { id: "the first version with channels", facts: { argv: CHANNELS, version: "2.1.80" } },
  {
    id: "the last version without",
    facts: { argv: CHANNELS, version: "2.1.79" },
    closed: ["version", "Claude Code 2.1.79 has no channels; they came with 2.1.80"],
  },
  {
    id: "a version is no text: 2.1.9 is older",
    facts: { argv: CHANNELS, version: "2.1.9" },
    closed: ["version", "Claude Code 2.1.9 has no channels; they came with 2.1.80"],
  },
  { id: "a later major version", facts: { argv: CHANNELS, version: "3.0.0" } },

  // provider, feature, login
  ...(["bedrock", "vertex", "foundry"] as const).map(
    (provider): GateCase => ({
      id: `a model that ${provider} serves`,
      facts: { argv: CHANNELS, provider },
      closed: ["provider", PROVIDER],
    }),
  ),
  {
    id: "no feature: a custom address, or telemetry off",
    facts: { argv: CHANNELS, isOffered: false },
    closed: ["feature", FEATURE],
  },
  {
    id: "no feature, and a development entry: it opens no other gate",
    facts: { argv: [DEVELOPMENT, "server:hook"], isOffered: false },
    server: "hook",
    closed: ["feature", FEATURE],
  },
  {
    id: "nobody signed in",
    facts: { argv: CHANNELS, account: "none" },
    closed: ["login", LOGIN],
  },
  { id: "an API key", facts: { argv: CHANNELS, account: "console" } },
  {
    id: "an API key before keys counted",
    facts: { argv: CHANNELS, account: "console", version: "2.1.127" },
    closed: ["login", LOGIN],
  },
  { id: "an API key since", facts: { argv: CHANNELS, account: "console", version: "2.1.128" } },

  // policy
  ...(["team", "enterprise"] as const).flatMap((account): GateCase[] => [
    {
      id: `${account}: no word of channels`,
      facts: { argv: CHANNELS, account },
      closed: ["policy", POLICY],
    },
    {
      id: `${account}: settings without a word of channels`,
      facts: { argv: CHANNELS, account, settings: {} },
      closed: ["policy", POLICY],
    },
    {
      id: `${account}: channelsEnabled`,
      facts: { argv: CHANNELS, account, settings: { channelsEnabled: true } },
    },
    {
      id: `${account}: an allowlist alone does not enable channels`,
      facts: {
        argv: CHANNELS,
        account,
        settings: { allowedChannelPlugins: list(`telegram@${OFFICIAL}`) },
      },
      closed: ["policy", POLICY],
    },
  ]),
  {
    id: "an own account: no word of channels",
    facts: { argv: CHANNELS, settings: {} },
  },
  {
    id: "an own account: channelsEnabled false",
    facts: { argv: CHANNELS, settings: { channelsEnabled: false } },
    closed: ["policy", POLICY],
  },
  {
    id: "an API key under settings without a word of channels",
    facts: { argv: CHANNELS, account: "console", settings: {} },
    closed: ["policy", POLICY],
  },
  {
    id: "channelsEnabled false, and a development entry: the policy still applies",
    facts: { argv: [DEVELOPMENT, "server:hook"], settings: { channelsEnabled: false } },
    server: "hook",
    closed: ["policy", POLICY],
  },

  // session
  {
    id: "no flag",
    facts: { argv: [] },
    closed: ["session", NOT_LISTED("plugin:telegram:bot")],
  },
  {
    id: "another plugin is named",
    facts: { argv: ["--channels", `plugin:discord@${OFFICIAL}`] },
    closed: ["session", NOT_LISTED("plugin:telegram:bot")],
  },
  {
    id: "a plugin whose name only begins so",
    facts: { argv: ["--channels", `plugin:tele@${OFFICIAL}`] },
    closed: ["session", NOT_LISTED("plugin:telegram:bot")],
  },
  {
    id: "a server entry does not name a plugin's server by its short name",
    facts: { argv: [DEVELOPMENT, "server:bot"] },
    closed: ["session", NOT_LISTED("plugin:telegram:bot")],
  },
  {
    id: "a value of another flag",
    facts: { argv: ["--model", `plugin:telegram@${OFFICIAL}`] },
    closed: ["session", NOT_LISTED("plugin:telegram:bot")],
  },
  {
    id: "a development entry where nobody can confirm it",
    facts: { argv: [DEVELOPMENT, "server:hook"], isInteractive: false },
    server: "hook",
    closed: ["session", NOT_LISTED("hook")],
  },

  // marketplace
  {
    id: "a plugin of another marketplace",
    marketplace: "elsewhere",
    closed: [
      "marketplace",
      `you asked for plugin:telegram@${OFFICIAL} but the installed telegram plugin is from elsewhere`,
    ],
  },
  {
    id: "a plugin that --plugin-dir loaded",
    marketplace: "inline",
    closed: [
      "marketplace",
      `you asked for plugin:telegram@${OFFICIAL} but the installed telegram plugin is from inline`,
    ],
  },
  {
    id: "a plugin from nowhere",
    marketplace: undefined,
    closed: [
      "marketplace",
      `you asked for plugin:telegram@${OFFICIAL} but the installed telegram plugin is from an unknown source`,
    ],
  },
  {
    id: "a development entry of another marketplace: it opens the allowlist only",
    ...MINE,
    facts: { argv: [DEVELOPMENT, "plugin:mine@elsewhere"] },
    closed: [
      "marketplace",
      "you asked for plugin:mine@elsewhere but the installed mine plugin is from lab",
    ],
  },

  // allowlist
  {
    id: "a plugin that is not on the default list",
    ...MINE,
    facts: { argv: ["--channels", "plugin:mine@lab"] },
    closed: ["allowlist", NOT_APPROVED("plugin mine@lab")],
  },
  {
    id: "an official name from another marketplace",
    marketplace: "lab",
    facts: { argv: ["--channels", "plugin:telegram@lab"] },
    closed: ["allowlist", NOT_APPROVED("plugin telegram@lab")],
  },
  {
    id: "a bare server by --channels",
    server: "hook",
    facts: { argv: ["--channels", "server:hook"] },
    closed: ["allowlist", NOT_APPROVED("server hook")],
  },
  {
    id: "a bare server by the development flag",
    server: "hook",
    facts: { argv: [DEVELOPMENT, "server:hook"] },
  },
  {
    id: "a plugin by the development flag",
    ...MINE,
    facts: { argv: [DEVELOPMENT, "plugin:mine@lab"] },
  },
  {
    id: "a development entry beside it does not extend to a --channels entry",
    ...MINE,
    facts: { argv: ["--channels", "plugin:mine@lab", DEVELOPMENT, "server:hook"] },
    closed: ["allowlist", NOT_APPROVED("plugin mine@lab")],
  },
  {
    id: "an entry of both flags counts as the one of --channels, whichever stands first",
    ...MINE,
    facts: { argv: [DEVELOPMENT, "plugin:mine@lab", "--channels", "plugin:mine@lab"] },
    closed: ["allowlist", NOT_APPROVED("plugin mine@lab")],
  },
  {
    id: "the organisation's list names it",
    ...MINE,
    facts: { argv: ["--channels", "plugin:mine@lab"], ...allow("mine@lab") },
  },
  {
    id: "the organisation's list stands in place of the default one",
    facts: { argv: CHANNELS, ...allow("mine@lab") },
    closed: ["allowlist", NOT_YOURS(`telegram@${OFFICIAL}`)],
  },
  {
    id: "the organisation's list names it from another marketplace",
    ...MINE,
    facts: { argv: ["--channels", "plugin:mine@lab"], ...allow("mine@elsewhere") },
    closed: ["allowlist", NOT_YOURS("mine@lab")],
  },
  {
    id: "an empty list blocks every plugin",
    facts: { argv: CHANNELS, ...allow() },
    closed: ["allowlist", NOT_YOURS(`telegram@${OFFICIAL}`)],
  },
  {
    id: "an empty list, and a development entry of a plugin",
    ...MINE,
    facts: { argv: [DEVELOPMENT, "plugin:mine@lab"], ...allow() },
  },
  {
    id: "an empty list, and a development entry of a server",
    server: "hook",
    facts: { argv: [DEVELOPMENT, "server:hook"], ...allow() },
  },
  {
    id: "a list names no servers: a bare one by --channels stays out",
    server: "hook",
    facts: { argv: ["--channels", "server:hook"], ...allow("hook@") },
    closed: ["allowlist", NOT_APPROVED("server hook")],
  },
  {
    id: "an organisation with an empty list, and a development entry",
    server: "hook",
    facts: { argv: [DEVELOPMENT, "server:hook"], account: "team", ...allow() },
  },
];
