/**
 * Installs Sluice in Claude Code, and removes it again.
 *
 * Owns: the order of the client's verbs. Never: prints; edits the client's settings by hand.
 *
 * A newer version is a newer folder: `marketplace add` moves the marketplace of the same name to it, and the client reads the plugin
 * there in place from its next session on. All verbs may be repeated, so a connect that was cut off is finished by another.
 */
import { existsSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Env, type Home, requireUserFolder } from "../../local/home.ts";
import { SluiceError } from "../../sdk/errors.ts";
import {
  type Claude,
  findMarketplace,
  listPlugins,
  type PluginRow,
  runVerb,
} from "./claude-client.ts";
import { runProgram } from "../clients/program.ts";
import { toClaudeFolder } from "./claude-folder.ts";
import { MARKETPLACE, PLUGIN } from "../../sdk/channel-flag.ts";
import type { Installation } from "./installation.ts";

export type Scope = "user" | "project";
export const SERVER = "sluice";

export type ClaudeOptions = {
  claude: Claude;
  env: Env;
  /** Where a `project` scope is. */
  cwd: string;
};

export type ConnectTarget = {
  home: Home;
  version: string;
  installation: Installation;
  scope: Scope;
};

/** Where a `project` scope is: the folder that this runs in, by its own name. @throws SluiceError `bad_config` when it is gone. */
export function readWorkingFolder(): string {
  try {
    return realpathSync(process.cwd());
  } catch (cause) {
    throw new SluiceError("bad_config", "the folder that this runs in is gone; cd to another one", {
      cause,
    });
  }
}

/** The client's verbs that install the plugin, or register the bare server. */
export function toVerbs(target: ConnectTarget, bare: boolean): string[][] {
  const { home, version, installation, scope } = target;
  const folder = toClaudeFolder(home.claudeDir, version);
  if (!bare) {
    return [
      ["plugin", "marketplace", "add", folder.marketplace],
      ["plugin", "install", PLUGIN, "--scope", scope],
    ];
  }
  const { node, cli } = installation;
  const variables = { SLUICE_HOME: home.path, SLUICE_NODE: node, SLUICE_CLI: cli };
  const env = Object.entries(variables).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  return [["mcp", "add", "--scope", scope, SERVER, ...env, "--", node, folder.shim]];
}

/** The verbs that take out what `toVerbs` put in. */
export function toRemovalVerbs(scope: Scope): string[][] {
  return [
    ["plugin", "uninstall", PLUGIN, "--scope", scope],
    ["plugin", "marketplace", "remove", MARKETPLACE],
    ["mcp", "remove", "--scope", scope, SERVER],
  ];
}

/**
 * Installs the plugin from its folder, or updates it. Returns what the client then says of it.
 * @throws SluiceError `send_failed` when a verb fails or the client then has another version.
 */
export async function installPlugin(
  target: ConnectTarget,
  options: ClaudeOptions,
): Promise<PluginRow> {
  const { scope, version } = target;
  for (const verb of toVerbs(target, false)) await runVerb(options.claude, verb, options);
  let row = await findRow(scope, options);
  if (row !== undefined && row.version !== version) {
    // It reads the new folder already; this records the version that its lists show.
    await runVerb(options.claude, ["plugin", "update", PLUGIN, "--scope", scope], options);
    row = await findRow(scope, options);
  }
  if (row === undefined || (row.folderVersion ?? row.version) !== version || !row.enabled) {
    const found =
      row === undefined
        ? "no plugin"
        : `version ${row.folderVersion ?? row.version}${row.enabled ? "" : ", disabled"}`;
    throw new SluiceError(
      "send_failed",
      `Claude Code took the plugin but lists ${found}; look at it with "claude plugin list"`,
    );
  }
  return row;
}

/** Registers the server without the plugin. */
export async function registerServer(target: ConnectTarget, options: ClaudeOptions): Promise<void> {
  // There is no verb that replaces an entry; the removal fails where there is none, which is well.
  const removal = ["mcp", "remove", "--scope", target.scope, SERVER];
  await runProgram(options.claude.path, removal, options);
  for (const verb of toVerbs(target, true)) await runVerb(options.claude, verb, options);
}

/** Takes the plugin, its marketplace, our bare server and our folder out. Returns what was there to remove. */
export async function removeFromClaude(home: Home, options: ClaudeOptions): Promise<string[]> {
  const { claude, env, cwd } = options;
  const removed: string[] = [];
  for (const row of await listPlugins(claude, PLUGIN, options)) {
    const project = row.projectPath;
    const where = project !== undefined && existsSync(project) ? { env, cwd: project } : options;
    await runVerb(claude, ["plugin", "uninstall", PLUGIN, "--scope", row.scope], where);
    removed.push(`plugin (${row.scope}${project === undefined ? "" : `, ${project}`})`);
  }
  if ((await findMarketplace(claude, MARKETPLACE, options)) !== undefined) {
    await runVerb(claude, ["plugin", "marketplace", "remove", MARKETPLACE], options);
    removed.push("marketplace");
  }
  for (const { scope, file } of toServerFiles(env, cwd)) {
    if (!hasOurServer(file, home)) continue;
    await runVerb(claude, ["mcp", "remove", "--scope", scope, SERVER], options);
    removed.push(`server (${scope})`);
  }
  // The client keeps a copy of every plugin that it has installed, also of one that it reads in place.
  const cache = join(toConfigDir(env), "plugins", "cache", MARKETPLACE);
  for (const folder of [home.claudeDir, cache]) {
    if (!existsSync(folder)) continue;
    rmSync(folder, { recursive: true, force: true });
    removed.push(folder);
  }
  return removed;
}

/** The client's own folder: https://code.claude.com/docs/en/settings. @throws SluiceError `bad_config` where HOME does not say it. */
export function toConfigDir(env: Env): string {
  return env["CLAUDE_CONFIG_DIR"] || join(requireClientHome(env), ".claude");
}

function requireClientHome(env: Env): string {
  return requireUserFolder(env, "CLAUDE_CONFIG_DIR to the folder of Claude Code");
}

async function findRow(scope: Scope, options: ClaudeOptions): Promise<PluginRow | undefined> {
  const rows = await listPlugins(options.claude, PLUGIN, options);
  return rows.find(
    (row) =>
      row.scope === scope && (row.projectPath === undefined || row.projectPath === options.cwd),
  );
}

/** True when the server was registered without the plugin, for the user or for this folder. */
export function hasBareServer(env: Env, cwd: string, home: Home): boolean {
  return toServerFiles(env, cwd).some(({ file }) => hasOurServer(file, home));
}

function toServerFiles(env: Env, cwd: string): { scope: Scope; file: string }[] {
  const folder = env["CLAUDE_CONFIG_DIR"] || requireClientHome(env);
  return [
    { scope: "user", file: join(folder, ".claude.json") },
    { scope: "project", file: join(cwd, ".mcp.json") },
  ];
}

/** True when the entry starts a shim from our folder: somebody's own server of that name stays. */
function hasOurServer(file: string, home: Home): boolean {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // No such file, or not one that we could have an entry in.
    return false;
  }
  const entry = JSON.stringify((value as ServerFile | null)?.mcpServers?.[SERVER] ?? null);
  return entry.includes(JSON.stringify(home.claudeDir).slice(1, -1));
}

/** All of it may be missing; what is read is only searched for our path. */
type ServerFile = { mcpServers?: Record<string, unknown> };
