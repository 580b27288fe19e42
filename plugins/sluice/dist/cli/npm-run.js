const require_main = require("./main.js");
let node_path = require("node:path");
let node_child_process = require("node:child_process");
let node_fs_promises = require("node:fs/promises");

// src/cli/authored/npm-run.ts
const LOOK_EVERY_MS = 250;
const MAX_STDERR_CHARS = 262144;
async function runNpm(args, { cwd, room }, env, { timeoutMs, maxBytes, maxFiles }) {
	const child = (0, node_child_process.spawn)("npm", args, {
		cwd,
		env,
		stdio: [
			"ignore",
			"ignore",
			"pipe"
		],
		detached: true
	});
	const forget = endWithUs(child);
	let stderr = "";
	let fault;
	const end = (code, what) => {
		fault ??= new require_main.SluiceError(code, what);
		killGroup(child);
	};
	child.stderr.setEncoding("utf8").on("data", (text) => {
		if (stderr.length < MAX_STDERR_CHARS) stderr += text;
	});
	const timer = setTimeout(() => end("bad_config", `npm was not done within ${Math.round(timeoutMs / 1e3)} s; nothing was added`), timeoutMs);
	const ended = new Promise((resolve, reject) => {
		child.once("error", (cause) => reject(new require_main.SluiceError("unsupported", cause.code === "ENOENT" ? "npm is not on PATH; install it, or add the channel from a file" : `npm cannot be started (${cause.message})`, { cause })));
		child.once("close", resolve);
	});
	const isOver = async () => {
		const { bytes, files } = await measure(room);
		return bytes > maxBytes || files > maxFiles;
	};
	const tooMuch = `npm brings more than ${maxBytes / 1024 / 1024} MiB, or ${maxFiles} files; nothing was added. Take a package with fewer dependencies, or one that is bundled`;
	let isEnded = false;
	const watching = (async () => {
		while (!isEnded) {
			if (await isOver()) return end("too_large", tooMuch);
			await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
		}
	})();
	try {
		const code = await ended;
		isEnded = true;
		await watching;
		if (fault === void 0 && await isOver()) end("too_large", tooMuch);
		if (fault !== void 0) throw fault;
		return {
			isDone: code === 0,
			stderr
		};
	} finally {
		isEnded = true;
		clearTimeout(timer);
		forget();
	}
}
function killGroup({ pid }) {
	if (pid === void 0) return;
	try {
		process.kill(-pid, "SIGKILL");
	} catch {}
}
function endWithUs(child) {
	const stop = (signal) => {
		killGroup(child);
		forget();
		process.kill(process.pid, signal);
	};
	const signals = [
		"SIGINT",
		"SIGTERM",
		"SIGHUP"
	];
	const forget = () => signals.forEach((signal) => process.off(signal, stop));
	for (const signal of signals) process.on(signal, stop);
	return forget;
}
async function measure(folder) {
	const total = {
		bytes: 0,
		files: 0
	};
	const entries = await (0, node_fs_promises.readdir)(folder, { withFileTypes: true }).catch(() => []);
	for (const entry of entries) {
		const path = (0, node_path.join)(folder, entry.name);
		const part = entry.isDirectory() ? await measure(path) : {
			bytes: (await (0, node_fs_promises.lstat)(path).catch(() => void 0))?.size ?? 0,
			files: 1
		};
		total.bytes += part.bytes;
		total.files += part.files;
	}
	return total;
}

Object.defineProperty(exports, "runNpm", {
  enumerable: true,
  get: function () {
    return runNpm;
  }
});