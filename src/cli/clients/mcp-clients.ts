/**
 * The MCP clients whose configuration `sluice connect` writes by their own verbs.
 *
 * Owns: a row for each: its verbs, and what a session in it can then do. Never: runs one.
 */
import { join } from "node:path";
import { type Env, requireUserFolder } from "../../local/home.ts";
import type { Installation } from "../claude/installation.ts";
import { toHostFolder } from "./hosts.ts";
import type { ProgramName } from "./program.ts";

export const SERVER_NAME = "sluice";

/** What a client spawns, as every MCP client's configuration has it. */
export type McpEntry = {
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
};

export type McpClient = {
  /** As it is typed. */
  name: string;
  title: string;
  program: ProgramName;
  /** Where its verbs keep the entry; Sluice only reads it. @throws SluiceError `bad_config` where HOME is needed and names no folder. */
  toFile(env: Env): string;
  /** The hub speaks to it over a connection of its own, and so wakes its sessions. */
  isHost: boolean;
  toAddVerb(entry: McpEntry): string[];
  removeVerb: readonly string[];
  /** Its output names every server that it has. */
  listVerb: readonly string[];
  next: readonly string[];
};

const PULLS = [
  "start a new session; one that is already open does not have it yet",
  "nothing wakes it: a session reads what waits when it calls the tool inbox",
];

const toEnvPairs = ({ env }: McpEntry): string[] =>
  Object.entries(env).map(([name, value]) => `${name}=${value}`);

/** Gemini CLI, and what was made from it. */
function toGeminiRow(
  name: string,
  title: string,
  variable: string,
  toFolder: (env: Env) => string,
): Omit<McpClient, "next" | "isHost"> {
  return {
    name,
    title,
    program: { command: name, variable },
    toFile: (env) => join(toFolder(env), "settings.json"),
    toAddVerb: (entry) => {
      const env = toEnvPairs(entry).flatMap((pair) => ["--env", pair]);
      return ["mcp", "add", "--scope", "user", ...env, SERVER_NAME, entry.command, ...entry.args];
    },
    removeVerb: ["mcp", "remove", "--scope", "user", SERVER_NAME],
    listVerb: ["mcp", "list"],
  };
}

export const MCP_CLIENTS: readonly McpClient[] = [
  {
    name: "codex",
    title: "Codex",
    program: { command: "codex", variable: "SLUICE_CODEX" },
    toFile: (env) => join(toHostFolder("codex", env), "config.toml"),
    isHost: true,
    toAddVerb: (entry) => {
      const env = toEnvPairs(entry).flatMap((pair) => ["--env", pair]);
      return ["mcp", "add", SERVER_NAME, ...env, "--", entry.command, ...entry.args];
    },
    removeVerb: ["mcp", "remove", SERVER_NAME],
    listVerb: ["mcp", "list"],
    next: [
      "sessions that are open get events at once, and the tools with their next start",
      'then "sluice status" shows the sessions, and "sluice doctor" says what is missing',
    ],
  },
  {
    ...toGeminiRow("gemini", "Gemini CLI", "SLUICE_GEMINI", (env) =>
      join(env["GEMINI_CLI_HOME"] || requireUserFolder(env), ".gemini"),
    ),
    isHost: false,
    next: PULLS,
  },
  {
    ...toGeminiRow(
      "qwen",
      "Qwen Code",
      "SLUICE_QWEN",
      (env) => env["QWEN_HOME"] || join(requireUserFolder(env), ".qwen"),
    ),
    isHost: false,
    next: PULLS,
  },
];

export function toMcpEntry({ node, cli }: Installation, home: string): McpEntry {
  return { command: node, args: [cli, "mcp"], env: { SLUICE_HOME: home } };
}
