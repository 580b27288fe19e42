const require_connect_opencode = require("./connect-opencode.js");
const require_shared = require("./shared.js");
const require_main = require("./main.js");

// src/cli/commands/connect.ts
const NAMES = [
	"claude",
	...require_connect_opencode.MCP_CLIENTS.map(({ name }) => name),
	"opencode"
];
const connect = require_shared.defineCommand({
	description: "Installs Sluice into an agent",
	args: {
		client: require_shared.optionalPositional(`The agent: ${NAMES.join(", ")}; with --print alone, the entry for any other MCP client`),
		scope: {
			type: "enum",
			options: ["user", "project"],
			description: "Claude Code: for all your projects (the default), or for this folder"
		},
		bare: require_shared.flag("Claude Code: only an MCP server entry, without the bell and the hooks; the output says what is then missing"),
		print: require_shared.flag("Print what would be done, without doing it"),
		remove: require_shared.flag("Remove everything that connect installed"),
		json: require_shared.JSON_ARG
	},
	examples: [
		"sluice connect claude",
		"sluice connect codex --print",
		"sluice connect --print"
	],
	async run({ args }) {
		const { client, scope, bare = false, print = false, remove = false, json = false } = args;
		const isInstalled = !print && !remove && !json;
		if (client === "claude") {
			await require_connect_opencode.connectClaude({
				scope: scope ?? "user",
				bare,
				print,
				remove,
				json
			});
			return isInstalled ? offer() : void 0;
		}
		if (scope !== void 0 || bare) throw require_main.toUsageFault("--scope and --bare are for claude");
		if (client === "opencode") return require_connect_opencode.connectOpencode({
			print,
			remove,
			json
		});
		const row = require_connect_opencode.MCP_CLIENTS.find(({ name }) => name === client);
		if (row !== void 0) {
			await require_connect_opencode.connectMcp(row, {
				print,
				remove,
				json
			});
			return isInstalled ? offer() : void 0;
		}
		if (client === void 0 && print && !remove) return require_connect_opencode.printEntry(json);
		throw require_main.toUsageFault(client === void 0 ? `connect needs an agent: ${NAMES.join(", ")}; "sluice connect --print" shows the entry for any other` : `connect knows ${NAMES.join(", ")}, not "${client}"; "sluice connect --print" shows the entry for any other`);
	}
});
async function offer() {
	await (await Promise.resolve().then(() => require("./offer.js"))).offerAtLogin();
}

exports.connect = connect;