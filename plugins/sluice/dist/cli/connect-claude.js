const require_main = require("./main.js");
const require_claude_client = require("./claude-client.js");
const require_shared = require("./shared.js");
const require_channel_flag = require("./channel-flag.js");
let node_fs = require("node:fs");
let node_path = require("node:path");
let node_crypto = require("node:crypto");

// src/cli/claude/claude-folder.ts
function toClaudeFolder(claudeDir, version) {
	const marketplace = (0, node_path.join)(claudeDir, version);
	const plugin = (0, node_path.join)(marketplace, "plugins", "sluice");
	return {
		marketplace,
		plugin,
		shim: (0, node_path.join)(plugin, "shim.js"),
		bell: (0, node_path.join)(plugin, "bell.js")
	};
}
function writeClaudeFolder(options) {
	const files = toFiles(options);
	const { claudeDir, version } = options;
	require_main.ensureInnerFolder(claudeDir);
	sweep(claudeDir);
	const target = toClaudeFolder(claudeDir, version).marketplace;
	if (isSame(target, files)) return "unchanged";
	const fresh = (0, node_path.join)(claudeDir, toPassingName());
	try {
		writeFiles(fresh, files);
		swap(fresh, target);
	} catch (thrown) {
		(0, node_fs.rmSync)(fresh, {
			recursive: true,
			force: true
		});
		if (isSame(target, files)) return "unchanged";
		throw new require_main.SluiceError("store_readonly", `${target} cannot be written (${require_main.toMessage(thrown)}); check its owner, mode and free space`, { cause: thrown });
	}
	return "written";
}
const BUNDLES = [
	"shim.js",
	"shim-core.js",
	"bell.js"
];
const SKILLS = {
	status: ["status"],
	access: ["access", "list"],
	configure: ["doctor"]
};
function toFiles(options) {
	const { claudeDir, version, home, installation } = options;
	const { node, cli } = installation;
	const { shim, bell } = toClaudeFolder(claudeDir, version);
	const paths = {
		home,
		node,
		cli,
		shim,
		bell
	};
	for (const path of Object.values(paths)) checkPath(path);
	const toCommand = (...args) => require_main.toShellCommand([
		"env",
		`SLUICE_HOME=${home}`,
		node,
		cli,
		...args
	]);
	const words = mapValues(paths, require_main.toShellWord);
	const inPlugin = (path) => (0, node_path.join)("plugins", "sluice", path);
	const files = /* @__PURE__ */ new Map();
	for (const path of listFiles(installation.plugin)) files.set(inPlugin(path), (0, node_fs.readFileSync)((0, node_path.join)(installation.plugin, path)));
	const fill = (path, values) => {
		const template = files.get(inPlugin(path));
		if (template === void 0) throw new require_main.SluiceError("internal", `plugin/${path} is missing; install Sluice again`);
		files.set(inPlugin(path), Buffer.from(fillTemplate(template.toString("utf8"), values)));
	};
	fill(".mcp.json", mapValues(paths, toJsonText));
	fill((0, node_path.join)("monitors", "monitors.json"), mapValues(words, toJsonText));
	for (const [name, command] of Object.entries(SKILLS)) {
		const text = toCommand(...command);
		const [key] = command;
		fill((0, node_path.join)("skills", name, "SKILL.md"), {
			[key]: text,
			[`${key}Rule`]: toJsonText(text),
			again: "run `sluice connect claude` again in a terminal",
			command: ""
		});
	}
	for (const name of BUNDLES) files.set(inPlugin(name), readBundle((0, node_path.join)(installation.client, name)));
	const manifestPath = inPlugin((0, node_path.join)(".claude-plugin", "plugin.json"));
	const manifest = toManifest(files.get(manifestPath), version);
	files.set(manifestPath, toJsonFile(manifest));
	files.set((0, node_path.join)(".claude-plugin", "marketplace.json"), toJsonFile(toMarketplace(manifest)));
	return files;
}
function toManifest(template, version) {
	return {
		...JSON.parse(template?.toString("utf8") ?? "{}"),
		version
	};
}
function toMarketplace({ name, description, author }) {
	return {
		name: require_channel_flag.MARKETPLACE,
		description: "Sluice as installed on this machine; written by sluice connect claude.",
		owner: author,
		plugins: [{
			name,
			source: "./plugins/sluice",
			description
		}]
	};
}
function toJsonFile(value) {
	return Buffer.from(`${JSON.stringify(value, void 0, 2)}\n`);
}
function fillTemplate(template, values) {
	return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => {
		const value = values[name];
		if (value === void 0) throw new require_main.SluiceError("internal", `the plugin's template asks for "${name}"`);
		return value;
	});
}
function checkPath(path) {
	if (/\$\{|[\u0000-\u001f\u007f]|`/.test(path)) throw new require_main.SluiceError("bad_config", `${JSON.stringify(path)} holds "\${", a backtick or a control character, which cannot be passed to the client; use another folder`);
}
function readBundle(path) {
	try {
		return (0, node_fs.readFileSync)(path);
	} catch (cause) {
		throw new require_main.SluiceError("bad_config", `${path} is missing; run "npm run build" in its folder`, { cause });
	}
}
function listFiles(folder) {
	return (0, node_fs.readdirSync)(folder, {
		recursive: true,
		withFileTypes: true
	}).filter((entry) => entry.isFile()).map((entry) => (0, node_path.join)(entry.parentPath, entry.name).slice(folder.length + node_path.sep.length)).toSorted();
}
function isSame(target, files) {
	if (!(0, node_fs.existsSync)(target)) return false;
	const found = listFiles(target);
	return found.length === files.size && found.every((path) => files.get(path)?.equals((0, node_fs.readFileSync)((0, node_path.join)(target, path))) ?? false);
}
function writeFiles(folder, files) {
	for (const [path, bytes] of files) {
		const file = (0, node_path.join)(folder, path);
		(0, node_fs.mkdirSync)((0, node_path.dirname)(file), {
			recursive: true,
			mode: 448
		});
		const fd = (0, node_fs.openSync)(file, "wx", 384);
		try {
			(0, node_fs.writeFileSync)(fd, bytes);
			(0, node_fs.fsyncSync)(fd);
		} finally {
			(0, node_fs.closeSync)(fd);
		}
	}
}
function swap(fresh, target) {
	const aside = `${fresh}.old`;
	const hadOld = (0, node_fs.existsSync)(target);
	if (hadOld) (0, node_fs.renameSync)(target, aside);
	try {
		(0, node_fs.renameSync)(fresh, target);
	} catch (thrown) {
		if (hadOld) (0, node_fs.renameSync)(aside, target);
		throw thrown;
	}
	(0, node_fs.rmSync)(aside, {
		recursive: true,
		force: true
	});
}
function toPassingName() {
	return `.new-${process.pid}-${(0, node_crypto.randomBytes)(4).toString("hex")}`;
}
function sweep(claudeDir) {
	for (const name of (0, node_fs.readdirSync)(claudeDir)) {
		const [, pid] = /^\.new-(\d+)-/.exec(name) ?? [];
		if (pid !== void 0 && require_shared.readProcess(Number(pid)) === void 0) (0, node_fs.rmSync)((0, node_path.join)(claudeDir, name), {
			recursive: true,
			force: true
		});
	}
}
function toJsonText(text) {
	return JSON.stringify(text).slice(1, -1);
}
function mapValues(values, change) {
	return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}

// src/cli/claude/connect-claude.ts
const SERVER = "sluice";
function readWorkingFolder() {
	try {
		return (0, node_fs.realpathSync)(process.cwd());
	} catch (cause) {
		throw new require_main.SluiceError("bad_config", "the folder that this runs in is gone; cd to another one", { cause });
	}
}
function toVerbs(target, bare) {
	const { home, version, installation, scope } = target;
	const folder = toClaudeFolder(home.claudeDir, version);
	if (!bare) return [[
		"plugin",
		"marketplace",
		"add",
		folder.marketplace
	], [
		"plugin",
		"install",
		require_channel_flag.PLUGIN,
		"--scope",
		scope
	]];
	const { node, cli } = installation;
	const variables = {
		SLUICE_HOME: home.path,
		SLUICE_NODE: node,
		SLUICE_CLI: cli
	};
	const env = Object.entries(variables).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
	return [[
		"mcp",
		"add",
		"--scope",
		scope,
		SERVER,
		...env,
		"--",
		node,
		folder.shim
	]];
}
function toRemovalVerbs(scope) {
	return [
		[
			"plugin",
			"uninstall",
			require_channel_flag.PLUGIN,
			"--scope",
			scope
		],
		[
			"plugin",
			"marketplace",
			"remove",
			require_channel_flag.MARKETPLACE
		],
		[
			"mcp",
			"remove",
			"--scope",
			scope,
			SERVER
		]
	];
}
async function installPlugin(target, options) {
	const { scope, version } = target;
	for (const verb of toVerbs(target, false)) await require_claude_client.runVerb(options.claude, verb, options);
	let row = await findRow(scope, options);
	if (row !== void 0 && row.version !== version) {
		await require_claude_client.runVerb(options.claude, [
			"plugin",
			"update",
			require_channel_flag.PLUGIN,
			"--scope",
			scope
		], options);
		row = await findRow(scope, options);
	}
	if (row === void 0 || (row.folderVersion ?? row.version) !== version || !row.enabled) {
		const found = row === void 0 ? "no plugin" : `version ${row.folderVersion ?? row.version}${row.enabled ? "" : ", disabled"}`;
		throw new require_main.SluiceError("send_failed", `Claude Code took the plugin but lists ${found}; look at it with "claude plugin list"`);
	}
	return row;
}
async function registerServer(target, options) {
	const removal = [
		"mcp",
		"remove",
		"--scope",
		target.scope,
		SERVER
	];
	await require_claude_client.runProgram(options.claude.path, removal, options);
	for (const verb of toVerbs(target, true)) await require_claude_client.runVerb(options.claude, verb, options);
}
async function removeFromClaude(home, options) {
	const { claude, env, cwd } = options;
	const removed = [];
	for (const row of await require_claude_client.listPlugins(claude, require_channel_flag.PLUGIN, options)) {
		const project = row.projectPath;
		const where = project !== void 0 && (0, node_fs.existsSync)(project) ? {
			env,
			cwd: project
		} : options;
		await require_claude_client.runVerb(claude, [
			"plugin",
			"uninstall",
			require_channel_flag.PLUGIN,
			"--scope",
			row.scope
		], where);
		removed.push(`plugin (${row.scope}${project === void 0 ? "" : `, ${project}`})`);
	}
	if (await require_claude_client.findMarketplace(claude, "sluice", options) !== void 0) {
		await require_claude_client.runVerb(claude, [
			"plugin",
			"marketplace",
			"remove",
			require_channel_flag.MARKETPLACE
		], options);
		removed.push("marketplace");
	}
	for (const { scope, file } of toServerFiles(env, cwd)) {
		if (!hasOurServer(file, home)) continue;
		await require_claude_client.runVerb(claude, [
			"mcp",
			"remove",
			"--scope",
			scope,
			SERVER
		], options);
		removed.push(`server (${scope})`);
	}
	const cache = (0, node_path.join)(toConfigDir(env), "plugins", "cache", require_channel_flag.MARKETPLACE);
	for (const folder of [home.claudeDir, cache]) {
		if (!(0, node_fs.existsSync)(folder)) continue;
		(0, node_fs.rmSync)(folder, {
			recursive: true,
			force: true
		});
		removed.push(folder);
	}
	return removed;
}
function toConfigDir(env) {
	return env["CLAUDE_CONFIG_DIR"] || (0, node_path.join)(requireClientHome(env), ".claude");
}
function requireClientHome(env) {
	return require_main.requireUserFolder(env, "CLAUDE_CONFIG_DIR to the folder of Claude Code");
}
async function findRow(scope, options) {
	return (await require_claude_client.listPlugins(options.claude, require_channel_flag.PLUGIN, options)).find((row) => row.scope === scope && (row.projectPath === void 0 || row.projectPath === options.cwd));
}
function hasBareServer(env, cwd, home) {
	return toServerFiles(env, cwd).some(({ file }) => hasOurServer(file, home));
}
function toServerFiles(env, cwd) {
	const folder = env["CLAUDE_CONFIG_DIR"] || requireClientHome(env);
	return [{
		scope: "user",
		file: (0, node_path.join)(folder, ".claude.json")
	}, {
		scope: "project",
		file: (0, node_path.join)(cwd, ".mcp.json")
	}];
}
function hasOurServer(file, home) {
	let value;
	try {
		value = JSON.parse((0, node_fs.readFileSync)(file, "utf8"));
	} catch {
		return false;
	}
	return JSON.stringify(value?.mcpServers?.["sluice"] ?? null).includes(JSON.stringify(home.claudeDir).slice(1, -1));
}

Object.defineProperty(exports, "SERVER", {
  enumerable: true,
  get: function () {
    return SERVER;
  }
});
Object.defineProperty(exports, "hasBareServer", {
  enumerable: true,
  get: function () {
    return hasBareServer;
  }
});
Object.defineProperty(exports, "installPlugin", {
  enumerable: true,
  get: function () {
    return installPlugin;
  }
});
Object.defineProperty(exports, "readWorkingFolder", {
  enumerable: true,
  get: function () {
    return readWorkingFolder;
  }
});
Object.defineProperty(exports, "registerServer", {
  enumerable: true,
  get: function () {
    return registerServer;
  }
});
Object.defineProperty(exports, "removeFromClaude", {
  enumerable: true,
  get: function () {
    return removeFromClaude;
  }
});
Object.defineProperty(exports, "toClaudeFolder", {
  enumerable: true,
  get: function () {
    return toClaudeFolder;
  }
});
Object.defineProperty(exports, "toConfigDir", {
  enumerable: true,
  get: function () {
    return toConfigDir;
  }
});
Object.defineProperty(exports, "toRemovalVerbs", {
  enumerable: true,
  get: function () {
    return toRemovalVerbs;
  }
});
Object.defineProperty(exports, "toVerbs", {
  enumerable: true,
  get: function () {
    return toVerbs;
  }
});
Object.defineProperty(exports, "writeClaudeFolder", {
  enumerable: true,
  get: function () {
    return writeClaudeFolder;
  }
});