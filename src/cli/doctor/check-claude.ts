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
  findMarketplace,
  listClients,
  listPlugins,
  MONITORS_SINCE,
  type PluginRow,
} from "../claude/claude-client.ts";
import { toClaudeFolder } from "../claude/claude-folder.ts";
import { MARKETPLACE, PLUGIN } from "../../sdk/channel-flag.ts";
import { compareVersions } from "../../local/compare-versions.ts";
import { isPlugin, locateInstallation } from "../claude/installation.ts";
import { hasBareServer, SERVER, toConfigDir } from "../claude/connect-claude.ts";

const [NAME = ""] = PLUGIN.split("@");
/** How the plugin with the whole program in it starts its server (plugins/launcher.sh). */
const SELF_CONTAINED = "--plugin-server";

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
          plugins = (await listPlugins(found, NAME, { env, cwd })).filter(isOurs);
          return checkPlugin(found, plugins, env, cwd);
        })),
    ...(found === undefined || status === undefined || plugins.length === 0
      ? []
      : await attempt("clients", async () => {
          // One that is switched off is a finding of its own, and none of these has it.
          const enabled = plugins.filter((one) => one.enabled);
          const due = (await listClients(found, { env })).filter((one) => isDue(one, enabled));
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
    const known = await findMarketplace(claude, MARKETPLACE, { env });
    return [
      ...here.map((row) => checkPluginRow(row, home.path)),
      ...checkCopies(here, hasBareServer(env, cwd, home)),
      checkMarketplace(
        toClaudeFolder(home.claudeDir, VERSION).marketplace,
        known,
        managed.map(({ marketplaces }) => marketplaces),
      ),
    ];
  }
  if (hasBareServer(env, cwd, home)) {
    return [
      pass("plugin", "not installed; a bare server entry is: no bell, receipts by tool calls only"),
    ];
  }
  const fix = isPlugin(locateInstallation())
    ? `claude plugin install ${PLUGIN}`
    : "sluice connect claude";
  return [fail("plugin", "not installed in Claude Code", fix)];
}

/** Somebody else's plugin may have our name; ours starts our shim. */
function isOurs({ id, mcpServers }: PluginRow): boolean {
  const args = mcpServers?.[SERVER]?.args ?? [];
  return id === PLUGIN || args.some((arg) => arg === SELF_CONTAINED || arg.endsWith("shim.js"));
}

/** Two that a session starts both have the tools and the hooks of Sluice: the model sees each twice, and each event has two ways in. */
export function checkCopies(rows: readonly PluginRow[], hasBare: boolean): Check[] {
  const ids = [...new Set(rows.filter(({ enabled }) => enabled).map(({ id }) => id))];
  const copies = [...ids, ...(hasBare ? ["a bare server entry"] : [])];
  if (copies.length < 2 || ids.length === 0) return [];
  const spare = ids.filter((id) => id !== PLUGIN);
  const fix = hasBare
    ? `claude mcp remove ${SERVER}`
    : `claude plugin disable ${spare[0] ?? PLUGIN}`;
  return [
    fail("copies", `${copies.join(" and ")}: each session starts Sluice more than once`, fix),
  ];
}

export function checkPluginRow(row: PluginRow, home: string, ours: string = VERSION): Check {
  const version = row.folderVersion ?? row.version;
  const server = row.mcpServers?.[SERVER];
  // One that brings its program came from a marketplace, and is updated there.
  const isWhole = server?.args?.includes(SELF_CONTAINED) === true;
  const detail = `version ${version} (scope ${row.scope}${isWhole ? `, from its marketplace ${row.id.split("@")[1] ?? ""}` : ""})`;
  const mend = isWhole
    ? `claude plugin update ${row.id} --scope ${row.scope}`
    : "sluice connect claude";
  if (!row.enabled)
    return fail(
      "plugin",
      `${detail} is disabled`,
      `claude plugin enable ${row.id} --scope ${row.scope}`,
    );
  const order = compareVersions(version, ours);
  if (order < 0) return fail("plugin", `${detail}, older than this command (${ours})`, mend);
  if (order > 0) {
    return fail(
      "plugin",
      `${detail}, newer than this command (${ours})`,
      "update this sluice, or use the one it came from",
    );
  }
  const root = row.readFromFolder ?? row.installPath ?? "";
  const fill = (path: string | undefined): string | undefined =>
    path?.replaceAll("${CLAUDE_PLUGIN_ROOT}", root);
  // Node's own flags stand before the program.
  const program = server?.args?.find((arg) => !arg.startsWith("-"));
  const paths = [server?.command, program, server?.env?.["SLUICE_CLI"]].map(fill);
  const gone = paths.find((path) => path !== undefined && !existsSync(path));
  if (gone !== undefined)
    return fail("plugin", `${detail} starts ${gone}, which is not there any more`, mend);
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
