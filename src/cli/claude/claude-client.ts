/**
 * The `claude` command of this machine: finding it, and running its verbs.
 *
 * Owns: that child process and what its answers mean. Never: edits the client's files.
 * Verbs: https://code.claude.com/docs/en/plugins-reference#cli-commands-reference and https://code.claude.com/docs/en/mcp
 */
import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import type { Env } from "../../local/home.ts";
import { withUsualUmask } from "../../local/umask.ts";
import { SluiceError } from "../../sdk/errors.ts";

/** The first version that runs a plugin's monitors. */
export const MONITORS_SINCE = "2.1.310";

export type Claude = { path: string; version: string };

export type RunResult = { code: number | null; stdout: string; stderr: string };

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

const RUN_TIMEOUT_MS = 60_000;
const VERSION_TIMEOUT_MS = 20_000;

/**
 * Where the client is: SLUICE_CLAUDE, else `claude` on PATH, else where its installers put it.
 * Undefined when there is none.
 * @throws SluiceError `bad_config` when SLUICE_CLAUDE names nothing that runs.
 */
export async function findClaude(env: Env): Promise<Claude | undefined> {
  const named = env["SLUICE_CLAUDE"];
  if (named !== undefined && named !== "") {
    const version = await readVersion(named, env);
    if (version !== undefined) return { path: named, version };
    throw new SluiceError(
      "bad_config",
      `SLUICE_CLAUDE is "${named}", which does not answer --version; set it to the claude executable`,
    );
  }
  const home = env["HOME"] ?? "";
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  // Both are in use without being on PATH: shells reach the second by an alias. Below a relative HOME would lie somebody's project.
  if (isAbsolute(home)) folders.push(join(home, ".local", "bin"), join(home, ".claude", "local"));
  for (const path of folders.map((folder) => join(folder, "claude")).filter(isExecutable)) {
    const version = await readVersion(path, env);
    if (version !== undefined) return { path, version };
  }
  return undefined;
}

/** Runs one verb to its end. A non-zero exit is a value: some verbs answer so when there is nothing to do. */
export function runClaude(
  claude: string,
  args: readonly string[],
  options: { env: Env; cwd?: string; timeoutMs?: number },
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    // Its settings, and a project's .mcp.json that colleagues read, get the modes that the user has always given them.
    const child = withUsualUmask(() =>
      spawn(claude, args, {
        env: { ...options.env },
        stdio: ["ignore", "pipe", "pipe"],
        timeout: options.timeoutMs ?? RUN_TIMEOUT_MS,
        killSignal: "SIGKILL",
        cwd: options.cwd,
      }),
    );
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    child.once("error", (cause) =>
      reject(
        new SluiceError("unsupported", `${claude} cannot be run (${cause.message})`, { cause }),
      ),
    );
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** @throws SluiceError `send_failed` with the client's own first line when the verb fails. */
export async function runVerb(
  claude: Claude,
  args: readonly string[],
  options: { env: Env; cwd?: string },
): Promise<string> {
  const { code, stdout, stderr } = await runClaude(claude.path, args, options);
  if (code === 0) return stdout;
  const said = `${stderr}\n${stdout}`.split("\n").find((line) => line.trim() !== "");
  throw new SluiceError(
    "send_failed",
    `"claude ${args.join(" ")}" failed: ${said?.trim() ?? (code === null ? "it took too long" : `exit code ${code}`)}`,
  );
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
  const { code, stdout } = await runClaude(claude.path, ["agents", "--json"], options);
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

async function readVersion(path: string, env: Env): Promise<string | undefined> {
  try {
    const { stdout } = await runClaude(path, ["--version"], { env, timeoutMs: VERSION_TIMEOUT_MS });
    return /\d+\.\d+\.\d+/.exec(stdout)?.[0];
  } catch {
    // A folder, another platform's binary, a dangling link: no client here, look further.
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Not there or not ours to run: both mean "look further".
    return false;
  }
}
