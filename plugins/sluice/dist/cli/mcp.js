const require_shared = require("./shared.js");

// src/cli/commands/mcp.ts
const mcp = require_shared.defineCommand({
	description: "Runs the MCP server on stdin and stdout. A client starts it: put this command into the configuration of an MCP client.",
	args: {},
	examples: ["{ \"mcpServers\": { \"sluice\": { \"command\": \"sluice\", \"args\": [\"mcp\"] } } }"],
	async run() {
		const { runShim } = await Promise.resolve().then(() => require("./shim.js"));
		await runShim({
			env: process.env,
			plugin: false,
			entry: require_shared.toHubEntry()
		});
		process.exit(0);
	}
});
const bell = require_shared.defineCommand({
	description: "Runs the plugin's monitor: prints a line when events wait for the session. The client starts it; you never need to.",
	args: {},
	examples: ["sluice bell"],
	async run() {
		const { runBell } = await Promise.resolve().then(() => require("./bell.js"));
		await runBell(process.env);
		process.exit(0);
	}
});

exports.bell = bell;
exports.mcp = mcp;