/**
 * `sluice connect <client>`: makes Sluice known to an agent, or says how.
 *
 * Owns: the command, and which client is meant. Never: what is written for one (../claude, ../clients).
 */
import { connectClaude } from "../claude/connect-run.ts";
import { connectMcp, printEntry } from "../clients/connect-mcp.ts";
import { connectOpencode } from "../clients/connect-opencode.ts";
import { MCP_CLIENTS } from "../clients/mcp-clients.ts";
import { defineCommand, flag, JSON_ARG, optionalPositional } from "../command.ts";
import { toUsageFault } from "../exit.ts";

const NAMES = ["claude", ...MCP_CLIENTS.map(({ name }) => name), "opencode"];

export const connect = defineCommand({
  description: "Installs Sluice into an agent",
  args: {
    client: optionalPositional(
      `The agent: ${NAMES.join(", ")}; with --print alone, the entry for any other MCP client`,
    ),
    scope: {
      type: "enum",
      options: ["user", "project"],
      description: "Claude Code: for all your projects (the default), or for this folder",
    },
    bare: flag(
      "Claude Code: only an MCP server entry, without the bell and the hooks; the output says what is then missing",
    ),
    print: flag("Print what would be done, without doing it"),
    remove: flag("Remove everything that connect installed"),
    json: JSON_ARG,
  },
  examples: ["sluice connect claude", "sluice connect codex --print", "sluice connect --print"],
  async run({ args }) {
    const { client, scope, bare = false, print = false, remove = false, json = false } = args;
    const isInstalled = !print && !remove && !json;
    if (client === "claude") {
      await connectClaude({ scope: scope ?? "user", bare, print, remove, json });
      return isInstalled ? offer() : undefined;
    }
    if (scope !== undefined || bare) throw toUsageFault("--scope and --bare are for claude");
    if (client === "opencode") return connectOpencode({ print, remove, json });
    const row = MCP_CLIENTS.find(({ name }) => name === client);
    if (row !== undefined) {
      await connectMcp(row, { print, remove, json });
      return isInstalled ? offer() : undefined;
    }
    if (client === undefined && print && !remove) return printEntry(json);
    throw toUsageFault(
      client === undefined
        ? `connect needs an agent: ${NAMES.join(", ")}; "sluice connect --print" shows the entry for any other`
        : `connect knows ${NAMES.join(", ")}, not "${client}"; "sluice connect --print" shows the entry for any other`,
    );
  },
});

/** A hub that is there after a reboot; loaded where something was installed. */
async function offer(): Promise<void> {
  await (await import("../at-login/offer.ts")).offerAtLogin();
}
