/**
 * The `claude` command of this machine, and its verbs.
 *
 * Owns: what its answers mean. Never: edits the client's files.
 * Verbs: https://code.claude.com/docs/en/plugins-reference#cli-commands-reference and https://code.claude.com/docs/en/mcp
 */
import { isAbsolute, join } from "node:path";
import type { Env } from "../../local/home.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { findProgram, type Program, runProgram, runProgramVerb } from "../clients/program.ts";

/** The first version that runs a plugin's monitors. */
export const MONITORS_SINCE = "2.1.310";

export type Claude = Program;

/** A row of `claude plugin list --json`; only what is used here. */
export type PluginRow = {
  id: string;
  version: string;
  scope: string;
  enabled: boolean;
  /** The client's own copy. */
  installPath?: string;
  /** Read there in place instead: a marketplace in a folder. */
  readFromFolder?: string;
  folderVersion?: string;
  projectPath?: string;
  mcpServers?: Record<string, { command?: string; args?: string[]; env?: Record<string, string> }>;
};

/** A row of `claude plugin marketplace list --json`: its name, and by what it was added. */
export type MarketplaceRow = {
  name: string;
  source?: string;
  path?: string;
  repo?: string;
  url?: string;
};

/** A row of `claude agents --json`: a session that is open on this machine, also one that we are not in. Only what is used here. */
export type ClientRow = { pid: number; cwd: string; kind: string; name: string; startedAt: number };

/**
 * Where the client is: SLUICE_CLAUDE, else `claude` on PATH, else where its installers put it.
 * Undefined when there is none.
 * @throws SluiceError `bad_config` when SLUICE_CLAUDE names nothing that runs.
 */
export function findClaude(env: Env): Promise<Claude | undefined> {
  const home = env["HOME"] ?? "";
  // Both are in use without being on PATH: shells reach the second by an alias. Below a relative HOME would lie somebody's project.
  const folders = isAbsolute(home)
    ? [join(home, ".local", "bin"), join(home, ".claude", "local")]
    : [];
  return findProgram({ command: "claude", variable: "SLUICE_CLAUDE", folders }, env);
}

/** @throws SluiceError `send_failed` with the client's own first line when the verb fails. */
export function runVerb(
  claude: Claude,
  args: readonly string[],
  options: { env: Env; cwd?: string },
): Promise<string> {
  return runProgramVerb("claude", claude.path, args, options);
}

/** Rows of one plugin, one for each scope in which it is installed; with a name alone, of all plugins of that name. */
export async function listPlugins(
  claude: Claude,
  id: string,
  options: { env: Env; cwd?: string },
): Promise<PluginRow[]> {
  const rows = await listRows(claude, ["plugin", "list", "--json"], options);
  return rows.filter(isPluginRow).filter((row) => row.id === id || row.id.startsWith(`${id}@`));
}

/** Sessions that are open, in their client's own words. None where a client does not know the verb. */
export async function listClients(
  claude: Claude,
  options: { env: Env; cwd?: string },
): Promise<ClientRow[]> {
  const { code, stdout } = await runProgram(claude.path, ["agents", "--json"], options);
  if (code !== 0) return [];
  try {
    const value: unknown = JSON.parse(stdout);
    return Array.isArray(value) ? value.filter(isClientRow) : [];
  } catch {
    // An older client reads it as something else: then nobody is listed.
    return [];
  }
}

export async function findMarketplace(
  claude: Claude,
  name: string,
  options: { env: Env },
): Promise<MarketplaceRow | undefined> {
  const rows = await listRows(claude, ["plugin", "marketplace", "list", "--json"], options);
  return rows.find(
    (row): row is MarketplaceRow =>
      typeof row === "object" && row !== null && "name" in row && row.name === name,
  );
}

async function listRows(
  claude: Claude,
  args: readonly string[],
  options: { env: Env; cwd?: string },
): Promise<unknown[]> {
  const text = await runVerb(claude, args, options);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON is no list either: reported below, with the version.
    value = undefined;
  }
  if (Array.isArray(value)) return value;
  throw new SluiceError(
    "unsupported",
    `"claude ${args.join(" ")}" of version ${claude.version} answered something else than a list`,
  );
}

function isPluginRow(value: unknown): value is PluginRow {
  return (
    typeof value === "object" &&
    value !== null &&
    "id" in value &&
    typeof value.id === "string" &&
    "scope" in value &&
    typeof value.scope === "string"
  );
}

function isClientRow(value: unknown): value is ClientRow {
  if (typeof value !== "object" || value === null) return false;
  const row: Partial<Record<keyof ClientRow, unknown>> = value;
  return (
    typeof row.pid === "number" &&
    typeof row.startedAt === "number" &&
    [row.cwd, row.kind, row.name].every((text) => typeof text === "string")
  );
}
