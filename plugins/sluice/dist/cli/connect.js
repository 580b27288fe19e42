const require_main = require("./main.js");
const require_build = require("./build.js");
const require_connect_claude = require("./connect-claude.js");
const require_channel_flag = require("./channel-flag.js");
const require_shared = require("./shared.js");
const require_compare_versions = require("./compare-versions.js");
const require_installation = require("./installation.js");
const require_replace_hub = require("./replace-hub.js");

// src/cli/commands/connect.ts
const HUB_TIMEOUT_MS = 2e4;
const connect = require_shared.defineCommand({
	description: "Installs Sluice into Claude Code",
	args: {
		client: require_shared.positional("The client: \"claude\""),
		scope: {
			type: "enum",
			options: ["user", "project"],
			default: "user",
			description: "For all your projects, or for this folder"
		},
		bare: require_shared.flag("Only an MCP server entry, without the bell and the hooks; the output says what is then missing"),
		print: require_shared.flag("Print what would be done, without doing it"),
		remove: require_shared.flag("Remove everything that connect installed"),
		json: require_shared.JSON_ARG
	},
	examples: ["sluice connect claude", "sluice connect claude --print"],
	async run({ args }) {
		if (args.client !== "claude") throw require_main.toUsageFault(`connect knows the client "claude", not "${args.client}"`);
		const { bare = false, json = false } = args;
		const target = {
			home: require_main.locateHome(process.env),
			version: require_main.VERSION,
			installation: require_installation.locateInstallation(),
			scope: args.scope ?? "user"
		};
		if (args.remove === true) {
			if (args.print === true) printVerbs(require_connect_claude.toRemovalVerbs(target.scope), json);
			else await remove(target, json);
		} else if (args.print === true) printPlan(target, bare, json);
		else await install(target, bare, json);
	}
});
async function install(target, bare, json) {
	const { home, installation, version, scope } = target;
	refuseNpx(target);
	refusePlugin(target);
	const written = require_connect_claude.writeClaudeFolder({
		home: home.path,
		claudeDir: home.claudeDir,
		version,
		installation
	});
	const claude = await require_connect_claude.findClaude(process.env);
	if (claude === void 0) {
		require_main.printNote("no claude on PATH; run these commands by hand:");
		for (const line of toManualSteps(target, bare)) require_main.printNote(line);
		throw new require_main.SluiceError("unsupported", "Claude Code was not found on PATH; follow the steps above, or set SLUICE_CLAUDE to it");
	}
	const hub = await require_replace_hub.replaceOlderHub({
		env: process.env,
		entry: require_shared.toHubEntry(),
		version,
		build: require_build.readBuild(),
		timeoutMs: HUB_TIMEOUT_MS
	});
	const options = {
		claude,
		env: process.env,
		cwd: require_connect_claude.readWorkingFolder()
	};
	if (bare) await require_connect_claude.registerServer(target, options);
	else await require_connect_claude.installPlugin(target, options);
	const isDouble = bare ? (await require_connect_claude.listPlugins(claude, require_channel_flag.PLUGIN, options)).length > 0 : require_connect_claude.hasBareServer(process.env, options.cwd, home);
	const report = {
		client: "claude",
		clientPath: claude.path,
		clientVersion: claude.version,
		installed: bare ? "server" : "plugin",
		version,
		scope,
		folder: require_connect_claude.toClaudeFolder(home.claudeDir, version).marketplace,
		written: written === "written",
		hub,
		warnings: listWarnings(target, {
			claude,
			bare,
			hub,
			isDouble
		}),
		next: listNextSteps(bare)
	};
	if (json) return require_main.printJson(report);
	const what = bare ? `the MCP server "${require_connect_claude.SERVER}"` : `the plugin ${require_channel_flag.PLUGIN} ${version}`;
	require_main.printLine(`Claude Code ${claude.version} has ${what} (scope ${scope}).`);
	require_main.printLine(`  read from  ${report.folder}`);
	require_main.printLine(`  runs with  ${installation.node}`);
	if (hub.kind === "replaced") require_main.printLine(`  hub        ${version}, in place of ${hub.before === version ? "another build of it" : hub.before}`);
	for (const warning of report.warnings) require_main.printNote(warning);
	require_main.printLine();
	for (const [index, step] of report.next.entries()) require_main.printLine(bare ? step : `${index === 0 ? "Next: " : "      "}${step}`);
}
async function remove(target, json) {
	const claude = await require_connect_claude.findClaude(process.env);
	if (claude === void 0) throw new require_main.SluiceError("unsupported", "Claude Code was not found on PATH, so nothing was removed; set SLUICE_CLAUDE to it");
	const options = {
		claude,
		env: process.env,
		cwd: require_connect_claude.readWorkingFolder()
	};
	const removed = await require_connect_claude.removeFromClaude(target.home, options);
	if (json) return require_main.printJson({
		client: "claude",
		removed
	});
	if (removed.length === 0) return require_main.printLine("Nothing of Sluice was installed in Claude Code.");
	require_main.printLine("Removed from Claude Code:");
	for (const what of removed) require_main.printLine(`  ${what}`);
	require_main.printLine("Sessions that are open keep it until they end. The hub runs on; \"sluice down\" ends it.");
}
function printPlan(target, bare, json) {
	const { home, version } = target;
	if (json) {
		require_main.printJson({
			client: "claude",
			folder: require_connect_claude.toClaudeFolder(home.claudeDir, version).marketplace,
			commands: require_connect_claude.toVerbs(target, bare).map((verb) => ["claude", ...verb])
		});
		return;
	}
	require_main.printLine("sluice connect claude would");
	require_main.printLine(`1. write ${require_connect_claude.toClaudeFolder(home.claudeDir, version).marketplace}`);
	require_main.printLine("2. run");
	printVerbs(require_connect_claude.toVerbs(target, bare), false);
	require_main.printLine();
	require_main.printLine("If claude is not on PATH, it only writes the folder, and you run in Claude Code:");
	for (const line of toManualSteps(target, bare)) require_main.printLine(`  ${line}`);
	if (bare) require_main.printLines(BARE_GUARANTEES);
}
function printVerbs(verbs, json) {
	const commands = verbs.map((verb) => ["claude", ...verb]);
	if (json) return require_main.printJson({
		client: "claude",
		commands
	});
	for (const command of commands) require_main.printLine(`   ${require_main.toShellCommand(command)}`);
}
function toManualSteps(target, bare) {
	const verbs = require_connect_claude.toVerbs(target, bare);
	if (bare) return [`in a terminal that has it: ${verbs.map((verb) => require_main.toShellCommand(["claude", ...verb])).join(" && ")}`];
	const { marketplace } = require_connect_claude.toClaudeFolder(target.home.claudeDir, target.version);
	return [`in a session of Claude Code: /plugin marketplace add ${marketplace}`, `then: /plugin install ${require_channel_flag.PLUGIN}`];
}
const BARE_GUARANTEES = [
	"Without the plugin there is no bell and there are no hooks:",
	"  - an idle session is not woken; events wait until the model calls the inbox tool,",
	"  - receipts come from tool calls only, so a delivery may be repeated,",
	"  - the client asks before it runs a Sluice tool.",
	`The client's own channel lane wakes a session where it is open to you: claude --dangerously-load-development-channels server:${require_connect_claude.SERVER}`
];
function listWarnings(target, { claude, bare, hub, isDouble }) {
	const warnings = require_installation.listPathTraps(target.installation);
	if (!bare && require_compare_versions.compareVersions(claude.version, "2.1.310") < 0) warnings.push(`Claude Code ${claude.version} runs no monitors, so nothing wakes an idle session; update it to ${require_connect_claude.MONITORS_SINCE} or later`);
	if (isDouble) warnings.push(`${bare ? "the plugin is" : "a bare server entry is"} there as well, so each session starts Sluice twice and its tools show twice; "sluice connect claude --remove" takes both out, then connect once more`);
	if (hub.kind === "newer") warnings.push(`the hub that runs is version ${hub.running}, newer than this command (${target.version}); run connect with the newer one`);
	if (target.scope === "project") warnings.push("scope project writes into this folder, but the paths are this machine's: colleagues run sluice connect claude themselves");
	return warnings;
}
function listNextSteps(bare) {
	if (bare) return BARE_GUARANTEES;
	return ["start a new Claude Code session; one that is already open does not have it yet", "then \"sluice status\" shows the session, and \"sluice doctor\" says what is missing"];
}
function refusePlugin({ installation }) {
	if (!require_installation.isPlugin(installation)) return;
	throw new require_main.SluiceError("bad_config", `this Sluice is the plugin that Claude Code installed itself (${installation.root}), so there is nothing to connect; "sluice doctor" says what is missing`);
}
function refuseNpx({ installation }) {
	if (!require_installation.isInNpxCache(installation)) return;
	throw new require_main.SluiceError("bad_config", `this Sluice runs from npx's cache (${installation.root}), which npm empties; install it where it stays, with "npm install --global", and connect with that`);
}

exports.connect = connect;