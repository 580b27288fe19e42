const require_shared = require("./shared.js");
const require_main = require("./main.js");
require("./json.js");
const require_clock = require("./clock.js");
const require_id = require("./id.js");
let node_tty = require("node:tty");
let node_fs = require("node:fs");
let node_path = require("node:path");
let node_util = require("node:util");
let node_net = require("node:net");
let node_child_process = require("node:child_process");
let node_os = require("node:os");

// src/cli/run/child.ts
const PASSED_ON = [
	"SIGTERM",
	"SIGHUP",
	"SIGUSR1",
	"SIGUSR2"
];
const FROM_KEYS = ["SIGINT", "SIGQUIT"];
const STOP_LOOK_MS = 200;
async function runChild(command, output) {
	const [program = "", ...args] = toSpawned(command);
	let child;
	const stop = watchSignals(() => child);
	try {
		const started = require_main.withUsualUmask(() => (0, node_child_process.spawn)(program, args, { stdio: ["inherit", ...output.stdio] }));
		child = started;
		output.started();
		return await new Promise((resolve) => {
			started.once("error", (fault) => resolve(toFailed(command[0] ?? "", fault)));
			started.once("exit", (code, signal) => resolve(signal === null ? {
				kind: "exit",
				code: code ?? 0
			} : {
				kind: "signal",
				signal
			}));
		});
	} catch (thrown) {
		const fault = thrown instanceof Error ? thrown : /* @__PURE__ */ new Error("it broke");
		return toFailed(command[0] ?? "", command[0] === "" ? toMissing(fault) : fault);
	} finally {
		stop();
	}
}
function toExitCode(end) {
	return end.kind === "signal" ? 128 + node_os.constants.signals[end.signal] : end.code;
}
function toMissing(cause) {
	return Object.assign(new Error("no name", { cause }), { code: "ENOENT" });
}
function toFailed(name, fault) {
	return require_main.readErrorCode(fault) === "ENOENT" ? {
		kind: "failed",
		code: 127,
		reason: `${name === "" ? "''" : name}: command not found`
	} : {
		kind: "failed",
		code: 126,
		reason: `${name} cannot be run (${fault.message})`
	};
}
function toSpawned(command) {
	const limit = readUsualLimit();
	const steps = [...limit === void 0 ? [] : [`ulimit -S -n ${limit} 2>/dev/null`], ...isUnderNohup() ? ["trap \"\" HUP"] : []];
	if (steps.length === 0) return command;
	return [
		"/bin/sh",
		"-c",
		`${steps.join("; ")}; exec "$@"`,
		"sh",
		...command
	];
}
function readUsualLimit() {
	if (process.platform !== "linux") return void 0;
	const read = (who) => /^Max open files\s+(\S+)/m.exec(readText(`/proc/${who}/limits`))?.[1];
	const [usual, own] = [read(String(process.ppid)), read("self")];
	return usual !== void 0 && /^\d+$/.test(usual) && usual !== own ? usual : void 0;
}
function isUnderNohup() {
	return !require_main.hasTerminal() && readGroup().terminal !== 0;
}
function readGroup() {
	const stat = readText("/proc/self/stat");
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	const [own = 0, terminal = 0, foreground = 0] = [
		fields[2],
		fields[4],
		fields[5]
	].map(Number);
	return {
		own,
		terminal,
		foreground
	};
}
function isInForeground() {
	if (process.platform !== "linux") return require_main.hasTerminal();
	const { own, terminal, foreground } = readGroup();
	return terminal !== 0 && own === foreground;
}
function readText(path) {
	try {
		return (0, node_fs.readFileSync)(path, "latin1");
	} catch {
		return "";
	}
}
function watchSignals(find) {
	const listeners = /* @__PURE__ */ new Map();
	const on = (signal, act) => {
		listeners.set(signal, act);
		process.on(signal, act);
	};
	const pass = (signal) => void find()?.kill(signal);
	for (const signal of PASSED_ON) on(signal, () => pass(signal));
	for (const signal of FROM_KEYS) on(signal, () => {
		if (!isInForeground()) pass(signal);
	});
	const standStill = () => {
		process.off("SIGTSTP", stopped);
		process.kill(process.pid, "SIGTSTP");
		process.on("SIGTSTP", stopped);
	};
	const stopped = () => {
		if (!isInForeground()) pass("SIGTSTP");
		standStill();
	};
	on("SIGTSTP", stopped);
	on("SIGCONT", () => pass("SIGCONT"));
	const look = setInterval(() => {
		const pid = find()?.pid;
		if (pid !== void 0 && isStopped(pid) && isInForeground()) standStill();
	}, STOP_LOOK_MS);
	look.unref();
	return () => {
		clearInterval(look);
		for (const [signal, act] of listeners) process.off(signal, act);
	};
}
function isStopped(pid) {
	const stat = readText(`/proc/${pid}/stat`);
	return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) === "T";
}

// src/cli/run/output.ts
const STREAMS = [1, 2];
const KEPT_BYTES = 65536;
const KEPT_CHARS = 4e3;
const LINE_CHARS = 400;
const QUIET_MS = 100;
function openOutput(mode) {
	const facts = STREAMS.map(readStream);
	const pipes = /* @__PURE__ */ new Map();
	const seats = facts.map((fact) => {
		if (fact === void 0 || !isLed(fact, mode)) return "inherit";
		const pipe = pipes.get(fact.id) ?? openPipe(fact.fd);
		if (pipe === void 0) return "inherit";
		pipes.set(fact.id, pipe);
		return pipe.writeEnd;
	});
	return {
		stdio: [seats[0] ?? "inherit", seats[1] ?? "inherit"],
		started() {
			for (const pipe of pipes.values()) pipe.begin();
		},
		async ended() {
			const ids = new Set(facts.flatMap((fact) => fact?.id ?? []));
			const seen = (await Promise.all([...ids].map((id) => {
				const fact = facts.find((one) => one?.id === id);
				return pipes.get(id)?.end() ?? (mode === "never" ? void 0 : readFileEnd(fact));
			}))).filter((one) => one !== void 0);
			return seen.length === 0 ? void 0 : toLastLines(seen.map(toText));
		}
	};
}
function readStream(fd) {
	try {
		const stats = (0, node_fs.fstatSync)(fd);
		return {
			fd,
			stats,
			id: `${stats.dev}:${stats.ino}`,
			isTerminal: (0, node_tty.isatty)(fd)
		};
	} catch {
		return;
	}
}
function isLed({ stats, isTerminal }, mode) {
	if (mode === "never" || stats.isFile()) return false;
	if (mode === "always") return true;
	return !isTerminal && (stats.isFIFO() || stats.isSocket());
}
function readFileEnd(fact) {
	if (fact?.stats.isFile() !== true) return void 0;
	try {
		const fd = (0, node_fs.openSync)(`/dev/fd/${fact.fd}`, node_fs.constants.O_RDONLY);
		try {
			const { size } = (0, node_fs.fstatSync)(fd);
			const from = Math.max(Math.min(fact.stats.size, size), size - KEPT_BYTES);
			const bytes = Buffer.alloc(size - from);
			return bytes.subarray(0, (0, node_fs.readSync)(fd, bytes, 0, bytes.length, from));
		} finally {
			(0, node_fs.closeSync)(fd);
		}
	} catch {
		return;
	}
}
const writeBytes = (0, node_util.promisify)(node_fs.write);
function openPipe(to) {
	let folder;
	let readEnd;
	let writeEnd;
	try {
		folder = (0, node_fs.mkdtempSync)((0, node_path.join)((0, node_os.tmpdir)(), "sluice-run-"));
		const path = (0, node_path.join)(folder, "out");
		(0, node_child_process.execFileSync)("mkfifo", [
			"-m",
			"600",
			path
		], { stdio: "ignore" });
		readEnd = (0, node_fs.openSync)(path, node_fs.constants.O_RDONLY | node_fs.constants.O_NONBLOCK);
		writeEnd = (0, node_fs.openSync)(path, node_fs.constants.O_WRONLY);
	} catch {
		return;
	} finally {
		if (folder !== void 0) (0, node_fs.rmSync)(folder, {
			recursive: true,
			force: true
		});
	}
	let carried = Promise.resolve();
	let kept = Buffer.alloc(0);
	let source;
	let isOver = false;
	let isWriting = false;
	let lastAt = Date.now();
	const isIdle = () => !isWriting && (source?.readableLength ?? 0) === 0 && Date.now() - lastAt >= QUIET_MS;
	return {
		writeEnd,
		begin() {
			(0, node_fs.closeSync)(writeEnd);
			source = new node_net.Socket({
				fd: readEnd,
				readable: true,
				writable: false
			});
			carried = carry(source, async (chunk) => {
				kept = keepLast(kept, chunk);
				isWriting = true;
				await writeAll(to, chunk);
				isWriting = false;
				lastAt = Date.now();
			}).finally(() => {
				isOver = true;
			});
		},
		async end() {
			lastAt = Date.now();
			while (!isOver && !isIdle()) await Promise.race([carried, new Promise((done) => setTimeout(done, QUIET_MS / 4))]);
			if (!isOver && source !== void 0) handOver(source, readEnd, to);
			return kept;
		}
	};
}
async function carry(source, take) {
	try {
		for await (const chunk of source) await take(chunk);
	} catch {
		source.destroy();
	}
}
async function writeAll(fd, chunk) {
	for (let offset = 0; offset < chunk.length;) try {
		offset += (await writeBytes(fd, chunk, offset, chunk.length - offset, null)).bytesWritten;
	} catch (thrown) {
		if (require_main.readErrorCode(thrown) !== "EAGAIN") throw thrown;
		await new Promise((done) => setTimeout(done, 5));
	}
}
function handOver(source, readEnd, to) {
	source.pause();
	const child = (0, node_child_process.spawn)("cat", { stdio: [
		readEnd,
		to,
		2
	] });
	child.on("error", () => void 0);
	child.unref();
	source.destroy();
}
function keepLast(kept, chunk) {
	const all = Buffer.concat([kept, chunk]);
	return all.length <= 2 * KEPT_BYTES ? all : all.subarray(all.length - KEPT_BYTES);
}
function toText(bytes) {
	return bytes.subarray(Math.max(0, bytes.length - KEPT_BYTES)).toString("utf8");
}
function toLastLines(texts) {
	const last = texts.flatMap((text) => (0, node_util.stripVTControlCharacters)(text).split(/\r?\n/).map((line) => (line.replace(/\r+$/, "").split("\r").at(-1) ?? "").trimEnd()).filter((line) => line !== "")).slice(-20).map((line) => line.length <= LINE_CHARS ? line : `${line.slice(0, 399)}…`);
	while (last.length > 1 && last.join("\n").length > KEPT_CHARS) last.shift();
	return last.join("\n").toWellFormed();
}

// src/local/job-record.ts
const MAX_RECORDS = 1e3;
function toFolder(home) {
	return (0, node_path.join)(home.path, "jobs");
}
function writeJob(home, record) {
	const folder = toFolder(home);
	require_main.ensureInnerFolder(folder);
	const path = (0, node_path.join)(folder, `${record.id}.json`);
	if (record.end === void 0 && (0, node_fs.readdirSync)(folder).length >= MAX_RECORDS) return false;
	const temporary = `${path}.tmp`;
	const fd = (0, node_fs.openSync)(temporary, "w", 384);
	try {
		(0, node_fs.writeSync)(fd, `${JSON.stringify(record)}\n`);
		if (record.end !== void 0) (0, node_fs.fsyncSync)(fd);
	} finally {
		(0, node_fs.closeSync)(fd);
	}
	(0, node_fs.renameSync)(temporary, path);
	return true;
}

// src/cli/run/report.ts
const TELL_MS = 3e3;
const COMMAND_MAX_CHARS = 8e3;
function openReport(request) {
	const now = Date.now();
	const record = {
		...request,
		command: toShort(request.command),
		id: `job_${require_id.newUlid(now)}`,
		cwd: readFolder(),
		startedAt: now,
		pid: process.pid,
		startTime: require_shared.readProcess(process.pid)?.startTime ?? "unknown"
	};
	let home;
	try {
		home = require_main.locateHome(process.env);
		if (!writeJob(home, record)) return toUnkept("too many ends wait for a hub already; sluice up takes them");
	} catch (thrown) {
		return toUnkept(require_main.toMessage(thrown));
	}
	return { async end(end, lines) {
		if (end.kind === "failed") lines = end.reason;
		const how = end.kind === "signal" ? { signal: end.signal } : { code: end.code };
		try {
			writeJob(home, {
				...record,
				end: {
					at: Date.now(),
					...how,
					lines
				}
			});
			return await tell(record.id);
		} catch (thrown) {
			return toUntold(require_main.toMessage(thrown));
		}
	} };
}
function readFolder() {
	try {
		return process.cwd();
	} catch {
		return "a folder that is gone";
	}
}
function toShort(command) {
	let left = COMMAND_MAX_CHARS;
	const words = [];
	for (const word of command) {
		if (left <= 0) return [...words, "…"];
		words.push(word.slice(0, left));
		left -= word.length + 1;
	}
	return words;
}
async function tell(id) {
	const answer = await require_clock.within(TELL_MS, require_shared.askIfUp((api) => api.jobs.$post({ json: { id } })), "late");
	if (answer === void 0) return "no hub runs; the end of this command is kept, and told once one does (sluice up)";
	if (answer === "late") return "the hub is slow; the end of this command is kept, and told when it looks again";
	return answer.note === void 0 ? void 0 : require_main.toLine(answer.note);
}
function toUnkept(why) {
	return { end: async () => toUntold(why) };
}
function toUntold(why) {
	return `the end of this command is told to nobody: ${require_main.toLine(why)}`;
}

// src/cli/run/run.ts
const definition = require_shared.defineCommand({
	description: "Runs a command as it is (input, output, signals, Ctrl-Z, exit code) and sends an event when it ends: how it ended, after how long, and the last lines that it printed. Output that goes to a terminal is not read, except with --tail, which uses a pipe instead. Typed in a session's shell, the event is for that session. Put options of sluice before --, and the command after it.",
	args: {
		session: require_shared.option("id or label", "Only for this session; this: the one in whose shell the command is typed (default there)"),
		channel: require_shared.option("name", "The channel that the event comes on (default: jobs)"),
		tail: require_shared.flag("Read the last lines also when the output goes to a terminal"),
		"no-tail": require_shared.flag("Read nothing of what the command prints")
	},
	rest: "-- <command>",
	examples: [
		"sluice run -- npm test",
		"sluice run --session reports -- make nightly",
		"sluice run --tail -- ./deploy.sh staging"
	],
	async run({ args, positionals }) {
		if (positionals.length === 0) throw require_main.toUsageFault("the command is missing: sluice run -- npm test");
		const session = toSession(args.session);
		const output = openOutput(toTailMode(args));
		const isOwn = args.session === void 0;
		const report = openReport({
			command: positionals,
			session,
			isOwn,
			channel: args.channel
		});
		const end = await runChild(positionals, output);
		const note = await report.end(end, await output.ended());
		if (end.kind === "failed") require_main.printNote(end.reason);
		if (note !== void 0) require_main.printNote(note);
		leave(end);
	}
});
const WITH_VALUE = /* @__PURE__ */ new Set(["--session", "--channel"]);
const run = {
	...definition,
	start: (name, rawArgs) => definition.start(name, toMarked(rawArgs))
};
function toMarked(rawArgs) {
	for (let index = 0; index < rawArgs.length; index++) {
		const word = rawArgs[index] ?? "";
		if (word === "--") return rawArgs;
		if (WITH_VALUE.has(word)) index++;
		else if (!word.startsWith("-") || word === "-") return [
			...rawArgs.slice(0, index),
			"--",
			...rawArgs.slice(index)
		];
	}
	return rawArgs;
}
function toSession(given) {
	const own = process.env["CLAUDE_CODE_SESSION_ID"];
	if (given === void 0) return own === "" ? void 0 : own;
	if (given !== "this") return given;
	if (own !== void 0 && own !== "") return own;
	throw require_main.toUsageFault("--session this is for a session's own shell, and this is none; name one: sluice sessions lists them");
}
function toTailMode(args) {
	if (args.tail === true && args["no-tail"] === true) throw require_main.toUsageFault("give --tail or --no-tail, not both");
	return args.tail === true ? "always" : args["no-tail"] === true ? "never" : "auto";
}
function leave(end) {
	const isKeyed = end.kind === "signal" && end.signal === "SIGINT" && (0, node_tty.isatty)(0);
	for (const fd of [
		0,
		1,
		2
	]) try {
		(0, node_fs.closeSync)(fd);
	} catch {}
	if (isKeyed) process.kill(process.pid, "SIGINT");
	process.exit(toExitCode(end));
}

exports.run = run;
exports.toMarked = toMarked;