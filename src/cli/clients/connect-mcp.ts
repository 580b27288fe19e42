/**
 * `sluice connect` for clients that take an MCP server by a verb of their own.
 *
 * Owns: the order of their verbs, and the words for the user. Never: edits a client's file; trusts anything on the user's behalf.
 */
import type { HostName } from "../../api/wire/host-wire.ts";
import { locateHome } from "../../local/home.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { toShellCommand } from "../../sdk/shell-word.ts";
import { refuseNpx } from "../claude/connect-run.ts";
import { isPlugin, listPathTraps, locateInstallation } from "../claude/installation.ts";
import { printJson, printLine, printNote } from "../output/print.ts";
import { addHost, removeHost } from "./hosts.ts";
import { type McpClient, type McpEntry, SERVER_NAME, toMcpEntry } from "./mcp-clients.ts";
import { findProgram, type Program, runProgram, runProgramVerb } from "./program.ts";

export type ConnectArgs = { print: boolean; remove: boolean; json: boolean };

export async function connectMcp(client: McpClient, args: ConnectArgs): Promise<void> {
  const { print, remove, json } = args;
  const entry = toEntry();
  const verb = remove ? client.removeVerb : client.toAddVerb(entry);
  if (print) return printPlan(client, verb, json);
  const program = await findProgram(client.program, process.env);
  if (program === undefined) {
    if (!remove) printNote(`by hand: ${toCommand(client, verb)}`);
    throw new SluiceError(
      "unsupported",
      `${client.title} was not found on PATH, so nothing was changed; set ${client.program.variable} to its executable`,
    );
  }
  if (remove) await removeFrom(client, program, json);
  else await installIn(client, program, entry, json);
}

/** The entry to paste, for a client that we have no row of. */
export function printEntry(json: boolean): void {
  const { command, args, env } = toEntry();
  const file = { mcpServers: { [SERVER_NAME]: { command, args, env } } };
  if (json) return printJson(file);
  printLine(
    "Any MCP client: put this into its configuration, under the key that it has for servers.",
  );
  for (const line of JSON.stringify(file, undefined, 2).split("\n")) printLine(line);
  printLine("A session then reads what waits when it calls the tool inbox; nothing wakes it.");
}

/** @throws SluiceError `bad_config` where this installation does not last. */
export function toEntry(): McpEntry {
  const installation = locateInstallation();
  refuseNpx(installation);
  if (isPlugin(installation))
    throw new SluiceError(
      "bad_config",
      `this Sluice is a plugin of Claude Code (${installation.root}), which goes with that plugin's next update; install it with "npm install --global", and connect with that`,
    );
  return toMcpEntry(installation, locateHome(process.env).path);
}

function printPlan(client: McpClient, verb: readonly string[], json: boolean): void {
  if (json)
    return printJson({ client: client.name, commands: [[client.program.command, ...verb]] });
  printLine(`sluice connect ${client.name} would run`);
  printLine(`   ${toCommand(client, verb)}`);
  if (client.isHost) printLine("and have the hub look for its sessions.");
}

async function installIn(
  client: McpClient,
  program: Program,
  entry: McpEntry,
  json: boolean,
): Promise<void> {
  const { command } = client.program;
  const options = { env: process.env };
  // There is no verb that replaces an entry; the removal fails where there is none, which is well.
  await runProgram(program.path, client.removeVerb, options);
  await runProgramVerb(command, program.path, client.toAddVerb(entry), options);
  await requireListed(client, program);
  const host = client.isHost ? await addHost(client.name as HostName, process.env) : undefined;
  const warnings = listPathTraps(locateInstallation(), client.name);
  const report = {
    client: client.name,
    clientPath: program.path,
    clientVersion: program.version,
    installed: "server",
    ...(host === undefined ? {} : { host }),
    warnings,
    next: client.next,
  };
  if (json) return printJson(report);
  printLine(`${client.title} ${program.version} has the MCP server "${SERVER_NAME}".`);
  if (host !== undefined) printLine(`  sessions   found by the hub in ${host.folder}`);
  for (const warning of warnings) printNote(warning);
  printLine();
  for (const [index, step] of client.next.entries())
    printLine(`${index === 0 ? "Next: " : "      "}${step}`);
}

async function removeFrom(client: McpClient, program: Program, json: boolean): Promise<void> {
  const before = await isListed(client, program);
  if (before) await removeServer(client, program);
  const host = client.isHost && (await removeHost(client.name as HostName));
  const removed = [...(before ? ["server"] : []), ...(host ? ["host"] : [])];
  if (json) return printJson({ client: client.name, removed });
  if (removed.length === 0) return printLine(`Nothing of Sluice was in ${client.title}.`);
  if (before) printLine(`${client.title} no longer has the MCP server "${SERVER_NAME}".`);
  if (host) printLine("The hub no longer looks for its sessions.");
}

/** By the client's own verb. @throws SluiceError `send_failed` with what the client says. */
export async function removeServer(client: McpClient, program: Program): Promise<void> {
  await runProgramVerb(client.program.command, program.path, client.removeVerb, {
    env: process.env,
  });
}

async function requireListed(client: McpClient, program: Program): Promise<void> {
  if (await isListed(client, program)) return;
  throw new SluiceError(
    "send_failed",
    `${client.title} took the server "${SERVER_NAME}" but does not list it; look at it with "${toCommand(client, client.listVerb)}"`,
  );
}

async function isListed(client: McpClient, program: Program): Promise<boolean> {
  const { stdout, stderr } = await runProgram(program.path, client.listVerb, { env: process.env });
  return new RegExp(`(?<![\\w-])${SERVER_NAME}(?![\\w-])`).test(`${stdout}\n${stderr}`);
}

function toCommand({ program }: McpClient, verb: readonly string[]): string {
  return toShellCommand([program.command, ...verb]);
}
