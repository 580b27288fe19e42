/**
 * `sluice mcp`.
 *
 * Owns: the process of a shim that was started through the command line. Never: what a shim does.
 */
import { defineCommand } from "../command.ts";
import { toHubEntry } from "../hub.ts";

export const mcp = defineCommand({
  meta: {
    name: "mcp",
    description:
      "Runs the MCP server on stdin and stdout. A client starts it: put this command into the configuration of an MCP client.",
  },
  args: {},
  examples: ['{ "mcpServers": { "sluice": { "command": "sluice", "args": ["mcp"] } } }'],
  async run() {
    const { runShim } = await import("../../shim/shim.ts");
    await runShim({ env: process.env, plugin: false, entry: toHubEntry() });
    // The client is gone: nothing that is still open may keep the process.
    process.exit(0);
  },
});
