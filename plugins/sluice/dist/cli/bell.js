const require_main = require("./main.js");
const require_shared = require("./shared.js");
let node_net = require("node:net");
let node_timers_promises = require("node:timers/promises");

// src/shim/bell.ts
const LINE_GAP_MS = 2500;
const WATCH_MS = 1e3;
const BACKOFF_MS = [
	100,
	250,
	500,
	1e3,
	2e3
];
async function runBell(env) {
	require_main.locateHome(env);
	const parent = process.ppid;
	const pid = Number(env["CLAUDE_PID"] ?? parent);
	const startTime = require_shared.readProcess(pid)?.startTime;
	if (startTime === void 0) return;
	const stop = new AbortController();
	const end = () => stop.abort();
	process.stdout.once("error", end);
	for (const signal of [
		"SIGINT",
		"SIGTERM",
		"SIGHUP"
	]) process.once(signal, end);
	const watch = setInterval(() => {
		if (process.ppid !== parent || !isRunning(pid)) end();
	}, WATCH_MS);
	const print = openPrinter();
	for (let failures = 0; !stop.signal.aborted; failures++) {
		try {
			await readBellLines({
				socket: require_main.locateSocket(env),
				client: {
					pid,
					startTime
				},
				signal: stop.signal,
				onLine: (line) => {
					failures = 0;
					print(line);
				}
			});
			failures = 0;
		} catch {}
		await (0, node_timers_promises.setTimeout)(BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)], void 0, { signal: stop.signal }).catch(() => void 0);
	}
	clearInterval(watch);
}
function openPrinter() {
	let nextAt = 0;
	let waiting;
	const flush = () => {
		if (waiting === void 0) return;
		process.stdout.write(`${waiting.replaceAll(/[\r\n]+/g, " ")}\n`);
		waiting = void 0;
		nextAt = Date.now() + LINE_GAP_MS;
	};
	return (line) => {
		const isScheduled = waiting !== void 0;
		waiting = line;
		const delay = nextAt - Date.now();
		if (delay <= 0) flush();
		else if (!isScheduled) setTimeout(flush, delay);
	};
}
function isRunning(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (thrown) {
		return require_main.readErrorCode(thrown) === "EPERM";
	}
}
const MAX_CHARS = 65536;
function readBellLines({ socket, client, onLine, signal }) {
	return new Promise((resolve, reject) => {
		if (signal.aborted) return resolve();
		const body = JSON.stringify(client);
		const connection = (0, node_net.connect)(socket);
		const stop = () => void connection.destroy();
		signal.addEventListener("abort", stop, { once: true });
		const read = openReader(onLine);
		connection.setEncoding("utf8");
		connection.on("data", (text) => {
			try {
				read(text);
			} catch (thrown) {
				connection.destroy(thrown instanceof Error ? thrown : void 0);
			}
		});
		connection.once("error", reject);
		connection.once("close", () => {
			signal.removeEventListener("abort", stop);
			resolve();
		});
		connection.write(`POST /v1/bells HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
	});
}
function openReader(onLine) {
	let rest = "";
	let isOpen = false;
	return (text) => {
		rest += text;
		if (!isOpen) {
			const end = rest.indexOf("\r\n\r\n");
			if (end === -1) return checkLength(rest);
			if (!/^HTTP\/1\.[01] 200 /.test(rest)) throw new Error("the hub refused the bell");
			isOpen = true;
			rest = rest.slice(end + 4);
		}
		for (let end = rest.indexOf("\n\n"); end !== -1; end = rest.indexOf("\n\n")) {
			const event = rest.slice(0, end);
			rest = rest.slice(end + 2);
			const data = event.split("\n").flatMap((one) => one.startsWith("data:") ? [one.slice(5)] : []);
			if (data.length > 0) onLine(JSON.parse(data.join("\n")).line);
		}
		checkLength(rest);
	};
}
function checkLength(text) {
	if (text.length > MAX_CHARS) throw new Error("the hub's answer has no end");
}

exports.runBell = runBell;