const require_main = require("./main.js");
let node_fs = require("node:fs");
let node_path = require("node:path");
let node_util = require("node:util");
let node_stream = require("node:stream");
let node_url = require("node:url");
let node_net = require("node:net");
let node_timers_promises = require("node:timers/promises");

// src/local/process.ts
function readProcess(pid, platform = process.platform) {
	if (!Number.isSafeInteger(pid) || pid <= 0) return void 0;
	return platform === "linux" ? readProc(pid) : readPs(pid);
}
function isAlive(pid, startTime) {
	return readProcess(pid)?.startTime === startTime;
}
function readProc(pid) {
	let stat;
	let cmdline;
	let boot;
	try {
		stat = (0, node_fs.readFileSync)(`/proc/${pid}/stat`, "latin1");
		cmdline = (0, node_fs.readFileSync)(`/proc/${pid}/cmdline`, "utf8");
		boot = (0, node_fs.readFileSync)("/proc/sys/kernel/random/boot_id", "latin1").trim();
	} catch {
		return;
	}
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	const [state, ppid, ticks] = [
		fields[0],
		fields[1],
		fields[19]
	];
	if (state === void 0 || state === "Z" || state === "X" || ticks === void 0) return void 0;
	const argv = cmdline.split("\0");
	if (argv.at(-1) === "") argv.pop();
	return {
		pid,
		ppid: Number(ppid),
		startTime: `${boot}:${ticks}`,
		argv
	};
}
function readPs(pid) {
	let line;
	try {
		line = process.getBuiltinModule("node:child_process").execFileSync("ps", [
			"-ww",
			"-o",
			"ppid=,stat=,lstart=,args=",
			"-p",
			String(pid)
		], {
			encoding: "utf8",
			timeout: 2e3,
			stdio: [
				"ignore",
				"pipe",
				"ignore"
			],
			env: {
				PATH: "/bin:/usr/bin",
				LC_ALL: "C",
				TZ: "UTC"
			}
		});
	} catch {
		return;
	}
	const match = /^\s*(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d{4})\s+(.*)/.exec(line);
	if (match === null || match[2]?.startsWith("Z")) return void 0;
	const startTime = (match[3] ?? "").replace(/\s+/g, " ");
	return {
		pid,
		ppid: Number(match[1]),
		startTime,
		argv: (match[4] ?? "").trim().split(/\s+/)
	};
}

// src/local/session-mark.ts
const MARKS = [
	"CLAUDECODE",
	"CLAUDE_CODE_SESSION_ID",
	"CLAUDE_CODE_ENTRYPOINT",
	"CLAUDE_CODE_CHILD_SESSION"
];
function marksSession(env) {
	return MARKS.some((name) => (env[name] ?? "") !== "");
}

// src/cli/questions.ts
const QUIET_MS = 150;
const CTRL_C = 3;
async function dropTypedAhead() {
	const { stdin } = process;
	if (!stdin.isTTY) return;
	let isQuiet = false;
	const drop = (typed) => {
		isQuiet = false;
		if (typed.includes(CTRL_C)) process.kill(process.pid, "SIGINT");
	};
	stdin.setRawMode(true);
	stdin.on("data", drop);
	try {
		while (!isQuiet) {
			isQuiet = true;
			await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
		}
	} finally {
		stdin.off("data", drop);
		stdin.pause();
		stdin.setRawMode(false);
	}
}
function openQuestions({ hidden }) {
	const silence = new node_stream.Writable({ write: (_chunk, _encoding, done) => done() });
	const { createInterface } = process.getBuiltinModule("node:readline/promises");
	const lines = createInterface({
		input: process.stdin,
		output: hidden ? silence : process.stderr,
		terminal: true
	});
	const stopped = new AbortController();
	lines.once("SIGINT", () => stopped.abort());
	lines.once("close", () => stopped.abort());
	return {
		async ask(question) {
			if (!hidden) return lines.question(question, { signal: stopped.signal });
			process.stderr.write(question);
			try {
				return await lines.question("", { signal: stopped.signal });
			} finally {
				process.stderr.write("\n");
			}
		},
		close: () => lines.close()
	};
}

// src/cli/access-terminal.ts
function readCallerFacts() {
	return {
		pid: process.pid,
		startTime: readProcess(process.pid)?.startTime ?? "unknown",
		tty: process.stdin.isTTY === true,
		session: marksSession(process.env)
	};
}
function isAtTerminal({ tty, session }) {
	return tty && !session;
}
async function askLastFour(person, roles) {
	require_main.printError(`  channel  ${require_main.toLine(person.channel)}${person.account === "" ? "" : ` (${require_main.toLine(person.account)})`}`);
	require_main.printError(`  id       ${require_main.paint("bold", require_main.toLine(person.id))}`);
	require_main.printError(`  name     ${require_main.toLine(person.name) || "-"}  (anybody can call themselves that)`);
	require_main.printError(`  asked    ${require_main.toAgo(person.createdAt, Date.now())}`);
	require_main.printError(`  becomes  ${roles.map(require_main.toLine).join(", ")}`);
	return ask$1("Compare the id with the person, then type its last 4 characters: ");
}
async function askYes(question) {
	await dropTypedAhead();
	require_main.printNote(question);
	if (await ask$1("Type \"yes\" to do it: ") !== "yes") throw new require_main.SluiceError("bad_input", "not confirmed; nothing was changed");
}
async function ask$1(question) {
	const questions = openQuestions({ hidden: false });
	try {
		return (await questions.ask(question)).trim();
	} catch (cause) {
		throw new require_main.SluiceError("bad_input", "not confirmed; nothing was changed", { cause });
	} finally {
		questions.close();
	}
}

// node_modules/eventsource-parser/dist/errors.js
var ParseError = class extends Error {
	constructor(message, options) {
		super(message);
		this.name = "ParseError";
		this.type = options.type;
		this.field = options.field;
		this.value = options.value;
		this.line = options.line;
	}
};

// node_modules/eventsource-parser/dist/parse.js
const LF = 10;
const CR = 13;
const SPACE = 32;
const MAX_FIELD_PREFIX_LENGTH = 6;
function createParser(config) {
	if (typeof config === "function") throw new TypeError("`config` must be an object, got a function instead. Did you mean `createParser({onEvent: fn})`?");
	const { maxBufferSize, onComment, onError, onEvent, onId, onRetry } = config;
	const pendingFragments = [];
	let pendingFragmentsLength = 0;
	let bomPrefix = "";
	let id;
	let data = "";
	let dataLines = 0;
	let eventType;
	let terminated = false;
	let skippingLine = false;
	let skipNextLineFeed = false;
	function feed(chunk) {
		if (terminated) throw new Error("Cannot feed parser: it was terminated after exceeding the configured max buffer size. Call `reset()` to resume parsing.");
		if (bomPrefix !== void 0) {
			chunk = bomPrefix + chunk;
			if (chunk === "" || chunk === "ï" || chunk === "ï»") {
				bomPrefix = chunk;
				return;
			}
			bomPrefix = void 0;
			chunk = chunk.replace(/^(?:\uFEFF|\xEF\xBB\xBF)/, "");
		}
		if (skippingLine || skipNextLineFeed) {
			chunk = resumeAfterSkip(chunk);
			if (!chunk) return;
		}
		if (!pendingFragments.length) {
			const trailing = processLines(chunk);
			if (trailing !== "") storeTrailing(trailing);
			checkForBufferOverflow();
			return;
		}
		if (chunk.indexOf("\n") === -1 && chunk.indexOf("\r") === -1) {
			if (pendingFragmentsLength < MAX_FIELD_PREFIX_LENGTH) {
				if (!shouldBufferTrailing(pendingFragments.join("") + chunk.slice(0, MAX_FIELD_PREFIX_LENGTH - pendingFragmentsLength))) {
					pendingFragments.length = 0;
					pendingFragmentsLength = 0;
					skippingLine = true;
					return;
				}
			}
			pendingFragments.push(chunk);
			pendingFragmentsLength += chunk.length;
			checkForBufferOverflow();
			return;
		}
		pendingFragments.push(chunk);
		const input = pendingFragments.join("");
		pendingFragments.length = 0;
		pendingFragmentsLength = 0;
		storeTrailing(processLines(input));
		checkForBufferOverflow();
	}
	function resumeAfterSkip(chunk) {
		if (chunk.length === 0) return chunk;
		if (skipNextLineFeed) {
			skipNextLineFeed = false;
			return chunk.charCodeAt(0) === LF ? chunk.slice(1) : chunk;
		}
		const crIndex = chunk.indexOf("\r");
		const lfIndex = chunk.indexOf("\n");
		const lineEnd = crIndex === -1 ? lfIndex : lfIndex === -1 ? crIndex : crIndex < lfIndex ? crIndex : lfIndex;
		if (lineEnd === -1) return "";
		if (lineEnd === chunk.length - 1 && chunk.charCodeAt(lineEnd) === CR) {
			skippingLine = false;
			skipNextLineFeed = true;
			return "";
		}
		skippingLine = false;
		return chunk.slice(lineEnd + (chunk.charCodeAt(lineEnd) === CR && chunk.charCodeAt(lineEnd + 1) === LF ? 2 : 1));
	}
	function storeTrailing(trailing) {
		if (!trailing) return;
		if (trailing.charCodeAt(trailing.length - 1) === CR) {
			parseLine(trailing, 0, trailing.length - 1);
			if (checkForBufferOverflow()) return;
			skipNextLineFeed = true;
			return;
		}
		if (shouldBufferTrailing(trailing)) {
			pendingFragments.push(trailing);
			pendingFragmentsLength = trailing.length;
			return;
		}
		skippingLine = true;
	}
	function shouldBufferTrailing(trailing) {
		const firstCharCode = trailing.charCodeAt(0);
		return firstCharCode === 58 && !!onComment || firstCharCode === 100 && isPotentialField(trailing, "data") || firstCharCode === 101 && isPotentialField(trailing, "event") || firstCharCode === 105 && isPotentialField(trailing, "id") || firstCharCode === 114 && isPotentialField(trailing, "retry");
	}
	function checkForBufferOverflow() {
		if (terminated) return true;
		if (maxBufferSize === void 0) return false;
		if (pendingFragmentsLength + data.length <= maxBufferSize) return false;
		terminated = true;
		pendingFragments.length = 0;
		pendingFragmentsLength = 0;
		id = void 0;
		data = "";
		dataLines = 0;
		eventType = void 0;
		skippingLine = false;
		skipNextLineFeed = false;
		onError === null || onError === void 0 || onError(new ParseError(`Buffered data exceeded max buffer size of ${maxBufferSize} characters`, { type: "max-buffer-size-exceeded" }));
		return true;
	}
	function processLines(chunk) {
		let searchIndex = 0;
		if (chunk.indexOf("\r") === -1) {
			let lfIndex = chunk.indexOf("\n", searchIndex);
			while (lfIndex !== -1) {
				if (searchIndex === lfIndex) {
					if (id !== void 0) onId === null || onId === void 0 || onId(id);
					if (dataLines > 0) onEvent === null || onEvent === void 0 || onEvent({
						id,
						event: eventType,
						data
					});
					id = void 0;
					data = "";
					dataLines = 0;
					eventType = void 0;
					searchIndex = lfIndex + 1;
					lfIndex = chunk.indexOf("\n", searchIndex);
					continue;
				}
				const firstCharCode = chunk.charCodeAt(searchIndex);
				if (isDataPrefix(chunk, searchIndex, firstCharCode)) {
					const valueStart = chunk.charCodeAt(searchIndex + 5) === SPACE ? searchIndex + 6 : searchIndex + 5;
					const value = chunk.slice(valueStart, lfIndex);
					if (dataLines === 0 && chunk.charCodeAt(lfIndex + 1) === LF) {
						if (id !== void 0) onId === null || onId === void 0 || onId(id);
						onEvent === null || onEvent === void 0 || onEvent({
							id,
							event: eventType,
							data: value
						});
						id = void 0;
						data = "";
						eventType = void 0;
						searchIndex = lfIndex + 2;
						lfIndex = chunk.indexOf("\n", searchIndex);
						continue;
					}
					data = dataLines === 0 ? value : `${data}\n${value}`;
					dataLines++;
				} else if (isEventPrefix(chunk, searchIndex, firstCharCode)) eventType = chunk.slice(chunk.charCodeAt(searchIndex + 6) === SPACE ? searchIndex + 7 : searchIndex + 6, lfIndex) || void 0;
				else parseLine(chunk, searchIndex, lfIndex);
				if (checkForBufferOverflow()) return "";
				searchIndex = lfIndex + 1;
				lfIndex = chunk.indexOf("\n", searchIndex);
			}
			return chunk.slice(searchIndex);
		}
		let crIndex = chunk.indexOf("\r", searchIndex);
		let lfIndex = chunk.indexOf("\n", searchIndex);
		while (searchIndex < chunk.length) {
			let lineEnd = -1;
			if (crIndex !== -1 && lfIndex !== -1) lineEnd = crIndex < lfIndex ? crIndex : lfIndex;
			else if (crIndex !== -1) {
				if (crIndex === chunk.length - 1) lineEnd = -1;
				else lineEnd = crIndex;
			} else if (lfIndex !== -1) lineEnd = lfIndex;
			if (lineEnd === -1) break;
			parseLine(chunk, searchIndex, lineEnd);
			if (checkForBufferOverflow()) return "";
			searchIndex = lineEnd + 1;
			if (chunk.charCodeAt(searchIndex - 1) === CR && chunk.charCodeAt(searchIndex) === LF) searchIndex++;
			if (crIndex !== -1 && crIndex < searchIndex) crIndex = chunk.indexOf("\r", searchIndex);
			if (lfIndex !== -1 && lfIndex < searchIndex) lfIndex = chunk.indexOf("\n", searchIndex);
		}
		return chunk.slice(searchIndex);
	}
	function parseLine(chunk, start, end) {
		if (start === end) {
			dispatchEvent();
			return;
		}
		const firstCharCode = chunk.charCodeAt(start);
		if (isDataPrefix(chunk, start, firstCharCode)) {
			const valueStart = chunk.charCodeAt(start + 5) === SPACE ? start + 6 : start + 5;
			const value = chunk.slice(valueStart, end);
			data = dataLines === 0 ? value : `${data}\n${value}`;
			dataLines++;
			return;
		}
		if (isEventPrefix(chunk, start, firstCharCode)) {
			eventType = chunk.slice(chunk.charCodeAt(start + 6) === SPACE ? start + 7 : start + 6, end) || void 0;
			return;
		}
		if (firstCharCode === 105 && chunk.charCodeAt(start + 1) === 100 && chunk.charCodeAt(start + 2) === 58) {
			const value = chunk.slice(chunk.charCodeAt(start + 3) === SPACE ? start + 4 : start + 3, end);
			if (!value.includes("\0")) id = value;
			return;
		}
		if (firstCharCode === 58) {
			if (onComment) {
				const line = chunk.slice(start, end);
				onComment(line.slice(chunk.charCodeAt(start + 1) === SPACE ? 2 : 1));
			}
			return;
		}
		const line = chunk.slice(start, end);
		const fieldSeparatorIndex = line.indexOf(":");
		if (fieldSeparatorIndex === -1) {
			processField(line, "", line);
			return;
		}
		const field = line.slice(0, fieldSeparatorIndex);
		const offset = line.charCodeAt(fieldSeparatorIndex + 1) === SPACE ? 2 : 1;
		processField(field, line.slice(fieldSeparatorIndex + offset), line);
	}
	function processField(field, value, line) {
		switch (field) {
			case "event":
				eventType = value || void 0;
				break;
			case "data":
				data = dataLines === 0 ? value : `${data}\n${value}`;
				dataLines++;
				break;
			case "id":
				if (!value.includes("\0")) id = value;
				break;
			case "retry":
				if (/^\d+$/.test(value)) onRetry === null || onRetry === void 0 || onRetry(parseInt(value, 10));
				else onError === null || onError === void 0 || onError(new ParseError(`Invalid \`retry\` value: "${value}"`, {
					type: "invalid-retry",
					value,
					line
				}));
				break;
			default: onError === null || onError === void 0 || onError(new ParseError(`Unknown field "${field.length > 20 ? `${field.slice(0, 20)}…` : field}"`, {
				type: "unknown-field",
				field,
				value,
				line
			}));
		}
	}
	function dispatchEvent() {
		if (id !== void 0) onId === null || onId === void 0 || onId(id);
		if (dataLines > 0) onEvent === null || onEvent === void 0 || onEvent({
			id,
			event: eventType,
			data
		});
		id = void 0;
		data = "";
		dataLines = 0;
		eventType = void 0;
	}
	function reset(options = {}) {
		if (options.consume && pendingFragments.length > 0) {
			const incompleteLine = pendingFragments.join("");
			parseLine(incompleteLine, 0, incompleteLine.length);
		}
		bomPrefix = "";
		id = void 0;
		data = "";
		dataLines = 0;
		eventType = void 0;
		pendingFragments.length = 0;
		pendingFragmentsLength = 0;
		terminated = false;
		skippingLine = false;
		skipNextLineFeed = false;
	}
	return {
		feed,
		reset
	};
}
function isDataPrefix(chunk, i, firstCharCode) {
	return firstCharCode === 100 && chunk.charCodeAt(i + 1) === 97 && chunk.charCodeAt(i + 2) === 116 && chunk.charCodeAt(i + 3) === 97 && chunk.charCodeAt(i + 4) === 58;
}
function isEventPrefix(chunk, i, firstCharCode) {
	return firstCharCode === 101 && chunk.charCodeAt(i + 1) === 118 && chunk.charCodeAt(i + 2) === 101 && chunk.charCodeAt(i + 3) === 110 && chunk.charCodeAt(i + 4) === 116 && chunk.charCodeAt(i + 5) === 58;
}
function isPotentialField(line, field) {
	let i = 1;
	while (i < line.length && i < field.length) {
		if (line.charCodeAt(i) !== field.charCodeAt(i)) return false;
		i++;
	}
	return line.length <= field.length || line.charCodeAt(field.length) === 58;
}

// src/api/client/exchange.ts
const HEAD_MAX_CHARS = 65536;
function exchange(call) {
	const { socket, signal, silenceMs, onText } = call;
	return new Promise((resolve, reject) => {
		if (signal?.aborted === true) return reject(toReason(signal));
		const connection = (0, node_net.connect)(socket);
		const stop = () => void connection.destroy(toReason(signal));
		signal?.addEventListener("abort", stop, { once: true });
		if (silenceMs !== void 0) connection.setTimeout(silenceMs, () => connection.destroy(/* @__PURE__ */ new Error("no answer in time")));
		let head;
		let start = "";
		let bytes = 0;
		const take = (text, of) => {
			if (text !== "") onText(text, of);
			bytes += Buffer.byteLength(text);
			if (bytes === of.length) connection.destroy();
		};
		connection.setEncoding("utf8");
		connection.on("data", (text) => {
			try {
				if (head !== void 0) return take(text, head);
				start += text;
				const end = start.indexOf("\r\n\r\n");
				if (end === -1 && start.length <= HEAD_MAX_CHARS) return;
				head = parseHead(start.slice(0, Math.max(0, end)));
				take(start.slice(end + 4), head);
			} catch (thrown) {
				connection.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
			}
		});
		connection.once("error", reject);
		connection.once("close", () => {
			signal?.removeEventListener("abort", stop);
			if (head === void 0) reject(/* @__PURE__ */ new Error("the connection ended before an answer"));
			else resolve(head);
		});
		connection.write(toRequest(call));
	});
}
function toRequest({ method, path, body }) {
	return `${method} ${path} HTTP/1.0\r\nHost: localhost\r\n${body === void 0 ? "" : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`}\r\n${body ?? ""}`;
}
function parseHead(text) {
	const [, status] = /^HTTP\/1\.[01] (\d{3})(?: |\r|$)/.exec(text) ?? [];
	if (status === void 0) throw new Error("what answers there speaks no HTTP");
	const [, length] = /\r\ncontent-length: *(\d+) *(?:\r|$)/i.exec(text) ?? [];
	return {
		status: Number(status),
		length: length === void 0 ? void 0 : Number(length)
	};
}
function toReason(signal) {
	const reason = signal?.reason;
	return reason instanceof Error ? reason : new Error(String(reason));
}

// src/api/client/client.ts
function openClient(locate) {
	const closing = new AbortController();
	const call = (path, args, options) => carry(closing.signal, locate(), path, args, options);
	return {
		api: toRoutes(call, ["v1"]),
		close: () => closing.abort()
	};
}
function toRoutes(call, path) {
	return new Proxy(() => {}, {
		get: (_target, key) => typeof key !== "string" || key === "then" ? void 0 : toRoutes(call, [...path, key]),
		apply: (_target, _self, [args, options]) => call(path, args, options)
	});
}
function toPath(names, { param = {}, query = {} }) {
	const parts = names.map((name) => name.startsWith(":") ? toPathValue(param[name.slice(1)]) : name);
	const search = new URLSearchParams();
	for (const [name, values] of Object.entries(query)) for (const value of [values].flat()) if (value !== void 0) search.append(name, value);
	return `/${parts.join("/")}${search.size === 0 ? "" : `?${search}`}`;
}
function toPathValue(value = "") {
	if ([
		"",
		".",
		".."
	].includes(value)) throw new require_main.SluiceError("bad_input", `"${value}" is no name or id`);
	return encodeURIComponent(value);
}
async function read(call) {
	const answer = await call;
	const value = await answer.json().catch((cause) => {
		throw toForeign(answer.status, cause);
	});
	if (answer.ok) return value;
	throw toFault(value);
}
async function readStream({ socket, path, body, onMessage, signal }) {
	const parser = createParser({ onEvent: ({ data }) => onMessage(JSON.parse(data)) });
	let isOpen = false;
	let refusal = "";
	let head;
	try {
		head = await exchange({
			socket,
			method: body === void 0 ? "GET" : "POST",
			path,
			body: body === void 0 ? void 0 : JSON.stringify(body),
			signal,
			onText: (text, { status }) => {
				isOpen = status === 200;
				if (isOpen) parser.feed(text);
				else refusal += text;
			}
		});
	} catch (thrown) {
		if (isOpen || signal?.aborted === true) return;
		throw toUnreachable(thrown);
	}
	if (head.status !== 200) throw readFault(refusal, head.status);
}
async function carry(closing, socket, path, args = {}, { init: { signal } = {} } = {}) {
	const target = toPath(path.slice(0, -1), args);
	const pieces = [];
	let head;
	try {
		head = await exchange({
			socket,
			method: path.at(-1)?.slice(1).toUpperCase() ?? "",
			path: target,
			body: args.json === void 0 ? void 0 : JSON.stringify(args.json),
			signal: signal === void 0 ? closing : AbortSignal.any([closing, signal]),
			onText: (text) => pieces.push(text)
		});
	} catch (thrown) {
		if (signal?.aborted === true) throw thrown;
		throw toUnreachable(thrown);
	}
	const { status, length } = head;
	const text = pieces.join("");
	if (length !== void 0 && Buffer.byteLength(text) < length) throw toUnreachable(/* @__PURE__ */ new Error("the answer broke off"));
	return {
		ok: status >= 200 && status < 300,
		status,
		json: async () => JSON.parse(text)
	};
}
function readFault(text, status = 0) {
	try {
		return toFault(JSON.parse(text));
	} catch (cause) {
		return toForeign(status, cause);
	}
}
function toForeign(status, cause) {
	return new require_main.SluiceError("unsupported", `the hub answered ${status} in a form that is not known here, so it is of another version; run "sluice up"`, { cause });
}
function toFault({ error }) {
	const code = require_main.ERROR_CODES.find((known) => known === error.code) ?? "internal";
	return new require_main.SluiceError(code, error.message, {
		retryable: error.retryable,
		...error.retryAfterMs === void 0 ? {} : { retryAfterMs: error.retryAfterMs }
	});
}
function toUnreachable(cause) {
	return new require_main.SluiceError("hub_unreachable", `no hub answers (${require_main.toMessage(cause)}); run "sluice up"`, {
		cause,
		retryable: true
	});
}

// src/local/environment.ts
const NAMES = /* @__PURE__ */ new Set([
	"PATH",
	"HOME",
	"USER",
	"LOGNAME",
	"LANG",
	"TZ",
	"TMPDIR",
	"NO_COLOR",
	"HTTP_PROXY",
	"HTTPS_PROXY",
	"ALL_PROXY",
	"NO_PROXY",
	"http_proxy",
	"https_proxy",
	"all_proxy",
	"no_proxy",
	"NODE_USE_ENV_PROXY",
	"NODE_USE_SYSTEM_CA",
	"NODE_EXTRA_CA_CERTS",
	"SSL_CERT_FILE",
	"SSL_CERT_DIR"
]);
const PREFIXES = [
	"LC_",
	"XDG_",
	"SLUICE_"
];
const LOOKS_SECRET = /SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL|(^|_)KEY(_|$)/i;
function toHubEnvironment(env) {
	const kept = {};
	for (const [name, value] of Object.entries(env)) if (value !== void 0 && isAllowed(name)) kept[name] = value;
	return kept;
}
function isAllowed(name) {
	return NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix)) && !LOOKS_SECRET.test(name);
}

// src/api/client/start-hub.ts
const HUB_ARGS = [
	"up",
	"--foreground",
	"--detached"
];
const HUB_NODE_ARGS = ["--max-semi-space-size=16", "--expose-gc"];
const POLL_MS = 25;
const YIELD_MS = 2e3;
const PROBE_TIMEOUT_MS = 2e3;
const MAX_START_LOG_BYTES = 262144;
async function isHubAnswering(socket, timeoutMs = PROBE_TIMEOUT_MS) {
	try {
		return (await exchange({
			socket,
			method: "GET",
			path: "/v1/hub",
			silenceMs: timeoutMs,
			onText: () => {}
		})).status === 200;
	} catch {
		return false;
	}
}
function findSafeSocket(env) {
	const home = require_main.locateHome(env).path;
	if (!require_main.checkSafeFolder(home)) return void 0;
	const socket = require_main.locateSocket(env);
	return (0, node_path.dirname)(socket) === home || require_main.checkSafeFolder((0, node_path.dirname)(socket)) ? socket : void 0;
}
async function isHubUp(env, timeoutMs = PROBE_TIMEOUT_MS) {
	const socket = findSafeSocket(env);
	return socket !== void 0 && isHubAnswering(socket, timeoutMs);
}
async function ensureHub(options) {
	const { env, timeoutMs } = options;
	const home = require_main.locateHome(env);
	const deadlineAt = Date.now() + timeoutMs;
	require_main.ensureSafeFolder(home.path);
	const answers = () => isHubUp(env, Math.max(1, Math.min(PROBE_TIMEOUT_MS, deadlineAt - Date.now())));
	let start;
	while (!await answers()) {
		if (Date.now() >= deadlineAt) {
			const said = start?.readLastLine();
			throw new require_main.SluiceError("hub_unreachable", `no hub answered in ${home.path} within ${timeoutMs / 1e3} s${said === void 0 ? "" : `: ${said}`}; "sluice doctor" says what holds it up`, { retryable: true });
		}
		start ??= startHub$1(options, home.path, home.logDir);
		if (start.failure !== void 0 && !await answers()) throw new require_main.SluiceError(start.isSetupFault ? "bad_config" : "hub_unreachable", `the hub did not start: ${start.readLastLine() ?? start.failure}`);
		if (start.hasYielded && Date.now() - start.endedAt >= YIELD_MS) start = void 0;
		await (0, node_timers_promises.setTimeout)(POLL_MS);
	}
}
function startReplacement({ node, cli }, env) {
	const { spawn } = process.getBuiltinModule("node:child_process");
	const child = spawn(node, [cli, "up"], {
		cwd: "/",
		detached: true,
		env: {
			...toHubEnvironment(env),
			SLUICE_HOME: require_main.locateHome(env).path
		},
		stdio: "ignore"
	});
	child.on("error", () => void 0);
	child.unref();
}
function startHub$1({ entry, env }, homePath, logDir) {
	const { spawn } = process.getBuiltinModule("node:child_process");
	require_main.ensureInnerFolder(logDir);
	const logFile = (0, node_path.join)(logDir, "start.log");
	const log = openStartLog(logFile);
	let child;
	let offset;
	try {
		if ((0, node_fs.fstatSync)(log).size > MAX_START_LOG_BYTES) (0, node_fs.ftruncateSync)(log);
		offset = (0, node_fs.fstatSync)(log).size;
		child = spawn(entry.node, [
			...HUB_NODE_ARGS,
			entry.cli,
			...entry.args ?? HUB_ARGS
		], {
			cwd: "/",
			detached: true,
			env: {
				...toHubEnvironment(env),
				SLUICE_HOME: homePath
			},
			stdio: [
				"ignore",
				"ignore",
				log
			]
		});
	} finally {
		(0, node_fs.closeSync)(log);
	}
	let failure;
	let hasYielded = false;
	let isSetupFault = false;
	let endedAt = 0;
	child.once("error", (error) => failure = error.message);
	child.once("exit", (code, signal) => {
		isSetupFault = code === 78;
		endedAt = Date.now();
		if (code === 0) hasYielded = true;
		else failure ??= `it ended with ${signal ?? `exit code ${code}`}`;
	});
	child.unref();
	return {
		get failure() {
			return failure;
		},
		get hasYielded() {
			return hasYielded;
		},
		get endedAt() {
			return endedAt;
		},
		get isSetupFault() {
			return isSetupFault;
		},
		readLastLine: () => readLastLine(logFile, offset)
	};
}
function openStartLog(path) {
	const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW } = node_fs.constants;
	try {
		return (0, node_fs.openSync)(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 384);
	} catch (thrown) {
		throw new require_main.SluiceError("store_readonly", `${path} cannot be written (${require_main.toMessage(thrown)}); check its owner, its mode and its disk`, { cause: thrown });
	}
}
function readLastLine(path, offset) {
	const lines = (0, node_fs.readFileSync)(path).subarray(offset).toString("utf8").split("\n").filter((line) => line.trim() !== "");
	return (lines.findLast((line) => /^(?!\s)\S*Error\b.*: /.test(line)) ?? lines.at(-1))?.trim().replace(/^sluice: /, "").slice(0, 500);
}

// src/cli/hub.ts
const START_TIMEOUT_MS = 1e4;
const LOOK_AGAIN_MS = 1e3;
function toHubEntry() {
	const isSource = require("url").pathToFileURL(__filename).href.endsWith(".ts");
	const cli = new URL(isSource ? "main.ts" : "../../bin/sluice.js", require("url").pathToFileURL(__filename).href);
	return {
		node: process.execPath,
		cli: (0, node_url.fileURLToPath)(cli)
	};
}
async function startHub() {
	await ensureHub({
		entry: toHubEntry(),
		env: process.env,
		timeoutMs: START_TIMEOUT_MS
	});
}
async function withHub(use) {
	await startHub();
	return callHub(use);
}
async function callHub(use) {
	const client = openClient(() => require_main.locateSocket(process.env));
	try {
		return await use(client.api);
	} finally {
		client.close();
	}
}
function ask(call) {
	return withHub((api) => read(call(api)));
}
async function askIfUp(call) {
	const socket = findSafeSocket(process.env);
	if (socket === void 0) return void 0;
	const client = openClient(() => socket);
	const watch = setInterval(() => {
		isHubAnswering(socket).then((isUp) => isUp || client.close());
	}, LOOK_AGAIN_MS);
	try {
		return await read(call(client.api));
	} catch (thrown) {
		if (require_main.isSluiceError(thrown, "hub_unreachable")) return void 0;
		throw thrown;
	} finally {
		clearInterval(watch);
		client.close();
	}
}
function askRunning(call) {
	return callHub((api) => read(call(api)));
}
async function findSilentHub() {
	const { isLocked, readHolder } = await import("../../dist/hub/process/lock.js");
	const home = require_main.locateHome(process.env);
	const holder = readHolder(home);
	if (holder === void 0 || !isLocked(home)) return void 0;
	const { pid, startTime } = holder;
	const facts = readProcess(pid);
	if (!(startTime === void 0 ? facts?.argv.includes("--foreground") === true : facts?.startTime === startTime)) return {
		pid,
		isOutOfSight: true
	};
	return startTime === void 0 ? { pid } : {
		pid,
		startTime
	};
}

// src/cli/command.ts
function option(valueHint, description) {
	return {
		type: "string",
		valueHint,
		description
	};
}
function flag(description) {
	return {
		type: "boolean",
		description
	};
}
function positional(description) {
	return {
		type: "positional",
		description
	};
}
function optionalPositional(description) {
	return {
		type: "positional",
		required: false,
		description
	};
}
const JSON_ARG = flag("Print JSON for scripts");
const CHANNEL_ARG = option("name", "Only events of this channel");
const LIMIT_ARG = option("n", "How many to list at most (default: 50)");
function defineCommand({ run, ...rest }) {
	const command = {
		...rest,
		run: ({ values, positionals, repeated }) => run({
			args: values,
			positionals,
			repeated
		}),
		start: async (name, rawArgs) => command.run(checkArgs(name, command, rawArgs))
	};
	return command;
}
function checkArgs(name, command, rawArgs) {
	const { args } = command;
	const refuse = (what, hint = "") => {
		throw require_main.toUsageFault(`${what}${hint === "" ? `; "sluice ${name} --help" explains it` : hint}`);
	};
	const { tokens, names } = tokenize(rawArgs, args);
	const options = /* @__PURE__ */ new Map();
	const positionals = [];
	for (const token of tokens) {
		if (token.kind === "positional") positionals.push(token.value);
		if (token.kind !== "option") continue;
		const key = names.get(token.name);
		const arg = key === void 0 ? void 0 : args[key];
		if (key === void 0 || arg === void 0) return refuse(`unknown flag ${token.rawName}`, require_main.toHint(token.name, ["help", ...names.keys()], "--"));
		checkValue(token.rawName, token.value, token.inlineValue, arg, refuse);
		const given = options.get(key) ?? [];
		if (given.length > 0 && arg.type !== "boolean" && command.repeatable?.includes(key) !== true) refuse(`${token.rawName} is given twice`);
		options.set(key, [...given, token.value ?? true]);
	}
	const named = Object.entries(args).filter(([, arg]) => arg.type === "positional");
	const missing = named.filter(([, arg]) => arg.required !== false)[positionals.length];
	if (missing !== void 0) refuse(`<${missing[0]}> is missing`);
	const extra = positionals[named.length];
	if (extra !== void 0 && command.rest === void 0) refuse(`unexpected argument "${extra}"`);
	return {
		values: toValues(args, options, positionals),
		positionals,
		repeated: (key) => (options.get(key) ?? []).filter((value) => typeof value === "string")
	};
}
function toValues(args, options, positionals) {
	const values = {};
	let position = 0;
	for (const [key, arg] of Object.entries(args)) {
		const value = arg.type === "positional" ? positionals[position++] : options.get(key)?.at(-1);
		const usual = "default" in arg ? arg.default : void 0;
		const known = value ?? usual;
		if (known !== void 0) values[key] = known;
	}
	return values;
}
function checkValue(flag, value, inline, arg, refuse) {
	if (arg.type === "boolean") {
		if (value !== void 0) refuse(`${flag} takes no value`);
		return;
	}
	if (value === void 0 || value === "") refuse(`${flag} needs a value`);
	else if (inline !== true && value.startsWith("-") && value !== "-") refuse(`${flag} needs a value; one that begins with "-" is written ${flag}=${toShellWord(value)}`);
	else if (arg.type === "enum" && !arg.options.includes(value)) refuse(`${flag} ${value} is not one of ${arg.options.join(", ")}`, require_main.toHint(value, arg.options));
}
function tokenize(rawArgs, args) {
	const names = /* @__PURE__ */ new Map();
	const options = {};
	for (const [key, arg] of Object.entries(args)) {
		if (arg.type === "positional") continue;
		for (const flag of [key, "alias" in arg ? arg.alias : void 0]) {
			if (flag === void 0) continue;
			names.set(flag, key);
			options[flag] = { type: arg.type === "boolean" ? "boolean" : "string" };
		}
	}
	const { tokens } = (0, node_util.parseArgs)({
		args: fillBare(rawArgs, args),
		options,
		strict: false,
		allowPositionals: true,
		tokens: true
	});
	return {
		tokens,
		names
	};
}
function fillBare(rawArgs, args) {
	const end = rawArgs.indexOf("--");
	return rawArgs.map((word, index) => {
		const arg = word.startsWith("--") ? args[word.slice(2)] : void 0;
		const isBefore = end === -1 || index < end;
		if (arg?.type !== "enum" || arg.bare === void 0 || !isBefore) return word;
		const next = rawArgs[index + 1];
		return next !== void 0 && arg.options.includes(next) ? word : `${word}=${arg.bare}`;
	});
}
function parseLimit(text, max) {
	if (!/^[1-9]\d{0,5}$/.test(text) || Number(text) > max) throw require_main.toUsageFault(`--limit ${text} is not a number from 1 to ${max}`);
	return text;
}
function toShellWord(value) {
	return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

// src/sdk/show/channel-state.ts
function toChannelState({ state, isConnected, connectedAt, url }) {
	if (state !== "ok") return state;
	if (isConnected === true || connectedAt !== void 0) return "connected";
	return url === void 0 ? state : "no event yet";
}

// src/cli/output/refused-words.ts
const WORDS = {
	no_channel: "for a channel that is not there",
	missing_header: "without a proof",
	doubled_header: "with more than one proof",
	malformed_header: "with a malformed proof",
	unknown_version: "with a proof of an unknown version",
	bad_token: "with a wrong token",
	bad_signature: "with a wrong signature",
	stale: "signed too long ago",
	future: "signed ahead of this clock",
	not_local: "from a browser or another machine, where only local programs may",
	too_many_failures: "after too many wrong proofs",
	bad_listen_token: "to listen with a wrong token",
	too_many_streams: "to listen beside too many others",
	content_encoding: "compressed",
	too_large: "too large",
	bad_input: "malformed",
	header_mismatch: "with headers that do not fit the signed body",
	unsigned_header: "with a header that the signature does not cover",
	same_body: "with the signed bytes of an earlier event",
	unsupported: "of an unsupported type",
	ignored: "of a kind that is left out",
	aborted: "broken off",
	overload: "while too much came at once",
	crowded_out: "cut off for newer connections",
	rate_limited: "over the rate",
	quota_full: "while too many waited",
	paused: "while paused",
	"no-text": "without text",
	"no-rules": "while nobody may speak",
	disabled: "while the policy is disabled",
	broadcast: "from a broadcast",
	bot: "by bots",
	outsider: "by guests or people of other organisations",
	stranger: "by strangers",
	blocked: "by blocked people",
	"not-chatter": "by people without the role chatter",
	pairing: "by strangers who got a code",
	"pairing-silent": "by strangers who got a code a moment ago",
	"pairing-full": "by strangers while others wait to be paired",
	"code-wrong": "with a wrong code",
	"code-locked": "with a code while codes are locked",
	"group-not-listed": "in groups that are not listed",
	"not-listed": "by members who are not listed",
	"not-addressed": "in groups, to others",
	loop: "between two machines",
	"dead-letter": "that could not be read or stored"
};
function toRefusedParts(channel, now) {
	const { refused, refusedAt = {}, proofHeader } = channel;
	return Object.keys(refused).toSorted((a, b) => (refusedAt[b] ?? 0) - (refusedAt[a] ?? 0)).map((reason) => {
		const at = refusedAt[reason];
		const words = reason === "missing_header" && proofHeader !== void 0 ? `without ${require_main.toLine(proofHeader)}` : toWords(reason);
		return `${refused[reason]} ${words}${at === void 0 ? "" : ` (last ${require_main.toAgo(at, now)})`}`;
	});
}
function toRefusedText({ channel, reason, count }) {
	return `${count} ${toWords(reason)}${channel === "-" ? "" : ` (${require_main.toLine(channel)})`}`;
}
function toWords(reason) {
	return WORDS[reason] ?? require_main.toLine(reason).replaceAll(/[-_]/g, " ");
}

// src/cli/output/hub-lines.ts
function renderHub(hub) {
	return [
		`${require_main.paint("bold", "hub")}      pid ${hub.pid}, version ${require_main.toLine(hub.version)}, up ${require_main.toDuration(hub.uptimeMs)}`,
		`home     ${require_main.toLine(hub.home)}`,
		`ingress  ${renderListener(hub.ingress)}`,
		...hub.tunnel === void 0 ? [] : [`tunnel   ${renderTunnelState(hub.tunnel)}`],
		`page     ${renderPage(hub.web)}${hub.web.remote === void 0 ? "" : `, and with the passphrase at ${hub.web.remote}`}`
	];
}
function toQuietZoneText({ zone }, clock) {
	if (zone !== void 0) return `${require_main.toLine(zone)} (set)`;
	return clock && toZoneText(clock.zone);
}
function toZoneText({ name, from, problem }) {
	const origin = {
		TZ: "TZ of the program that started the hub",
		system: "this machine's"
	}[from];
	const why = problem === void 0 ? origin : `${require_main.toLine(problem)}; set one with --zone`;
	return `${require_main.toLine(name)} (${why})`;
}
function renderPage(page) {
	return page.state === "off" ? "off; \"sluice open\" opens it" : renderListener(page);
}
function renderChannels(channels, now) {
	const rows = channels.map((channel) => [
		require_main.toLine(channel.name),
		require_main.toLine(channel.kind),
		paintState(toChannelState(channel)),
		channel.lastEventAt === void 0 ? "-" : require_main.toAgo(channel.lastEventAt, now),
		require_main.toLine(channel.reason ?? channel.publicUrl ?? channel.url ?? "")
	]);
	return require_main.renderTable([
		"CHANNEL",
		"KIND",
		"STATE",
		"LAST EVENT",
		"URL OR REASON"
	], rows);
}
function renderRefused(channels, now) {
	const notes = channels.flatMap(({ name, code, notes: own = [] }) => [...code?.notes ?? [], ...own].map((note) => `${require_main.paint("bold", require_main.toLine(name))}: ${require_main.toLine(note)}`));
	const tokens = channels.flatMap(({ name, platformToken: token }) => token === void 0 ? [] : [`${require_main.paint("bold", require_main.toLine(name))}: type this ${require_main.toLine(token.what)} into its platform's settings: ${require_main.toLine(token.text)} (${require_main.toAgo(token.at, now)})`]);
	const blocks = channels.flatMap((channel) => {
		const parts = toRefusedParts(channel, now);
		if (parts.length === 0) return [];
		const { state, reason = "" } = channel;
		const [what, fix] = splitReason(reason);
		return [`${require_main.paint("bold", require_main.toLine(channel.name))} refused ${parts.join(", ")}`, ...state === "refusing" ? [`  ${require_main.toLine(what)}`, `  fix: ${require_main.toLine(fix ?? "")}`] : []];
	});
	const all = [
		...tokens,
		...blocks,
		...notes
	];
	return all.length === 0 ? [] : ["", ...all];
}
function splitReason(reason) {
	const [what = reason, fix] = reason.split(/; (?=[^;]*$)/);
	return [what, fix];
}
function renderSessions(sessions) {
	const rows = sessions.map((session) => [
		require_main.toLine(session.label),
		require_main.toLine(session.lane),
		paintDelivery(session.state),
		session.busy ? "busy" : "idle",
		String(session.waiting),
		String(session.wakesToday),
		String(session.charsToday),
		require_main.toLine(session.reason ?? session.silence ?? session.cwd)
	]);
	const head = [
		"SESSION",
		"LANE",
		"DELIVERY",
		"TURN",
		"WAITING",
		"WAKES TODAY",
		"CHARS TODAY",
		"FOLDER OR REASON"
	];
	const isUntested = sessions.some(({ state, target }) => state === "none" && target);
	return [...require_main.renderTable(head, rows), ...isUntested ? ["\"sluice doctor --probe\" tests delivery with an event of its own"] : []];
}
function paintDelivery(state) {
	return state === "none" ? "not tested yet" : paintState(state);
}
function paintState(state) {
	const text = require_main.toLine(state);
	switch (text) {
		case "ok":
		case "connected":
		case "up":
		case "proven":
		case "done":
		case "sent": return require_main.paint("green", text);
		case "paused":
		case "refusing":
		case "retrying":
		case "maybe":
		case "unproven":
		case "offered": return require_main.paint("yellow", text);
		case "down":
		case "dead":
		case "failed":
		case "expired": return require_main.paint("red", text);
		default: return text;
	}
}
function renderListener({ state, host, port, reason }) {
	const why = reason === void 0 ? "" : `: ${require_main.toLine(reason)}`;
	const reach = state === "up" ? toReach(host) : "";
	return `${paintState(state)}, ${toAddress(host, port)}${reach}${why}`;
}
function renderTunnelState({ by, state, url, reason }) {
	const why = reason === void 0 ? "" : `: ${require_main.toLine(reason)}`;
	return `${paintState(state)}, ${url === void 0 ? "no address" : require_main.toLine(url)} (${by})${why}`;
}
function toAddress(host, port) {
	return host.includes(":") ? `[${require_main.toLine(host)}]:${port}` : `${require_main.toLine(host)}:${port}`;
}
function toReach(host) {
	return host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host) ? "" : " (other machines reach it; \"sluice up --host 127.0.0.1\" takes that back)";
}

Object.defineProperty(exports, "CHANNEL_ARG", {
  enumerable: true,
  get: function () {
    return CHANNEL_ARG;
  }
});
Object.defineProperty(exports, "HUB_ARGS", {
  enumerable: true,
  get: function () {
    return HUB_ARGS;
  }
});
Object.defineProperty(exports, "HUB_NODE_ARGS", {
  enumerable: true,
  get: function () {
    return HUB_NODE_ARGS;
  }
});
Object.defineProperty(exports, "JSON_ARG", {
  enumerable: true,
  get: function () {
    return JSON_ARG;
  }
});
Object.defineProperty(exports, "LIMIT_ARG", {
  enumerable: true,
  get: function () {
    return LIMIT_ARG;
  }
});
Object.defineProperty(exports, "START_TIMEOUT_MS", {
  enumerable: true,
  get: function () {
    return START_TIMEOUT_MS;
  }
});
Object.defineProperty(exports, "ask", {
  enumerable: true,
  get: function () {
    return ask;
  }
});
Object.defineProperty(exports, "askIfUp", {
  enumerable: true,
  get: function () {
    return askIfUp;
  }
});
Object.defineProperty(exports, "askLastFour", {
  enumerable: true,
  get: function () {
    return askLastFour;
  }
});
Object.defineProperty(exports, "askRunning", {
  enumerable: true,
  get: function () {
    return askRunning;
  }
});
Object.defineProperty(exports, "askYes", {
  enumerable: true,
  get: function () {
    return askYes;
  }
});
Object.defineProperty(exports, "callHub", {
  enumerable: true,
  get: function () {
    return callHub;
  }
});
Object.defineProperty(exports, "defineCommand", {
  enumerable: true,
  get: function () {
    return defineCommand;
  }
});
Object.defineProperty(exports, "dropTypedAhead", {
  enumerable: true,
  get: function () {
    return dropTypedAhead;
  }
});
Object.defineProperty(exports, "ensureHub", {
  enumerable: true,
  get: function () {
    return ensureHub;
  }
});
Object.defineProperty(exports, "findSilentHub", {
  enumerable: true,
  get: function () {
    return findSilentHub;
  }
});
Object.defineProperty(exports, "flag", {
  enumerable: true,
  get: function () {
    return flag;
  }
});
Object.defineProperty(exports, "isAlive", {
  enumerable: true,
  get: function () {
    return isAlive;
  }
});
Object.defineProperty(exports, "isAtTerminal", {
  enumerable: true,
  get: function () {
    return isAtTerminal;
  }
});
Object.defineProperty(exports, "isHubUp", {
  enumerable: true,
  get: function () {
    return isHubUp;
  }
});
Object.defineProperty(exports, "marksSession", {
  enumerable: true,
  get: function () {
    return marksSession;
  }
});
Object.defineProperty(exports, "openClient", {
  enumerable: true,
  get: function () {
    return openClient;
  }
});
Object.defineProperty(exports, "openQuestions", {
  enumerable: true,
  get: function () {
    return openQuestions;
  }
});
Object.defineProperty(exports, "option", {
  enumerable: true,
  get: function () {
    return option;
  }
});
Object.defineProperty(exports, "optionalPositional", {
  enumerable: true,
  get: function () {
    return optionalPositional;
  }
});
Object.defineProperty(exports, "paintState", {
  enumerable: true,
  get: function () {
    return paintState;
  }
});
Object.defineProperty(exports, "parseLimit", {
  enumerable: true,
  get: function () {
    return parseLimit;
  }
});
Object.defineProperty(exports, "positional", {
  enumerable: true,
  get: function () {
    return positional;
  }
});
Object.defineProperty(exports, "read", {
  enumerable: true,
  get: function () {
    return read;
  }
});
Object.defineProperty(exports, "readCallerFacts", {
  enumerable: true,
  get: function () {
    return readCallerFacts;
  }
});
Object.defineProperty(exports, "readProcess", {
  enumerable: true,
  get: function () {
    return readProcess;
  }
});
Object.defineProperty(exports, "readStream", {
  enumerable: true,
  get: function () {
    return readStream;
  }
});
Object.defineProperty(exports, "renderChannels", {
  enumerable: true,
  get: function () {
    return renderChannels;
  }
});
Object.defineProperty(exports, "renderHub", {
  enumerable: true,
  get: function () {
    return renderHub;
  }
});
Object.defineProperty(exports, "renderPage", {
  enumerable: true,
  get: function () {
    return renderPage;
  }
});
Object.defineProperty(exports, "renderRefused", {
  enumerable: true,
  get: function () {
    return renderRefused;
  }
});
Object.defineProperty(exports, "renderSessions", {
  enumerable: true,
  get: function () {
    return renderSessions;
  }
});
Object.defineProperty(exports, "splitReason", {
  enumerable: true,
  get: function () {
    return splitReason;
  }
});
Object.defineProperty(exports, "startHub", {
  enumerable: true,
  get: function () {
    return startHub;
  }
});
Object.defineProperty(exports, "startReplacement", {
  enumerable: true,
  get: function () {
    return startReplacement;
  }
});
Object.defineProperty(exports, "toAddress", {
  enumerable: true,
  get: function () {
    return toAddress;
  }
});
Object.defineProperty(exports, "toChannelState", {
  enumerable: true,
  get: function () {
    return toChannelState;
  }
});
Object.defineProperty(exports, "toHubEntry", {
  enumerable: true,
  get: function () {
    return toHubEntry;
  }
});
Object.defineProperty(exports, "toHubEnvironment", {
  enumerable: true,
  get: function () {
    return toHubEnvironment;
  }
});
Object.defineProperty(exports, "toQuietZoneText", {
  enumerable: true,
  get: function () {
    return toQuietZoneText;
  }
});
Object.defineProperty(exports, "toReach", {
  enumerable: true,
  get: function () {
    return toReach;
  }
});
Object.defineProperty(exports, "toRefusedParts", {
  enumerable: true,
  get: function () {
    return toRefusedParts;
  }
});
Object.defineProperty(exports, "toRefusedText", {
  enumerable: true,
  get: function () {
    return toRefusedText;
  }
});
Object.defineProperty(exports, "toZoneText", {
  enumerable: true,
  get: function () {
    return toZoneText;
  }
});
Object.defineProperty(exports, "withHub", {
  enumerable: true,
  get: function () {
    return withHub;
  }
});