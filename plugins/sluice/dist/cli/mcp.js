const require_shared = require("./shared.js");
const require_main = require("./main.js");

// src/cli/commands/mcp.ts
const mcp = require_shared.defineCommand({
	description: "Runs the MCP server on stdin and stdout. A client starts it: put this command into the configuration of an MCP client.",
	args: {
		events: require_shared.flag("Serve MCP Events in place of a session's tools"),
		client: require_shared.option("name", "With --events: the client, as \"sluice access client add\" named it")
	},
	examples: ["{ \"mcpServers\": { \"sluice\": { \"command\": \"sluice\", \"args\": [\"mcp\"] } } }"],
	async run({ args }) {
		if (args.events === true) {
			const { serveEvents } = await Promise.resolve().then(() => require("./events-stdio.js"));
			await serveEvents(args.client, process.stdin, process.stdout);
			process.exit(0);
		}
		if (args.client !== void 0) throw require_main.toUsageFault("--client belongs to sluice mcp --events");
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