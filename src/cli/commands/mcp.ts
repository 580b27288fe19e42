/**
 * `sluice mcp` and `sluice bell`.
 *
 * Owns: the processes of a shim and a bell that were started through the command line. Never: what they do.
 */
import { defineCommand, flag, option } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { toHubEntry } from "../hub.ts";

export const mcp = defineCommand({
  description:
    "Runs the MCP server on stdin and stdout. A client starts it: put this command into the configuration of an MCP client.",
  args: {
    events: flag("Serve MCP Events in place of a session's tools"),
    client: option("name", 'With --events: the client, as "sluice access client add" named it'),
  },
  examples: ['{ "mcpServers": { "sluice": { "command": "sluice", "args": ["mcp"] } } }'],
  async run({ args }) {
    if (args.events === true) {
      const { serveEvents } = await import("../events-stdio.ts");
      await serveEvents(args.client, process.stdin, process.stdout);
      process.exit(0);
    }
    if (args.client !== undefined) throw toUsageFault("--client belongs to sluice mcp --events");
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
