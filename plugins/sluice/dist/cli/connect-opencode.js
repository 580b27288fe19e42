const require_main = require("./main.js");
const require_installation = require("./installation.js");
const require_build = require("./build.js");
const require_claude_client = require("./claude-client.js");
const require_connect_claude = require("./connect-claude.js");
const require_channel_flag = require("./channel-flag.js");
const require_compare_versions = require("./compare-versions.js");
const require_shared = require("./shared.js");
const require_replace_hub = require("./replace-hub.js");
let node_fs = require("node:fs");
let node_path = require("node:path");
let node_url = require("node:url");

// src/cli/claude/connect-run.ts
const HUB_TIMEOUT_MS = 2e4;
async function connectClaude(args) {
	const { scope, bare, print, json } = args;
	const target = {
		home: require_main.locateHome(process.env),
		version: require_main.VERSION,
		installation: require_installation.locateInstallation(),
		scope
	};
	if (args.remove) {
		if (print) printVerbs(require_connect_claude.toRemovalVerbs(scope), json);
		else await remove(target, json);
	} else if (print) printPlan$1(target, bare, json);
	else await install(target, bare, json);
}
async function install(target, bare, json) {
	const { home, installation, version, scope } = target;
	refuseNpx(target.installation);
	refusePlugin(target);
	const written = require_connect_claude.writeClaudeFolder({
		home: home.path,
		claudeDir: home.claudeDir,
		version,
		installation
	});
	const claude = await require_claude_client.findClaude(process.env);
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
	const isDouble = bare ? (await require_claude_client.listPlugins(claude, require_channel_flag.PLUGIN, options)).length > 0 : require_connect_claude.hasBareServer(process.env, options.cwd, home);
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
	await (await Promise.resolve().then(() => require("./offer.js"))).offerAtLogin();
}
async function remove(target, json) {
	const claude = await require_claude_client.findClaude(process.env);
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
function printPlan$1(target, bare, json) {
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
	if (!bare && require_compare_versions.compareVersions(claude.version, "2.1.310") < 0) warnings.push(`Claude Code ${claude.version} runs no monitors, so nothing wakes an idle session; update it to ${require_claude_client.MONITORS_SINCE} or later`);
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
function refuseNpx(installation) {
	if (!require_installation.isInNpxCache(installation)) return;
	throw new require_main.SluiceError("bad_config", `this Sluice runs from npx's cache (${installation.root}), which npm empties; install it where it stays, with "npm install --global", and connect with that`);
}

// src/cli/clients/hosts.ts
const FOLDERS = {
	codex: {
		variable: "CODEX_HOME",
		below: ".codex"
	},
	opencode: {
		variable: "OPENCODE_CONFIG_DIR",
		below: (0, node_path.join)(".config", "opencode")
	}
};
function toHostFolder(name, env) {
	const { variable, below } = FOLDERS[name];
	const named = env[variable];
	if (named !== void 0 && named !== "") return (0, node_path.isAbsolute)(named) ? named : (0, node_path.resolve)(named);
	return (0, node_path.join)(require_main.requireUserFolder(env, `${variable} to its folder`), below);
}
async function addHost(name, env) {
	const folder = toHostFolder(name, env);
	const json = {
		folder,
		caller: require_shared.readCallerFacts()
	};
	await require_shared.ask((api) => api.hosts[":name"].$put({
		param: { name },
		json
	}));
	return { folder };
}
async function removeHost(name) {
	const json = { caller: require_shared.readCallerFacts() };
	const { removed } = await require_shared.ask((api) => api.hosts[":name"].remove.$post({
		param: { name },
		json
	}));
	return removed;
}

// src/cli/clients/mcp-clients.ts
const SERVER_NAME = "sluice";
const PULLS = ["start a new session; one that is already open does not have it yet", "nothing wakes it: a session reads what waits when it calls the tool inbox"];
const toEnvPairs = ({ env }) => Object.entries(env).map(([name, value]) => `${name}=${value}`);
function toGeminiRow(name, title, variable, toFolder) {
	return {
		name,
		title,
		program: {
			command: name,
			variable
		},
		toFile: (env) => (0, node_path.join)(toFolder(env), "settings.json"),
		toAddVerb: (entry) => {
			return [
				"mcp",
				"add",
				"--scope",
				"user",
				...toEnvPairs(entry).flatMap((pair) => ["--env", pair]),
				SERVER_NAME,
				entry.command,
				...entry.args
			];
		},
		removeVerb: [
			"mcp",
			"remove",
			"--scope",
			"user",
			SERVER_NAME
		],
		listVerb: ["mcp", "list"]
	};
}
const MCP_CLIENTS = [
	{
		name: "codex",
		title: "Codex",
		program: {
			command: "codex",
			variable: "SLUICE_CODEX"
		},
		toFile: (env) => (0, node_path.join)(toHostFolder("codex", env), "config.toml"),
		isHost: true,
		toAddVerb: (entry) => {
			const env = toEnvPairs(entry).flatMap((pair) => ["--env", pair]);
			return [
				"mcp",
				"add",
				SERVER_NAME,
				...env,
				"--",
				entry.command,
				...entry.args
			];
		},
		removeVerb: [
			"mcp",
			"remove",
			SERVER_NAME
		],
		listVerb: ["mcp", "list"],
		next: ["sessions that are open get events at once, and the tools with their next start", "then \"sluice status\" shows the sessions, and \"sluice doctor\" says what is missing"]
	},
	{
		...toGeminiRow("gemini", "Gemini CLI", "SLUICE_GEMINI", (env) => (0, node_path.join)(env["GEMINI_CLI_HOME"] || require_main.requireUserFolder(env), ".gemini")),
		isHost: false,
		next: PULLS
	},
	{
		...toGeminiRow("qwen", "Qwen Code", "SLUICE_QWEN", (env) => env["QWEN_HOME"] || (0, node_path.join)(require_main.requireUserFolder(env), ".qwen")),
		isHost: false,
		next: PULLS
	}
];
function toMcpEntry({ node, cli }, home) {
	return {
		command: node,
		args: [cli, "mcp"],
		env: { SLUICE_HOME: home }
	};
}

// src/cli/clients/connect-mcp.ts
async function connectMcp(client, args) {
	const { print, remove, json } = args;
	const entry = toEntry();
	const verb = remove ? client.removeVerb : client.toAddVerb(entry);
	if (print) return printPlan(client, verb, json);
	const program = await require_claude_client.findProgram(client.program, process.env);
	if (program === void 0) {
		if (!remove) require_main.printNote(`by hand: ${toCommand(client, verb)}`);
		throw new require_main.SluiceError("unsupported", `${client.title} was not found on PATH, so nothing was changed; set ${client.program.variable} to its executable`);
	}
	if (remove) await removeFrom(client, program, json);
	else await installIn(client, program, entry, json);
}
function printEntry(json) {
	const { command, args, env } = toEntry();
	const file = { mcpServers: { [SERVER_NAME]: {
		command,
		args,
		env
	} } };
	if (json) return require_main.printJson(file);
	require_main.printLine("Any MCP client: put this into its configuration, under the key that it has for servers.");
	for (const line of JSON.stringify(file, void 0, 2).split("\n")) require_main.printLine(line);
	require_main.printLine("A session then reads what waits when it calls the tool inbox; nothing wakes it.");
}
function toEntry() {
	const installation = require_installation.locateInstallation();
	refuseNpx(installation);
	if (require_installation.isPlugin(installation)) throw new require_main.SluiceError("bad_config", `this Sluice is a plugin of Claude Code (${installation.root}), which goes with that plugin's next update; install it with "npm install --global", and connect with that`);
	return toMcpEntry(installation, require_main.locateHome(process.env).path);
}
function printPlan(client, verb, json) {
	if (json) return require_main.printJson({
		client: client.name,
		commands: [[client.program.command, ...verb]]
	});
	require_main.printLine(`sluice connect ${client.name} would run`);
	require_main.printLine(`   ${toCommand(client, verb)}`);
	if (client.isHost) require_main.printLine("and have the hub look for its sessions.");
}
async function installIn(client, program, entry, json) {
	const { command } = client.program;
	const options = { env: process.env };
	await require_claude_client.runProgram(program.path, client.removeVerb, options);
	await require_claude_client.runProgramVerb(command, program.path, client.toAddVerb(entry), options);
	await requireListed(client, program);
	const host = client.isHost ? await addHost(client.name, process.env) : void 0;
	const warnings = require_installation.listPathTraps(require_installation.locateInstallation(), client.name);
	const report = {
		client: client.name,
		clientPath: program.path,
		clientVersion: program.version,
		installed: "server",
		...host === void 0 ? {} : { host },
		warnings,
		next: client.next
	};
	if (json) return require_main.printJson(report);
	require_main.printLine(`${client.title} ${program.version} has the MCP server "${SERVER_NAME}".`);
	if (host !== void 0) require_main.printLine(`  sessions   found by the hub in ${host.folder}`);
	for (const warning of warnings) require_main.printNote(warning);
	require_main.printLine();
	for (const [index, step] of client.next.entries()) require_main.printLine(`${index === 0 ? "Next: " : "      "}${step}`);
}
async function removeFrom(client, program, json) {
	const before = await isListed(client, program);
	if (before) await removeServer(client, program);
	const host = client.isHost && await removeHost(client.name);
	const removed = [...before ? ["server"] : [], ...host ? ["host"] : []];
	if (json) return require_main.printJson({
		client: client.name,
		removed
	});
	if (removed.length === 0) return require_main.printLine(`Nothing of Sluice was in ${client.title}.`);
	if (before) require_main.printLine(`${client.title} no longer has the MCP server "${SERVER_NAME}".`);
	if (host) require_main.printLine("The hub no longer looks for its sessions.");
}
async function removeServer(client, program) {
	await require_claude_client.runProgramVerb(client.program.command, program.path, client.removeVerb, { env: process.env });
}
async function requireListed(client, program) {
	if (await isListed(client, program)) return;
	throw new require_main.SluiceError("send_failed", `${client.title} took the server "${SERVER_NAME}" but does not list it; look at it with "${toCommand(client, client.listVerb)}"`);
}
async function isListed(client, program) {
	const { stdout, stderr } = await require_claude_client.runProgram(program.path, client.listVerb, { env: process.env });
	return new RegExp(`(?<![\\w-])${SERVER_NAME}(?![\\w-])`).test(`${stdout}\n${stderr}`);
}
function toCommand({ program }, verb) {
	return require_main.toShellCommand([program.command, ...verb]);
}

// src/cli/clients/connect-opencode.ts
const MARK = "// Written by \"sluice connect opencode\"; \"sluice connect opencode --remove\" takes it out.";
const NEXT = ["start opencode again; one that is already open does not have it yet", "a session is found once you have written in it"];
function toPluginFile(env) {
	return (0, node_path.join)(toHostFolder("opencode", env), "plugins", "sluice.js");
}
async function connectOpencode({ print, remove, json }) {
	const file = toPluginFile(process.env);
	if (print) {
		if (json) return require_main.printJson({
			client: "opencode",
			files: [{
				path: file,
				text: remove ? null : toText()
			}]
		});
		require_main.printLine(`sluice connect opencode would ${remove ? "remove" : "write"} ${file}`);
		if (!remove) for (const line of toText().trimEnd().split("\n")) require_main.printLine(`   ${line}`);
		return;
	}
	if ((0, node_fs.existsSync)(file) && !(0, node_fs.readFileSync)(file, "utf8").startsWith(MARK)) throw new require_main.SluiceError("conflict", `${file} is not of Sluice, so it was left alone; give it another name, then connect again`);
	if (remove) return takeOut(file, json);
	require_main.withUsualUmask(() => {
		(0, node_fs.mkdirSync)((0, node_path.dirname)(file), { recursive: true });
		(0, node_fs.writeFileSync)(file, toText());
	});
	await addHost("opencode", process.env);
	const warnings = require_installation.listPathTraps(require_installation.locateInstallation(), "opencode");
	if (json) return require_main.printJson({
		client: "opencode",
		installed: "plugin",
		file,
		warnings,
		next: NEXT
	});
	require_main.printLine(`opencode has the plugin ${file}.`);
	for (const warning of warnings) require_main.printNote(warning);
	require_main.printLine();
	for (const [index, step] of NEXT.entries()) require_main.printLine(`${index === 0 ? "Next: " : "      "}${step}`);
}
async function takeOut(file, json) {
	const before = (0, node_fs.existsSync)(file);
	(0, node_fs.rmSync)(file, { force: true });
	const host = await removeHost("opencode");
	const removed = [...before ? ["plugin"] : [], ...host ? ["host"] : []];
	if (json) return require_main.printJson({
		client: "opencode",
		removed
	});
	require_main.printLine(removed.length === 0 ? "Nothing of Sluice was in opencode." : "opencode no longer has the plugin; one that is open keeps it until it ends.");
}
function toText() {
	const { command, args, env } = toEntry();
	const { root } = require_installation.locateInstallation();
	const plugin = (0, node_url.pathToFileURL)((0, node_path.join)(root, "dist", "hosts", "opencode", "plugin.js")).href;
	const home = require_main.locateHome(process.env).path;
	const options = {
		env: {
			...env,
			SLUICE_HOME: home
		},
		version: require_main.VERSION,
		entry: {
			command: [command, ...args],
			env
		}
	};
	return `${MARK}
import { openPlugin } from ${JSON.stringify(plugin)};
export const Sluice = openPlugin(${JSON.stringify(options)});
`;
}

Object.defineProperty(exports, "MCP_CLIENTS", {
  enumerable: true,
  get: function () {
    return MCP_CLIENTS;
  }
});
Object.defineProperty(exports, "SERVER_NAME", {
  enumerable: true,
  get: function () {
    return SERVER_NAME;
  }
});
Object.defineProperty(exports, "connectClaude", {
  enumerable: true,
  get: function () {
    return connectClaude;
  }
});
Object.defineProperty(exports, "connectMcp", {
  enumerable: true,
  get: function () {
    return connectMcp;
  }
});
Object.defineProperty(exports, "connectOpencode", {
  enumerable: true,
  get: function () {
    return connectOpencode;
  }
});
Object.defineProperty(exports, "printEntry", {
  enumerable: true,
  get: function () {
    return printEntry;
  }
});
Object.defineProperty(exports, "removeHost", {
  enumerable: true,
  get: function () {
    return removeHost;
  }
});
Object.defineProperty(exports, "removeServer", {
  enumerable: true,
  get: function () {
    return removeServer;
  }
});
Object.defineProperty(exports, "toPluginFile", {
  enumerable: true,
  get: function () {
    return toPluginFile;
  }
});