/**
 * Which agents besides Claude Code have something of this Sluice, and taking it away.
 *
 * Owns: looking, by the agents' own files: what they have of another home is not counted. Never: edits a file that an agent keeps itself.
 */
import { readFileSync, rmSync } from "node:fs";
import type { Env } from "../../local/home.ts";
import { isSluiceError, readErrorCode, SluiceError, toMessage } from "../../sdk/errors.ts";
import { removeServer } from "./connect-mcp.ts";
import { toPluginFile } from "./connect-opencode.ts";
import { MCP_CLIENTS, type McpClient, SERVER_NAME } from "./mcp-clients.ts";
import { findProgram } from "./program.ts";

export type ConnectedClient = { client: string; what: string };

/** Its name, its file, and how that is told. */
type Place = { client: string; file: string; what: string };

export function listConnected(env: Env, home: string): ConnectedClient[] {
  return listPlaces(env).flatMap(({ client, file, what }) => {
    const seen = look(file, home);
    if (seen === "none") return [];
    return { client, what: seen === "ours" ? what : `perhaps ${what}: ${seen}` };
  });
}

/** As `sluice connect <client> --remove`. @throws SluiceError with what to do where it is, or may be, still there. */
export async function disconnect(name: string, env: Env, home: string): Promise<void> {
  const file = listPlaces(env).find(({ client }) => client === name)?.file ?? "";
  const client = MCP_CLIENTS.find((one) => one.name === name);
  if (client !== undefined) await disconnectMcp(client, env);
  else if (look(file, home) === "ours") rmSync(file);
  const seen = look(file, home);
  if (seen === "none") return;
  throw new SluiceError(
    "send_failed",
    seen === "ours" ? `${name} has left it there; take it out by hand` : seen,
  );
}

async function disconnectMcp(client: McpClient, env: Env): Promise<void> {
  const { command, variable } = client.program;
  const program = await findProgram(client.program, env);
  if (program === undefined)
    throw new SluiceError(
      "unsupported",
      `${command} was not found on PATH; take the entry out by hand, or set ${variable} to its executable and run "sluice connect ${client.name} --remove"`,
    );
  await removeServer(client, program);
}

/** Without a folder of the user's own there is no place for what stands there. */
function listPlaces(env: Env): Place[] {
  const all: [string, () => string, string][] = [
    ...MCP_CLIENTS.map(({ name, title, toFile }): (typeof all)[number] => [
      name,
      () => toFile(env),
      `the MCP server "${SERVER_NAME}" in ${title}`,
    ]),
    ["opencode", () => toPluginFile(env), "the plugin in opencode"],
  ];
  return all.flatMap(([client, toFile, what]) => {
    try {
      const file = toFile();
      return { client, file, what: `${what} (${file})` };
    } catch (thrown) {
      if (isSluiceError(thrown, "bad_config")) return [];
      throw thrown;
    }
  });
}

/** An entry of ours names the home that it leads to. Anything else that is said: why it cannot be known. */
function look(file: string, home: string): string {
  try {
    const text = readFileSync(file, "utf8");
    const names = [JSON.stringify(home), `'${home}'`];
    return text.includes("SLUICE_HOME") && names.some((one) => text.includes(one))
      ? "ours"
      : "none";
  } catch (thrown) {
    const code = readErrorCode(thrown);
    return code === "ENOENT" || code === "ENOTDIR"
      ? "none"
      : `${file} cannot be read (${toMessage(thrown)})`;
  }
}
