/**
 * Doctor's checks of Claude Code: the client, the plugin in it, and the settings that close a lane.
 *
 * Owns: what counts as in order there. Never: changes a setting, or looks for a way around one.
 * https://code.claude.com/docs/en/channels, https://code.claude.com/docs/en/settings, https://code.claude.com/docs/en/env-vars
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Env, locateHome } from "../../local/home.ts";
import type { StatusView } from "../../api/wire/wire.ts";
import { VERSION } from "../../local/version.ts";
import { SluiceError, toMessage } from "../../sdk/errors.ts";
import { attempt, type Check, fail, pass } from "./check.ts";
import { checkClients, isDue } from "./check-clients.ts";
import { checkMarketplace, type MarketplaceRules } from "./check-marketplace.ts";
import {
  type Claude,
  findClaude,
  hasMarketplace,
  listClients,
  listPlugins,
  MONITORS_SINCE,
  type PluginRow,
} from "../claude/claude-client.ts";
import { toClaudeFolder } from "../claude/claude-folder.ts";
import { MARKETPLACE, PLUGIN } from "../../sdk/channel-flag.ts";
import { compareVersions } from "../claude/compare-versions.ts";
import { hasBareServer, toConfigDir } from "../claude/connect-claude.ts";

type SettingsFile = {
  path: string;
  managed: boolean;
  marketplaces: MarketplaceRules;
  disableAllHooks: boolean;
  allowManagedHooksOnly: boolean;
  env: Record<string, string>;
};

export async function checkClaudeSide(
  env: Env,
  cwd: string,
  status: StatusView | undefined,
): Promise<Check[]> {
  let claude: Claude | undefined;
  const client = await attempt("client", async () => {
    claude = await findClaude(env);
    return [checkClient(claude)];
  });
  const found = claude;
  let plugins: PluginRow[] = [];
  return [
    ...client,
    ...(found === undefined
      ? []
      : await attempt("plugin", async () => {
          plugins = await listPlugins(found, PLUGIN, { env, cwd });
          return checkPlugin(found, plugins, env, cwd);
        })),
    ...(found === undefined || status === undefined || plugins.length === 0
      ? []
      : await attempt("clients", async () => {
          const due = (await listClients(found, { env })).filter((one) => isDue(one, plugins));
          return checkClients(due, status);
        })),
    ...(await attempt("policy", async () => [await checkPolicy(status)])),
    ...(await attempt("hooks", async () => {
      const { toPolicyFolder } = await import("../../hub/settings/policy.ts");
      const settings = readAllSettings(env, cwd, toPolicyFolder());
      return [checkHooks(settings), ...checkLanes(settings, env)];
    })),
  ];
}

export function checkClient(claude: Claude | undefined): Check {
  if (claude === undefined) {
    return fail(
      "client",
      "no claude on PATH",
      "install Claude Code (https://code.claude.com/docs/en/setup), or set SLUICE_CLAUDE to it",
    );
  }
  const detail = `Claude Code ${claude.version} (${claude.path})`;
  return compareVersions(claude.version, MONITORS_SINCE) >= 0
    ? pass("client", detail)
    : fail(
        "client",
        `${detail} runs no monitors, so nothing wakes a session`,
        `claude update, to ${MONITORS_SINCE} or later`,
      );
}

async function checkPlugin(
  claude: Claude,
  rows: readonly PluginRow[],
  env: Env,
  cwd: string,
): Promise<Check[]> {
  const home = locateHome(env);
  // One that was installed for another project says nothing about this one.
  const here = rows.filter((row) => row.projectPath === undefined || row.projectPath === cwd);
  if (here.length > 0) {
    const { toPolicyFolder } = await import("../../hub/settings/policy.ts");
    const managed = readAllSettings(env, cwd, toPolicyFolder()).filter((file) => file.managed);
    const isKnown = await hasMarketplace(claude, MARKETPLACE, { env });
    return [
      ...here.map((row) => checkPluginRow(row, home.path)),
      checkMarketplace(
        toClaudeFolder(home.claudeDir, VERSION).marketplace,
        isKnown,
        managed.map(({ marketplaces }) => marketplaces),
      ),
    ];
  }
  if (hasBareServer(env, cwd, home)) {
    return [
      pass("plugin", "not installed; a bare server entry is: no bell, receipts by tool calls only"),
    ];
  }
  return [fail("plugin", "not installed in Claude Code", "sluice connect claude")];
}

export function checkPluginRow(row: PluginRow, home: string, ours: string = VERSION): Check {
  const version = row.folderVersion ?? row.version;
  const detail = `version ${version} (scope ${row.scope})`;
  if (!row.enabled)
    return fail(
      "plugin",
      `${detail} is disabled`,
      `claude plugin enable ${PLUGIN} --scope ${row.scope}`,
    );
  const order = compareVersions(version, ours);
  if (order < 0)
    return fail("plugin", `${detail}, older than this command (${ours})`, "sluice connect claude");
  if (order > 0) {
    return fail(
      "plugin",
      `${detail}, newer than this command (${ours})`,
      "update this sluice, or use the one it came from",
    );
  }
  const server = row.mcpServers?.["sluice"];
  // Node's own flags stand before the program.
  const program = server?.args?.find((arg) => !arg.startsWith("-"));
  const paths = [server?.command, program, server?.env?.["SLUICE_CLI"]];
  const gone = paths.find((path) => path !== undefined && !existsSync(path));
  if (gone !== undefined)
    return fail(
      "plugin",
      `${detail} starts ${gone}, which is not there any more`,
      "sluice connect claude",
    );
  const itsHome = server?.env?.["SLUICE_HOME"];
  if (itsHome !== undefined && itsHome !== home) {
    return fail(
      "plugin",
      `${detail} belongs to the home ${itsHome}, not to ${home}`,
      "sluice connect claude, or set SLUICE_HOME to that one",
    );
  }
  return pass("plugin", detail);
}

async function checkPolicy(status: StatusView | undefined): Promise<Check> {
  // The hub's reading is the one that counts; without one we read for ourselves, which brings zod along.
  const { state, detail } =
    status?.policy ?? (await import("../../hub/settings/policy.ts")).readPolicy();
  return state === "open"
    ? pass("policy", detail)
    : fail("policy", detail, "ask the administrator of Claude Code in your organisation");
}

export function checkHooks(settings: readonly SettingsFile[]): Check {
  const off = settings.find((file) => file.disableAllHooks);
  if (off !== undefined) {
    return fail(
      "hooks",
      `${off.path} sets disableAllHooks: the plugin hears nothing of the session`,
      `take disableAllHooks out of ${off.path}`,
    );
  }
  const managed = settings.find((file) => file.managed && file.allowManagedHooksOnly);
  if (managed !== undefined) {
    return fail(
      "hooks",
      `${managed.path} sets allowManagedHooksOnly: a plugin's hooks do not run`,
      "ask the administrator of Claude Code in your organisation",
    );
  }
  return pass("hooks", "not switched off");
}

const TELEMETRY = ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "DISABLE_TELEMETRY"];
const PROVIDERS = ["CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY"];
const STILL_WORKS = "closes the client's own channel lane; the bell works all the same";

/** Never a failure: these close only the channel lane, and the bell needs none of it. */
export function checkLanes(settings: readonly SettingsFile[], env: Env): Check[] {
  const find = (name: string): { value: string; where: string } | undefined => {
    const file = settings.find((one) => isSet(one.env[name]));
    if (file !== undefined) return { value: file.env[name] ?? "", where: file.path };
    const value = env[name];
    return isSet(value) ? { value, where: "the environment" } : undefined;
  };
  const name = (names: readonly string[]): string[] =>
    names.flatMap((one) => {
      const found = find(one);
      return found === undefined ? [] : [`${one} (${found.where})`];
    });
  const telemetry = name(TELEMETRY);
  const providers = name(PROVIDERS);
  const base = find("ANTHROPIC_BASE_URL");
  if (base !== undefined && toHostName(base.value) !== "api.anthropic.com")
    providers.push(`ANTHROPIC_BASE_URL (${base.where})`);
  return [
    pass(
      "telemetry",
      telemetry.length === 0 ? "not switched off" : `${telemetry.join(", ")} ${STILL_WORKS}`,
    ),
    pass(
      "provider",
      providers.length === 0 ? "none of its own" : `${providers.join(", ")} ${STILL_WORKS}`,
    ),
  ];
}

/** Those that the client would read here, in the order of their weight. */
export function readAllSettings(env: Env, cwd: string, policyFolder: string): SettingsFile[] {
  const dropIns = join(policyFolder, "managed-settings.d");
  const managed = [
    ...(existsSync(dropIns) ? readdirSync(dropIns).filter((name) => name.endsWith(".json")) : [])
      .toSorted()
      .toReversed()
      .map((name) => join(dropIns, name)),
    join(policyFolder, "managed-settings.json"),
  ];
  const own = [
    join(cwd, ".claude", "settings.local.json"),
    join(cwd, ".claude", "settings.json"),
    join(toConfigDir(env), "settings.json"),
  ];
  return [
    ...managed.map((path) => readSettings(path, true)),
    ...own.map((path) => readSettings(path, false)),
  ].filter((file) => file !== undefined);
}

/** Undefined when there is no such file. @throws SluiceError `bad_config` when it cannot be read: the client ignores it whole then. */
function readSettings(path: string, managed: boolean): SettingsFile | undefined {
  if (!existsSync(path)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    // The parser quotes the text, which may hold a key.
    const why = cause instanceof SyntaxError ? "not valid JSON" : toMessage(cause);
    throw new SluiceError("bad_config", `${path} cannot be read (${why}); correct it`, { cause });
  }
  const settings = isRecord(value) ? value : {};
  const env = isRecord(settings["env"]) ? settings["env"] : {};
  const readList = (name: string): unknown[] | undefined =>
    Array.isArray(settings[name]) ? settings[name] : undefined;
  return {
    path,
    managed,
    marketplaces: {
      path,
      allowed: readList("strictKnownMarketplaces"),
      blocked: readList("blockedMarketplaces"),
    },
    disableAllHooks: settings["disableAllHooks"] === true,
    allowManagedHooksOnly: settings["allowManagedHooksOnly"] === true,
    env: Object.fromEntries(Object.entries(env).map(([name, one]) => [name, String(one)])),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && !["", "0", "false", "no", "off"].includes(value.toLowerCase());
}

function toHostName(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
