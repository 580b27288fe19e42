const require_shared = require("./shared.js");
const require_main = require("./main.js");
let node_path = require("node:path");
let node_os = require("node:os");

// src/cli/commands/author/dev.ts
const dev = require_shared.defineCommand({
	description: "Runs a channel server (any program that speaks MCP over stdio) below a session like Claude Code's, and shows each event as the model would read it, or why it would not. No model, no account. Flags of sluice stand before --, the server's command behind it.",
	args: {
		watch: require_shared.option("path", "Start the server anew when this file or folder changes, or when it ends"),
		name: require_shared.option("name", "The server's configured name (default: its file's name)"),
		port: require_shared.option("n", "Port of the page (default: a free one)"),
		"no-page": require_shared.flag("Open no page"),
		json: require_shared.JSON_ARG,
		raw: require_shared.flag("Show every JSON-RPC message"),
		record: require_shared.option("file", "Write everything that happens to this file, as lines of JSON"),
		fixtures: require_shared.option("folder", "Where save writes (default: fixtures)"),
		flags: require_shared.option("flags", "Channel flags that Claude Code would be started with (default: the development flag for this server)"),
		"client-version": require_shared.option("version", "Gates of this version of Claude Code"),
		provider: require_shared.option("name", "Who serves the model: anthropic, bedrock, vertex, foundry"),
		account: require_shared.option("kind", "How one is signed in: personal, team, enterprise, console, none"),
		policy: require_shared.option("on|off", "channelsEnabled of managed settings"),
		allowed: require_shared.option("plugins", "allowedChannelPlugins of managed settings: name@marketplace, with commas"),
		marketplace: require_shared.option("name", "Marketplace that the server's plugin came from"),
		"not-offered": require_shared.flag("The client is not offered channels")
	},
	rest: "-- <command>",
	repeatable: ["watch"],
	examples: ["sluice dev -- bun ./webhook.ts", "sluice dev --watch ./src -- node ./src/server.js"],
	async run({ args, positionals, repeated }) {
		const [command, ...rest] = positionals;
		if (command === void 0) throw require_main.toUsageFault("the server's command is missing: sluice dev -- bun ./webhook.ts");
		const { runDev, readClientFacts, toServerName } = await import("../../dist/inspect/run.js");
		const name = args.name ?? toServerName([command, ...rest].map((word) => (0, node_path.basename)(word)));
		const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true && args.json !== true;
		const ended = await runDev({
			command,
			args: rest,
			name,
			...args.marketplace === void 0 ? {} : { marketplace: args.marketplace },
			client: readClientFacts(name, {
				flags: args.flags,
				version: args["client-version"],
				provider: args.provider,
				account: args.account,
				policy: args.policy,
				allowed: args.allowed,
				isOffered: args["not-offered"] !== true
			}),
			cwd: process.cwd(),
			watch: repeated("watch").map((path) => (0, node_path.resolve)(path)),
			page: args["no-page"] === true ? void 0 : { port: readPort(args.port) },
			record: args.record,
			fixtures: args.fixtures ?? "fixtures",
			showRaw: args.raw === true,
			isJson: args.json === true,
			isTerminal,
			printLine: require_main.printLine,
			printJson: require_main.printJson,
			printNote: require_main.printError,
			paint: (tone, text) => tone === "plain" ? text : require_main.paint(COLOURS[tone], text)
		});
		process.exitCode = ended.signal === void 0 ? ended.code : 128 + node_os.constants.signals[ended.signal];
	}
});
const COLOURS = {
	good: "green",
	bad: "red",
	warn: "yellow",
	soft: "dim",
	stderr: "magenta"
};
function readPort(text) {
	if (text === void 0) return 0;
	const port = Number(text);
	if (!/^\d{1,5}$/.test(text) || port > 65535) throw require_main.toUsageFault(`--port ${text} is no port from 0 to 65535`);
	return port;
}

exports.dev = dev;