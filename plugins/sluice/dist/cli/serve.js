const require_shared = require("./shared.js");
const require_main = require("./main.js");
let node_path = require("node:path");

// src/cli/commands/serve.ts
const serve = require_shared.defineCommand({
	description: "Runs a channel's file as one stdio MCP server, without a hub. It has an inbox of its own; your client spawns it.",
	args: {
		file: require_shared.positional("The file, or a folder with a channel.ts"),
		name: require_shared.option("name", "What the channel is called (default: its kind)"),
		port: require_shared.option("port", "Port of its webhooks on this machine (default: SLUICE_PORT, the file's, 8788)")
	},
	examples: ["sluice serve ./sentry.ts"],
	async run({ args: { file, name, port } }) {
		if (name !== void 0 && !/^[a-z][a-z0-9-]{0,31}$/.test(name)) throw require_main.toUsageFault(`--name ${JSON.stringify(name)}: use a-z, 0-9 and -, at most 32 characters`);
		if (port !== void 0 && !/^\d{1,5}$/.test(port)) throw require_main.toUsageFault(`--port ${JSON.stringify(port)}: give a number from 0 to 65535`);
		const [{ claimOutput }, { loadChannel }, { runServer }] = await Promise.all([
			import("../../dist/author/alone/output.js"),
			import("../../dist/author/load.js"),
			import("../../dist/author/serve.js")
		]);
		claimOutput();
		const channel = await loadChannel(file);
		if (process.stdin.isTTY) require_main.printNote(`this is an MCP server, which a client spawns: claude mcp add ${name ?? channel.kind} -- sluice serve ${require_main.toShellWord((0, node_path.resolve)(file))}`);
		await runServer(channel, {
			...name === void 0 ? {} : { name },
			...port === void 0 ? {} : { port: Number(port) }
		});
	}
});

exports.serve = serve;