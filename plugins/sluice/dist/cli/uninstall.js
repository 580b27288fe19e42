const require_main = require("./main.js");
const require_shared = require("./shared.js");
const require_at_login = require("./at-login.js");
const require_claude_client = require("./claude-client.js");
const require_connect_claude = require("./connect-claude.js");
const require_connect_opencode = require("./connect-opencode.js");
const require_channel_flag = require("./channel-flag.js");
const require_down = require("./down.js");
let node_fs = require("node:fs");
let node_path = require("node:path");
let dist_hub_settings_config_js = require("../../dist/hub/settings/config.js");

// src/cli/clients/connected.ts
function listConnected(env, home) {
	return listPlaces(env).flatMap(({ client, file, what }) => {
		const seen = look$1(file, home);
		if (seen === "none") return [];
		return {
			client,
			what: seen === "ours" ? what : `perhaps ${what}: ${seen}`
		};
	});
}
async function disconnect(name, env, home) {
	const file = listPlaces(env).find(({ client }) => client === name)?.file ?? "";
	const client = require_connect_opencode.MCP_CLIENTS.find((one) => one.name === name);
	if (client !== void 0) await disconnectMcp(client, env);
	else if (look$1(file, home) === "ours") (0, node_fs.rmSync)(file);
	const seen = look$1(file, home);
	if (seen === "none") return;
	throw new require_main.SluiceError("send_failed", seen === "ours" ? `${name} has left it there; take it out by hand` : seen);
}
async function disconnectMcp(client, env) {
	const { command, variable } = client.program;
	const program = await require_claude_client.findProgram(client.program, env);
	if (program === void 0) throw new require_main.SluiceError("unsupported", `${command} was not found on PATH; take the entry out by hand, or set ${variable} to its executable and run "sluice connect ${client.name} --remove"`);
	await require_connect_opencode.removeServer(client, program);
}
function listPlaces(env) {
	return [...require_connect_opencode.MCP_CLIENTS.map(({ name, title, toFile }) => [
		name,
		() => toFile(env),
		`the MCP server "${require_connect_opencode.SERVER_NAME}" in ${title}`
	]), [
		"opencode",
		() => require_connect_opencode.toPluginFile(env),
		"the plugin in opencode"
	]].flatMap(([client, toFile, what]) => {
		try {
			const file = toFile();
			return {
				client,
				file,
				what: `${what} (${file})`
			};
		} catch (thrown) {
			if (require_main.isSluiceError(thrown, "bad_config")) return [];
			throw thrown;
		}
	});
}
function look$1(file, home) {
	try {
		const text = (0, node_fs.readFileSync)(file, "utf8");
		const names = [JSON.stringify(home), `'${home}'`];
		return text.includes("SLUICE_HOME") && names.some((one) => text.includes(one)) ? "ours" : "none";
	} catch (thrown) {
		const code = require_main.readErrorCode(thrown);
		return code === "ENOENT" || code === "ENOTDIR" ? "none" : `${file} cannot be read (${require_main.toMessage(thrown)})`;
	}
}

// src/cli/uninstall/home-sizes.ts
const PARTS = [
	[/^(?:sluice\.db.*|damaged.*|trial-.*)$/, "events, messages and who may speak"],
	[/^backup$/, "daily backups of them"],
	[/^(?:files|outgoing|chat)$/, "files that came or went"],
	[/^(?:config\.json|secrets)$/, "channels, settings and secrets"],
	[/^log$/, "logs"],
	[/^(?:cache|claude|code|emit)$/, "programs and caches"]
];
const OWN = /^(?:sluice\.db.*|config\.json.*|hub\..+|tunnel\.json.*|(?:instructions|socket)(?:\.tmp)?|backup|cache|chat|claude|code|emit|files|jobs|log|outbox|outgoing|secrets|damaged(?:-\d+)?|trial-\w{6}|\.DS_Store)$/;
function listParts(home) {
	const parts = /* @__PURE__ */ new Map();
	for (const name of (0, node_fs.existsSync)(home) ? (0, node_fs.readdirSync)(home) : []) {
		const what = PARTS.find(([pattern]) => pattern.test(name))?.[1] ?? "other";
		const part = parts.get(what) ?? {
			what,
			bytes: 0,
			files: 0
		};
		const { bytes, files } = measure((0, node_path.join)(home, name));
		parts.set(what, {
			what,
			bytes: part.bytes + bytes,
			files: part.files + files
		});
	}
	return [...parts.values()].toSorted((a, b) => b.bytes - a.bytes);
}
function measure(path) {
	const stats = (0, node_fs.lstatSync)(path, { throwIfNoEntry: false });
	if (stats === void 0) return {
		bytes: 0,
		files: 0
	};
	if (!stats.isDirectory()) return {
		bytes: stats.size,
		files: 1
	};
	return (0, node_fs.readdirSync)(path).map((name) => measure((0, node_path.join)(path, name))).reduce((sum, one) => ({
		bytes: sum.bytes + one.bytes,
		files: sum.files + one.files
	}), {
		bytes: 0,
		files: 0
	});
}
function toSize(bytes) {
	if (bytes < 1e3) return `${bytes} B`;
	const units = [
		"kB",
		"MB",
		"GB",
		"TB"
	];
	let value = bytes / 1e3;
	let unit = 0;
	while (value >= 999.95 && unit < units.length - 1) {
		value /= 1e3;
		unit++;
	}
	return `${value.toFixed(1)} ${units[unit]}`;
}
function requireOwnHome(env) {
	const { path, lock } = require_main.locateHome(env);
	if (!(0, node_fs.existsSync)(path)) return void 0;
	const refuse = (why) => {
		throw new require_main.SluiceError("unsafe_home", `${path} ${why}, so it is not deleted as a whole; delete by hand what is Sluice's in it`);
	};
	if ((0, node_fs.lstatSync)(path).isSymbolicLink()) refuse("is a link");
	const isUsual = env["HOME"] !== void 0 && path === (0, node_path.join)(env["HOME"], ".sluice");
	if (!(0, node_fs.existsSync)(lock) && !isUsual) refuse("does not look like a home of Sluice: there is no hub.lock in it");
	const real = (0, node_fs.realpathSync)(path);
	for (const other of [
		env["HOME"],
		process.cwd(),
		"/"
	]) {
		if (other === void 0 || !(0, node_fs.existsSync)(other)) continue;
		const there = (0, node_fs.realpathSync)(other);
		if (there === real || there.startsWith(real.endsWith(node_path.sep) ? real : `${real}${node_path.sep}`)) refuse(`holds ${other}`);
	}
	const strays = (0, node_fs.readdirSync)(path).filter((name) => !OWN.test(name));
	if (strays.length > 0) refuse(`also holds ${strays.slice(0, 5).join(", ")}`);
	return real;
}

// src/cli/uninstall/uninstall.ts
const uninstall = require_shared.defineCommand({
	description: "Shows what Sluice has put on this machine: its plugin in Claude Code, what other agents have of it, what starts it at login, its home with all events, secrets and files, and the webhooks that it has made. Asks, then takes it away. The program itself goes with npm.",
	args: {
		"keep-home": require_shared.flag("Leave the home as it is: channels, secrets, events; the hub is stopped"),
		print: require_shared.flag("Only show what would go"),
		yes: require_shared.flag("Do not ask: for scripts"),
		json: require_shared.JSON_ARG
	},
	examples: ["sluice uninstall --print", "sluice uninstall"],
	async run({ args }) {
		const json = args.json === true;
		const plan = await look(args["keep-home"] === true);
		if (args.print === true) return json ? require_main.printJson(plan) : require_main.printLines(renderPlan(plan));
		if (args.yes !== true) {
			if (json || !require_shared.isAtTerminal(require_shared.readCallerFacts())) throw new require_main.SluiceError("bad_input", "nothing was removed: nobody is here to ask; --print shows what would go, --yes does it");
			require_main.printLines(renderPlan(plan));
			await require_shared.askYes("This cannot be taken back.");
		}
		const left = await remove(plan);
		if (json) require_main.printJson({
			...plan,
			left
		});
		else {
			for (const one of left) require_main.printNote(one);
			require_main.printLine(left.length === 0 ? "Sluice is taken away." : "The rest of Sluice is taken away.");
			require_main.printLine("Sessions that are open keep it until they end. The program: npm uninstall --global sluice");
		}
		if (left.length > 0) process.exitCode = 1;
	}
});
async function look(keepsHome) {
	const { env } = process;
	const home = keepsHome ? void 0 : requireOwnHome(env);
	const parts = home === void 0 ? [] : listParts(home);
	return {
		home,
		parts,
		bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
		login: require_at_login.readAtLogin(env).path,
		client: await findInClaude(),
		clients: listConnected(env, require_main.locateHome(env).path),
		hooks: home === void 0 ? [] : listHooks()
	};
}
async function findInClaude() {
	const claude = await require_claude_client.findClaude(process.env);
	if (claude === void 0) return findInItsFiles();
	const options = {
		claude,
		env: process.env,
		cwd: require_connect_claude.readWorkingFolder()
	};
	if ((await require_claude_client.listPlugins(claude, "sluice@sluice", options)).length > 0) return `the plugin ${require_channel_flag.PLUGIN}`;
	return require_connect_claude.hasBareServer(process.env, options.cwd, require_main.locateHome(process.env)) ? "an MCP server entry" : void 0;
}
function findInItsFiles() {
	const { env } = process;
	if (env["CLAUDE_CONFIG_DIR"] === void 0 && env["HOME"] === void 0) return void 0;
	const list = (0, node_path.join)(require_connect_claude.toConfigDir(env), "plugins", "installed_plugins.json");
	if ((0, node_fs.existsSync)(list) && (0, node_fs.readFileSync)(list, "utf8").includes(`"${"sluice@sluice"}"`)) return `the plugin ${require_channel_flag.PLUGIN}`;
	return require_connect_claude.hasBareServer(env, require_connect_claude.readWorkingFolder(), require_main.locateHome(env)) ? "an MCP server entry" : void 0;
}
function listHooks() {
	const { channels } = (0, dist_hub_settings_config_js.readConfig)(require_main.locateHome(process.env).config);
	return channels.flatMap(({ name, hooks = [] }) => hooks.map(({ target }) => ({
		channel: name,
		target
	})));
}
async function remove({ home, login, client, clients, hooks }) {
	const left = [];
	const attempt = async (what, step) => {
		try {
			await step();
		} catch (thrown) {
			left.push(`${what} is still there: ${require_main.toMessage(thrown)}`);
		}
	};
	const caller = require_shared.readCallerFacts();
	for (const name of new Set(hooks.map(({ channel }) => channel))) await attempt(`the webhook of ${name}`, async () => {
		const answer = await require_shared.ask((api) => api.channels[":name"].remove.$post({
			param: { name },
			json: { caller }
		}));
		for (const { target, id, reason } of answer.hooks) if (reason !== void 0) left.push(`the webhook in ${target} (id ${id}) is still there: ${reason}`);
	});
	if (login !== void 0) await attempt(login, async () => void await require_at_login.stopAtLogin(process.env));
	if (client !== void 0) await attempt(`${client} in Claude Code`, async () => {
		const claude = await require_claude_client.findClaude(process.env);
		if (claude === void 0) throw new require_main.SluiceError("unsupported", `claude was not found on PATH; set SLUICE_CLAUDE to it and run "sluice connect claude --remove"`);
		const options = {
			claude,
			env: process.env,
			cwd: require_connect_claude.readWorkingFolder()
		};
		await require_connect_claude.removeFromClaude(require_main.locateHome(process.env), options);
	});
	for (const { client: name, what } of clients) await attempt(what, async () => {
		await disconnect(name, process.env, require_main.locateHome(process.env).path);
		if (home === void 0) await forgetHost(name);
	});
	let isStopped = false;
	await attempt("the hub", async () => {
		await require_down.stopHub();
		isStopped = true;
	});
	if (home !== void 0 && !isStopped) left.push(`${home} is still there, since the hub is`);
	else if (home !== void 0) await attempt(home, async () => (0, node_fs.rmSync)(home, {
		recursive: true,
		force: true,
		maxRetries: 5
	}));
	return left;
}
async function forgetHost(name) {
	const { hosts = {} } = (0, dist_hub_settings_config_js.readConfig)(require_main.locateHome(process.env).config);
	if ((name === "codex" || name === "opencode") && hosts[name] !== void 0) await require_connect_opencode.removeHost(name);
}
function renderPlan({ home, parts, bytes, login, client, clients, hooks }) {
	const lines = [
		...client === void 0 ? [] : [`  ${client} in Claude Code`],
		...clients.map(({ what }) => `  ${require_main.toLine(what)}`),
		...login === void 0 ? [] : [`  what starts the hub at login: ${require_main.toLine(login)}`],
		...hooks.map(({ channel, target }) => `  the webhook of ${require_main.toLine(channel)} in ${require_main.toLine(target)}`),
		...home === void 0 ? [] : [`  ${require_main.toLine(home)}, ${toSize(bytes)}:`],
		...parts.map((part) => `    ${toSize(part.bytes).padStart(9)}  ${part.what}`)
	];
	return lines.length === 0 ? ["Nothing of Sluice is here but a hub, if one runs: that is stopped."] : ["This goes:", ...lines];
}

exports.uninstall = uninstall;