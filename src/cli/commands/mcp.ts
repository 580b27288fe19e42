/**
 * `sluice mcp` and `sluice bell`.
 *
 * Owns: the processes of a shim and a bell that were started through the command line. Never: what they do.
 */
import { defineCommand } from "../command.ts";
import { toHubEntry } from "../hub.ts";

export const mcp = defineCommand({
  description:
    "Runs the MCP server on stdin and stdout. A client starts it: put this command into the configuration of an MCP client.",
  args: {},
  examples: ['{ "mcpServers": { "sluice": { "command": "sluice", "args": ["mcp"] } } }'],
  async run() {
    const { runShim } = await import("../../shim/shim.ts");
    await runShim({ env: process.env, plugin: false, entry: toHubEntry() });
    // The client is gone: nothing that is still open may keep the process.
    process.exit(0);
  },
});

export const bell = defineCommand({
  description:
    "Runs the plugin's monitor: prints a line when events wait for the session. The client starts it; you never need to.",
  args: {},
  examples: ["sluice bell"],
  async run() {
    const { runBell } = await import("../../shim/bell.ts");
    await runBell(process.env);
    process.exit(0);
  },
});
