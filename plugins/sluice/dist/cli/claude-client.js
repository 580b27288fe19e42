const require_main = require("./main.js");
let node_fs = require("node:fs");
let node_path = require("node:path");
let node_child_process = require("node:child_process");

// src/cli/clients/program.ts
const RUN_TIMEOUT_MS = 6e4;
const VERSION_TIMEOUT_MS = 2e4;
async function findProgram({ command, variable, folders = [] }, env) {
	const named = env[variable];
	if (named !== void 0 && named !== "") {
		const version = await readVersion(named, env);
		if (version !== void 0) return {
			path: named,
			version
		};
		throw new require_main.SluiceError("bad_config", `${variable} is "${named}", which does not answer --version; set it to the ${command} executable`);
	}
	const onPath = (env["PATH"] ?? "").split(node_path.delimiter).filter((folder) => folder !== "");
	for (const path of [...onPath, ...folders].map((folder) => (0, node_path.join)(folder, command))) {
		if (!isExecutable(path)) continue;
		const version = await readVersion(path, env);
		if (version !== void 0) return {
			path,
			version
		};
	}
}
function runProgram(path, args, options) {
	return new Promise((resolve, reject) => {
		const child = require_main.withUsualUmask(() => (0, node_child_process.spawn)(path, args, {
			env: { ...options.env },
			stdio: [
				"ignore",
				"pipe",
				"pipe"
			],
			timeout: options.timeoutMs ?? RUN_TIMEOUT_MS,
			killSignal: "SIGKILL",
			cwd: options.cwd
		}));
		let stdout = "";
		let stderr = "";
		child.stdout.setEncoding("utf8").on("data", (chunk) => stdout += chunk);
		child.stderr.setEncoding("utf8").on("data", (chunk) => stderr += chunk);
		child.once("error", (cause) => reject(new require_main.SluiceError("unsupported", `${path} cannot be run (${cause.message})`, { cause })));
		child.once("close", (code) => resolve({
			code,
			stdout,
			stderr
		}));
	});
}
async function runProgramVerb(command, path, args, options) {
	const { code, stdout, stderr } = await runProgram(path, args, options);
	if (code === 0) return stdout;
	const said = `${stderr}\n${stdout}`.split("\n").find((line) => line.trim() !== "");
	throw new require_main.SluiceError("send_failed", `"${command} ${args.join(" ")}" failed: ${said?.trim() ?? (code === null ? "it took too long" : `exit code ${code}`)}`);
}
async function readVersion(path, env) {
	try {
		const { stdout } = await runProgram(path, ["--version"], {
			env,
			timeoutMs: VERSION_TIMEOUT_MS
		});
		return /\d+\.\d+\.\d+/.exec(stdout)?.[0];
	} catch {
		return;
	}
}
function isExecutable(path) {
	try {
		(0, node_fs.accessSync)(path, node_fs.constants.X_OK);
		return (0, node_fs.statSync)(path).isFile();
	} catch {
		return false;
	}
}

// src/cli/claude/claude-client.ts
const MONITORS_SINCE = "2.1.310";
function findClaude(env) {
	const home = env["HOME"] ?? "";
	const folders = (0, node_path.isAbsolute)(home) ? [(0, node_path.join)(home, ".local", "bin"), (0, node_path.join)(home, ".claude", "local")] : [];
	return findProgram({
		command: "claude",
		variable: "SLUICE_CLAUDE",
		folders
	}, env);
}
function runVerb(claude, args, options) {
	return runProgramVerb("claude", claude.path, args, options);
}
async function listPlugins(claude, id, options) {
	return (await listRows(claude, [
		"plugin",
		"list",
		"--json"
	], options)).filter(isPluginRow).filter((row) => row.id === id || row.id.startsWith(`${id}@`));
}
async function listClients(claude, options) {
	const { code, stdout } = await runProgram(claude.path, ["agents", "--json"], options);
	if (code !== 0) return [];
	try {
		const value = JSON.parse(stdout);
		return Array.isArray(value) ? value.filter(isClientRow) : [];
	} catch {
		return [];
	}
}
async function findMarketplace(claude, name, options) {
	return (await listRows(claude, [
		"plugin",
		"marketplace",
		"list",
		"--json"
	], options)).find((row) => typeof row === "object" && row !== null && "name" in row && row.name === name);
}
async function listRows(claude, args, options) {
	const text = await runVerb(claude, args, options);
	let value;
	try {
		value = JSON.parse(text);
	} catch {
		value = void 0;
	}
	if (Array.isArray(value)) return value;
	throw new require_main.SluiceError("unsupported", `"claude ${args.join(" ")}" of version ${claude.version} answered something else than a list`);
}
function isPluginRow(value) {
	return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string" && "scope" in value && typeof value.scope === "string";
}
function isClientRow(value) {
	if (typeof value !== "object" || value === null) return false;
	const row = value;
	return typeof row.pid === "number" && typeof row.startedAt === "number" && [
		row.cwd,
		row.kind,
		row.name
	].every((text) => typeof text === "string");
}

Object.defineProperty(exports, "MONITORS_SINCE", {
  enumerable: true,
  get: function () {
    return MONITORS_SINCE;
  }
});
Object.defineProperty(exports, "findClaude", {
  enumerable: true,
  get: function () {
    return findClaude;
  }
});
Object.defineProperty(exports, "findMarketplace", {
  enumerable: true,
  get: function () {
    return findMarketplace;
  }
});
Object.defineProperty(exports, "findProgram", {
  enumerable: true,
  get: function () {
    return findProgram;
  }
});
Object.defineProperty(exports, "listClients", {
  enumerable: true,
  get: function () {
    return listClients;
  }
});
Object.defineProperty(exports, "listPlugins", {
  enumerable: true,
  get: function () {
    return listPlugins;
  }
});
Object.defineProperty(exports, "runProgram", {
  enumerable: true,
  get: function () {
    return runProgram;
  }
});
Object.defineProperty(exports, "runProgramVerb", {
  enumerable: true,
  get: function () {
    return runProgramVerb;
  }
});
Object.defineProperty(exports, "runVerb", {
  enumerable: true,
  get: function () {
    return runVerb;
  }
});