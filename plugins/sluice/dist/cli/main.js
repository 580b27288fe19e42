Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
let node_tty = require("node:tty");
let node_fs = require("node:fs");
let node_module = require("node:module");
let node_path = require("node:path");
let node_util = require("node:util");

// src/local/hangup.ts
const STREAMS = process.platform === "linux" ? [
	0,
	1,
	2
] : [1, 2];
function hasTerminal() {
	return STREAMS.some((stream) => (0, node_tty.isatty)(stream));
}
function keepThroughHangup() {
	if (!hasTerminal()) process.on("SIGHUP", () => {});
}

// src/local/umask.ts
const CLOSED = 63;
const USUAL = Symbol.for("sluice.umask");
const known = globalThis;
function closeUmask() {
	known[USUAL] = process.umask(CLOSED);
}
function withUsualUmask(start) {
	const usual = known[USUAL];
	if (usual === void 0) return start();
	process.umask(usual);
	try {
		return start();
	} finally {
		process.umask(CLOSED);
	}
}

// src/local/warnings.ts
function leaveOutSqliteWarning() {
	const emit = process.emitWarning.bind(process);
	process.emitWarning = (warning, ...rest) => {
		if (!(rest[0] === "ExperimentalWarning" && String(warning).startsWith("SQLite"))) emit(warning, ...rest);
	};
}

// src/sdk/errors.ts
const ERROR_CODES = [
	"bad_config",
	"bad_input",
	"bad_secret",
	"unauthorized",
	"not_found",
	"conflict",
	"too_large",
	"rate_limited",
	"store_corrupt",
	"store_readonly",
	"store_full",
	"store_newer",
	"store_busy",
	"hub_unreachable",
	"hub_running",
	"hub_stopping",
	"unsafe_home",
	"port_taken",
	"unsupported",
	"send_failed",
	"channel_failed",
	"internal"
];
var SluiceError = class extends Error {
	name = "SluiceError";
	code;
	retryable;
	retryAfterMs;
	constructor(code, message, options = {}) {
		super(message, options.cause === void 0 ? void 0 : { cause: options.cause });
		this.code = code;
		this.retryable = options.retryable ?? false;
		this.retryAfterMs = options.retryAfterMs;
	}
};
function isSluiceError(value, code) {
	if (!(value instanceof Error) || value.name !== "SluiceError") return false;
	return code === void 0 || "code" in value && value.code === code;
}
function readErrorCode(thrown) {
	return thrown instanceof Error && "code" in thrown ? thrown.code : void 0;
}
function toMessage(thrown) {
	try {
		return String(thrown instanceof Error ? thrown.message : thrown);
	} catch {
		return `${typeof thrown} that has no text was thrown`;
	}
}

// src/local/home.ts
const MAX_SOCKET_BYTES = process.platform === "linux" ? 107 : 103;
function toHomePath(env) {
	const home = env["SLUICE_HOME"];
	if (home === void 0) return (0, node_path.join)(requireUserFolder(env), ".sluice");
	if (home.trim() === "") throw new SluiceError("bad_config", "SLUICE_HOME is empty; set it to a folder of your own, or unset it");
	return home === "~" || home.startsWith("~/") ? (0, node_path.resolve)(requireUserFolder(env), `.${home.slice(1)}`) : (0, node_path.resolve)(home);
}
function requireUserFolder(env, instead = "SLUICE_HOME to the folder for Sluice") {
	const user = env["HOME"];
	const refuse = (what, cause) => {
		throw new SluiceError("bad_config", `HOME ${what}; set HOME to your own folder, or ${instead}`, { cause });
	};
	if (user === void 0) return refuse("is not set");
	if (user.trim() === "") return refuse("is empty");
	if (!(0, node_path.isAbsolute)(user)) return refuse(`is "${user}", which is no absolute path`);
	try {
		const stats = (0, node_fs.statSync)(user, { throwIfNoEntry: false });
		if (stats === void 0) return refuse(`is "${user}", which does not exist`);
		return stats.isDirectory() ? user : refuse(`is "${user}", which is not a folder`);
	} catch (thrown) {
		if (thrown instanceof SluiceError) throw thrown;
		return refuse(`is "${user}", which cannot be looked at (${toMessage(thrown)})`, thrown);
	}
}
function toHome(path) {
	return {
		path,
		database: (0, node_path.join)(path, "sluice.db"),
		lock: (0, node_path.join)(path, "hub.lock"),
		pid: (0, node_path.join)(path, "hub.pid"),
		socketRecord: (0, node_path.join)(path, "socket"),
		config: (0, node_path.join)(path, "config.json"),
		secretsDir: (0, node_path.join)(path, "secrets"),
		logDir: (0, node_path.join)(path, "log"),
		cacheDir: (0, node_path.join)(path, "cache"),
		claudeDir: (0, node_path.join)(path, "claude"),
		instructions: (0, node_path.join)(path, "instructions")
	};
}
function locateHome(env) {
	return toHome(toHomePath(env));
}
function locateSocket(env) {
	const home = locateHome(env);
	const plain = (0, node_path.join)(home.path, "hub.sock");
	return fits(plain) ? plain : readRecord(home.socketRecord) ?? toSocketPath(home, env);
}
function toSocketPath(home, env) {
	const plain = (0, node_path.join)(home.path, "hub.sock");
	if (fits(plain)) return plain;
	const { createHash } = process.getBuiltinModule("node:crypto");
	const name = `${createHash("sha256").update(home.path).digest("hex").slice(0, 24)}.sock`;
	const runtime = env["XDG_RUNTIME_DIR"] ?? "";
	const temporary = env["TMPDIR"] ?? "";
	const folder = `sluice-${process.getuid?.() ?? "user"}`;
	return [...(0, node_path.isAbsolute)(runtime) && (0, node_fs.existsSync)(runtime) ? [(0, node_path.join)(runtime, "sluice", name)] : [], ...(0, node_path.isAbsolute)(temporary) ? [(0, node_path.join)(temporary, folder, name)] : []].find(fits) ?? (0, node_path.join)("/tmp", folder, name);
}
function readRecord(path) {
	try {
		const text = (0, node_fs.readFileSync)(path, "utf8").trim();
		return (0, node_path.isAbsolute)(text) && fits(text) ? text : void 0;
	} catch {
		return;
	}
}
function fits(path) {
	return Buffer.byteLength(path) <= MAX_SOCKET_BYTES;
}

// src/sdk/shell-word.ts
const PLAIN$1 = /^[A-Za-z0-9_@%+=:,./-]+$/;
function toShellWord(text) {
	if (PLAIN$1.test(text)) return text;
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
function toShellCommand(words) {
	return words.map(toShellWord).join(" ");
}

// src/local/private-group.ts
const FILES$1 = {
	passwd: "/etc/passwd",
	group: "/etc/group"
};
const ROOT = 0;
const LS_TIMEOUT_MS = 2e3;
function isPrivateGroup(gid, uid, files = FILES$1) {
	const passwd = readRows(files.passwd);
	const groups = readRows(files.group);
	if ([...passwd, ...groups].some(([name]) => name?.startsWith("+"))) return false;
	const users = passwd.map(([name = "", , id = "", primary = ""]) => ({
		name,
		isOurs: parseId(id) === uid,
		isRoot: parseId(id) === ROOT,
		isIn: parseId(primary) === gid
	}));
	const rows = groups.filter(([, , id = ""]) => parseId(id) === gid);
	if (rows.length === 0 || !users.some((user) => user.isOurs && user.isIn)) return false;
	return [...rows.flatMap(([, , , list = ""]) => list.split(",")).filter((name) => name !== ""), ...users.filter((user) => user.isIn).map(({ name }) => name)].every((name) => users.some((user) => user.name === name && (user.isOurs || user.isRoot)));
}
function hasAccessList(path) {
	try {
		return process.getBuiltinModule("node:child_process").execFileSync("ls", ["-ld", path], {
			encoding: "utf8",
			timeout: LS_TIMEOUT_MS,
			stdio: [
				"ignore",
				"pipe",
				"ignore"
			]
		})[10] === "+";
	} catch {
		return true;
	}
}
function parseId(field) {
	return /^\d+$/.test(field) ? Number(field) : NaN;
}
function readRows(path) {
	try {
		return (0, node_fs.readFileSync)(path, "utf8").split("\n").filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split(":"));
	} catch {
		return [];
	}
}

// src/local/safe-folder.ts
const MAX_LINKS = 40;
const FOR_OTHERS$1 = 63;
const ENTERABLE = 9;
const WRITABLE_BY_GROUP = 16;
const WRITABLE_BY_ALL = 2;
const STICKY = 512;
function ensureSafeFolder(path) {
	if (!(0, node_path.isAbsolute)(path)) throw new SluiceError("internal", `folder "${path}" must be an absolute path`);
	walk((0, node_path.dirname)(path), "create");
	makeFolder(path);
	const stats = readOwnFolder(path);
	if (isOpen(stats)) closeFolder(path, stats);
}
function ensureInnerFolder(path) {
	ensureSafeFolder((0, node_path.dirname)(path));
	makeFolder(path);
	if (isOpen(readOwnFolder(path))) (0, node_fs.chmodSync)(path, 448);
}
function checkSafeFolder(path) {
	if (!walk((0, node_path.dirname)(path), "look")) return false;
	if (look(path) === void 0) return false;
	const stats = readOwnFolder(path);
	if (isOpen(stats)) closeFolder(path, stats);
	return true;
}
function readOwnFolder(path) {
	const stats = look(path);
	if (stats === void 0) throw new SluiceError("unsafe_home", `${path} vanished while it was checked; try again`);
	if (stats.isSymbolicLink()) throw new SluiceError("unsafe_home", `${path} is a symbolic link; set SLUICE_HOME to the folder that it points to`);
	if (!stats.isDirectory()) throw new SluiceError("unsafe_home", `${path} is not a folder; move it aside`);
	requireOurs(path, stats);
	return stats;
}
function isOpen(stats) {
	return (stats.mode & FOR_OTHERS$1) !== 0;
}
function closeFolder(path, stats) {
	if (isWritableByOthers(stats) || isShared(path, stats)) throw toWritableFault(path, stats);
	if ((stats.mode & ENTERABLE) !== 0) requireUntouched(path);
	(0, node_fs.chmodSync)(path, 448);
}
function requireUntouched(folder) {
	for (const entry of (0, node_fs.readdirSync)(folder, {
		recursive: true,
		encoding: "utf8"
	})) {
		const path = (0, node_path.join)(folder, entry);
		const stats = look(path);
		if (stats === void 0 || stats.isSymbolicLink()) continue;
		requireOurs(path, stats);
		if (isWritableByOthers(stats)) throw toWritableFault(path, stats);
	}
}
function requireOurs(path, stats) {
	const uid = readUid();
	if (stats.uid !== uid) throw new SluiceError("unsafe_home", `${path} belongs to uid ${stats.uid}, not to you (uid ${uid}); use a folder of your own`);
}
function isWritableByOthers(stats) {
	if ((stats.mode & WRITABLE_BY_ALL) !== 0) return true;
	return (stats.mode & WRITABLE_BY_GROUP) !== 0 && !isPrivateGroup(stats.gid, readUid());
}
function isShared(path, stats) {
	return (stats.mode & WRITABLE_BY_GROUP) !== 0 && hasAccessList(path);
}
function walk(path, missing) {
	const root = (0, node_path.parse)(path).root;
	const rest = path.slice(root.length).split(node_path.sep);
	let here = root;
	let links = 0;
	checkParent(here, (0, node_fs.lstatSync)(here));
	for (let part = rest.shift(); part !== void 0; part = rest.shift()) {
		if (part === "" || part === ".") continue;
		if (part === "..") {
			here = (0, node_path.dirname)(here);
			continue;
		}
		const next = (0, node_path.join)(here, part);
		let stats = look(next);
		if (stats === void 0) {
			if (missing === "look") return false;
			makeFolder(next);
			stats = (0, node_fs.lstatSync)(next);
		}
		checkParent(next, stats);
		if (stats.isSymbolicLink()) {
			if (++links > MAX_LINKS) throw new SluiceError("unsafe_home", `${path} leads through more than ${MAX_LINKS} symbolic links`);
			const target = (0, node_fs.readlinkSync)(next);
			rest.unshift(...target.split(node_path.sep));
			if ((0, node_path.isAbsolute)(target)) here = root;
		} else here = next;
	}
	return true;
}
function makeFolder(path) {
	try {
		(0, node_fs.mkdirSync)(path, { mode: 448 });
	} catch (thrown) {
		if (readErrorCode(thrown) !== "EEXIST") throw toFolderFault(thrown, path);
	}
}
function checkParent(path, stats) {
	const uid = readUid();
	if (stats.uid !== uid && stats.uid !== 0) throw new SluiceError("unsafe_home", `${path} belongs to uid ${stats.uid}, a user who could replace everything below it; set SLUICE_HOME to a folder below your own`);
	if (stats.isSymbolicLink()) return;
	if (!stats.isDirectory()) throw new SluiceError("unsafe_home", `${path} is not a folder; set SLUICE_HOME to another place`);
	if ((stats.mode & STICKY) !== 0) return;
	if (isWritableByOthers(stats) || isShared(path, stats)) throw toWritableFault(path, stats);
}
function toWritableFault(path, stats) {
	const mode = (stats.mode & 4095).toString(8);
	const toDo = stats.uid === readUid() ? `run "chmod go-w ${toShellWord(path)}" after a look inside` : "set SLUICE_HOME to a folder below your own";
	return new SluiceError("unsafe_home", `${path} can be written by other users (mode ${mode}, gid ${stats.gid}); ${toDo}`);
}
function toFolderFault(thrown, path) {
	return new SluiceError("store_readonly", `folder ${path} cannot be made (${toMessage(thrown)}); check its parent's owner, mode and mount`, { cause: thrown });
}
function look(path) {
	try {
		return (0, node_fs.lstatSync)(path, { throwIfNoEntry: false });
	} catch (thrown) {
		throw new SluiceError("unsafe_home", `${path} cannot be looked at (${toMessage(thrown)}); set SLUICE_HOME to another place`, { cause: thrown });
	}
}
function readUid() {
	const uid = process.getuid?.();
	if (uid === void 0) throw new SluiceError("unsupported", `Sluice does not run on ${process.platform} yet; use WSL, Linux or macOS`);
	return uid;
}

// src/local/code-cache.ts
const FOR_OTHERS = 63;
function keepCompiledCode(env) {
	try {
		const home = locateHome(env);
		if (!checkSafeFolder(home.path)) return;
		const stats = (0, node_fs.lstatSync)(home.cacheDir, { throwIfNoEntry: false });
		if (stats !== void 0 && (stats.mode & FOR_OTHERS) !== 0) return;
		ensureInnerFolder(home.cacheDir);
		(0, node_module.enableCompileCache)(home.cacheDir);
	} catch {}
}

// src/local/version.ts
const VERSION = "0.1.0";

// src/cli/commands.ts
const FILES = {
	demo: () => Promise.resolve().then(() => require("./demo.js")),
	dev: () => Promise.resolve().then(() => require("./dev.js")),
	connect: () => Promise.resolve().then(() => require("./connect.js")),
	open: () => Promise.resolve().then(() => require("./open.js")),
	web: () => Promise.resolve().then(() => require("./web.js")),
	up: () => Promise.resolve().then(() => require("./up.js")),
	down: () => Promise.resolve().then(() => require("./down.js")),
	status: () => Promise.resolve().then(() => require("./status.js")),
	doctor: () => Promise.resolve().then(() => require("./doctor.js")),
	add: () => Promise.resolve().then(() => require("./add.js")).then((n) => n.add_exports),
	reload: () => Promise.resolve().then(() => require("./reload.js")),
	channels: () => Promise.resolve().then(() => require("./channels.js")),
	quiet: () => Promise.resolve().then(() => require("./quiet.js")),
	ignore: () => Promise.resolve().then(() => require("./channels.js")),
	pause: () => Promise.resolve().then(() => require("./channels.js")),
	resume: () => Promise.resolve().then(() => require("./channels.js")),
	remove: () => Promise.resolve().then(() => require("./channels.js")),
	transcribe: () => Promise.resolve().then(() => require("./transcribe.js")),
	notices: () => Promise.resolve().then(() => require("./notices.js")),
	access: () => Promise.resolve().then(() => require("./access.js")),
	forget: () => Promise.resolve().then(() => require("./forget.js")),
	uninstall: () => Promise.resolve().then(() => require("./uninstall.js")),
	prompts: () => Promise.resolve().then(() => require("./prompts.js")),
	answer: () => Promise.resolve().then(() => require("./answer.js")),
	rule: () => Promise.resolve().then(() => require("./rule.js")),
	away: () => Promise.resolve().then(() => require("./away.js")),
	run: () => Promise.resolve().then(() => require("./run.js")),
	emit: () => Promise.resolve().then(() => require("./emit.js")),
	inbox: () => Promise.resolve().then(() => require("./inbox.js")),
	tail: () => Promise.resolve().then(() => require("./tail.js")),
	trace: () => Promise.resolve().then(() => require("./trace.js")),
	replay: () => Promise.resolve().then(() => require("./replay.js")),
	"replay-request": async () => ({ "replay-request": (await Promise.resolve().then(() => require("./replay-request.js"))).replayRequest }),
	rotate: () => Promise.resolve().then(() => require("./rotate.js")),
	sample: () => Promise.resolve().then(() => require("./sample.js")),
	outbox: () => Promise.resolve().then(() => require("./outbox.js")),
	ack: () => Promise.resolve().then(() => require("./ack.js")),
	sessions: () => Promise.resolve().then(() => require("./sessions.js")),
	watch: () => Promise.resolve().then(() => require("./watch.js")),
	unwatch: () => Promise.resolve().then(() => require("./watch.js")),
	route: () => Promise.resolve().then(() => require("./route.js")),
	agent: () => Promise.resolve().then(() => require("./agent.js")),
	attach: () => Promise.resolve().then(() => require("./attach.js")),
	mcp: () => Promise.resolve().then(() => require("./mcp.js")),
	bell: () => Promise.resolve().then(() => require("./mcp.js")),
	serve: () => Promise.resolve().then(() => require("./serve.js")),
	new: () => Promise.resolve().then(() => require("./new.js"))
};
const SUMMARIES = {
	Start: [
		["demo", "show the whole way once; nothing is kept"],
		["dev", "run a channel server and see what a session would read of it"],
		["connect", "install Sluice into an agent: Claude Code, Codex, opencode and others"],
		["open", "open the chat page in your browser"],
		["web", "list signed-in browsers and remote access; sign browsers out"],
		["up", "start the hub"],
		["down", "stop the hub"],
		["status", "show hub, channels, sessions, events, and what to do next"],
		["doctor", "find what stops delivery, and how to fix it"],
		["uninstall", "show what Sluice has put on this machine, and take it away"]
	],
	Channels: [
		["add", "add a channel; prints its URL and token"],
		["reload", "take the code of your own channel as it is on disk now"],
		["new", "make a folder with a channel of your own"],
		["channels", "list channels"],
		["quiet", "set hours during which only urgent events wake a session"],
		["pause", "stop accepting events on a channel for now"],
		["resume", "accept events on a paused channel again"],
		["ignore", "leave out what your own account does on a GitHub channel"],
		["transcribe", "make text of the voice notes that people send in a chat"],
		["rotate", "give a channel a new secret; the old one stays valid for a while"],
		["sample", "send a request as a known sender sends it, the whole way"],
		["remove", "remove a channel and its secret"],
		["notices", "choose where you are notified of events that expired or died"],
		["access", "who may write: list, invite, pair, allow, revoke, groups, log"],
		["forget", "delete one person's messages, files and names"]
	],
	Approvals: [
		["prompts", "list prompts of sessions, and how they ended"],
		["answer", "deny a prompt"],
		["rule", "rules that answer prompts: allow, ask or deny by tool, path, command"],
		["away", "choose whether chats and phones are asked at once"]
	],
	Events: [
		["run", "run a command; its end becomes an event"],
		["emit", "send an event from a script"],
		["inbox", "list events"],
		["tail", "follow events as they arrive and change"],
		["trace", "show every step of one event, with times and reasons"],
		["replay", "deliver events again"],
		["replay-request", "show how a stored request would read under another template"],
		["outbox", "list messages of sessions, and those that may not have arrived"],
		["ack", "close events by hand"],
		["sessions", "list sessions, their lanes and whether delivery is proven"],
		["agent", "run a session without a person, for a folder and the channels that you name"],
		["attach", "go on with an agent's conversation in this terminal"],
		["watch", "send a channel's events to one session; list subscriptions"],
		["unwatch", "end a subscription"],
		["route", "list and change rules that send events to a session"]
	],
	"Spawned by clients": [
		["mcp", "the stdio MCP server"],
		["bell", "the plugin's monitor"],
		["serve", "a channel of your own, alone: one file, no hub"]
	]
};
const COMMANDS = Object.entries(SUMMARIES).flatMap(([group, commands]) => commands.map(([name, summary]) => ({
	name,
	group,
	summary,
	load: () => load(name)
})));
async function load(name) {
	return (await FILES[name]())[name];
}
function findCommand(name) {
	return COMMANDS.find((entry) => entry.name === name);
}

// src/sdk/unseen.ts
const PLAIN = /^[\n\t\x20-\x7e]*$/;
const JOINING = [
	..."Adlam Arabic Balinese Bengali Brahmi Chakma Cham Devanagari Grantha Gujarati Gurmukhi Hanifi_Rohingya Javanese Kaithi".split(" "),
	..."Kannada Khmer Lepcha Limbu Malayalam Mandaic Manichaean Meetei_Mayek Modi Mongolian Myanmar Newa Nko Oriya Phags_Pa".split(" "),
	..."Sharada Sinhala Sogdian Sundanese Syriac Tai_Tham Takri Tamil Telugu Tibetan Tirhuta".split(" ")
].map((script) => `\\p{Script_Extensions=${script}}`).join("");
const WITH_LOOK = "\\u0600-\\u0605\\u06DD\\u070F\\u0890\\u0891\\u08E2\\u{110BD}\\u{110CD}";
const NEEDED = [
	"\\u{1F3F4}\\u{E0067}\\u{E0062}(?:\\u{E0065}\\u{E006E}\\u{E0067}|\\u{E0073}\\u{E0063}\\u{E0074}|\\u{E0077}\\u{E006C}\\u{E0073})\\u{E007F}",
	"[0-9#*]\\uFE0F\\u20E3",
	"\\p{Extended_Pictographic}(?:[\\uFE0E\\uFE0F]|\\p{Emoji_Modifier})?(?:\\u200D\\p{Extended_Pictographic}(?:\\uFE0F|\\p{Emoji_Modifier})?){0,8}",
	`(?<=[[${JOINING}]--[\\p{Cf}\\p{Default_Ignorable_Code_Point}]])[\\u200C\\u200D](?![\\p{Cf}\\p{Default_Ignorable_Code_Point}])`,
	"(?<=[\\p{Script=Mongolian}--[\\u180B-\\u180F]])(?:[\\u180B-\\u180D\\u180F]\\u180E?|\\u180E)",
	"(?<=\\p{Script=Han})[\\uFE00-\\uFE02\\u{E0100}-\\u{E01EF}]",
	"(?<=[\\p{Script=Myanmar}\\p{Script=Phags_Pa}\\p{Sm}])\\uFE00",
	"\\u115F(?=[\\u1161-\\u11A7\\uD7B0-\\uD7C6])|(?<=[\\u1100-\\u115E\\uA960-\\uA97C])\\u1160(?=[\\u11A8-\\u11FF\\uD7CB-\\uD7FB])",
	"(?<=[\\u{13000}-\\u{1345F}])[\\u{13430}-\\u{1343F}]"
].join("|");
let unseen;
function toUnseen() {
	unseen ??= new RegExp(`(${NEEDED})|[[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]--[\\n\\t${WITH_LOOK}]]`, "gv");
	return unseen;
}
function replaceUnseen(text, replace) {
	if (PLAIN.test(text)) return text;
	return text.replace(toUnseen(), (found, needed) => needed === void 0 ? replace(found) : found);
}
function toMark(char) {
	return `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

// src/cli/output/print.ts
const COLOUR = /(\u001b\[[0-9;]*m)/g;
const MIN_FLEX_COLUMNS = 24;
const GAP = "  ";
function sanitize(text) {
	const plain = text.replace(COLOUR, "").replaceAll("\r\n", "\n").replaceAll("	", " ");
	return replaceUnseen(plain, toMark);
}
function toLine(text) {
	return sanitize(text).replace(/\s+/g, " ").trim();
}
function paint(format, text) {
	return (0, node_util.styleText)(format, text, { stream: process.stdout });
}
function printLine(text = "") {
	process.stdout.write(`${toTerminal(text)}\n`);
}
function printLines(lines) {
	if (lines.length > 0) printLine(lines.join("\n"));
}
function printNote(text) {
	printError(`sluice: ${sanitize(text)}`);
}
function printError(text) {
	writeError(`${toTerminal(text)}\n`);
}
function writeError(text) {
	if (process.stderr.listenerCount("error") === 0) process.stderr.on("error", () => {});
	process.stderr.write(text);
}
function toTerminal(text) {
	return text.split(COLOUR).map((part, i) => i % 2 === 1 ? part : replaceUnseen(part, toMark)).join("");
}
function printJson(value) {
	printLine(toJson(value));
}
function printList(list, json, none, render) {
	if (json === true) for (const one of list) printJson(one);
	else printLines(list.length === 0 ? [none] : render(list));
}
function toJson(value) {
	return replaceUnseen(JSON.stringify(value), (char) => Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, "0")}`).join(""));
}
function readColumns() {
	return process.stdout.isTTY ? Math.max(20, process.stdout.columns || 80) : Number.POSITIVE_INFINITY;
}
function renderTable(head, rows, columns = readColumns()) {
	const all = [head, ...rows];
	const fixed = head.slice(0, -1).map((_, i) => Math.max(...all.map((row) => toWidth(row[i] ?? ""))));
	const taken = fixed.reduce((sum, width) => sum + width + 2, 0);
	const widestLast = Math.max(...all.map((row) => toWidth(row.at(-1) ?? "")));
	const left = columns - taken;
	const stacked = left < Math.min(MIN_FLEX_COLUMNS, widestLast);
	return all.flatMap((row, index) => {
		const front = fixed.map((width, i) => pad(row[i] ?? "", width)).join(GAP);
		const last = row.at(-1) ?? "";
		const style = (line) => index === 0 ? paint("dim", line.trimEnd()) : line.trimEnd();
		if (!stacked) return [style(`${front}${fixed.length === 0 ? "" : GAP}${cut(last, left)}`)];
		return [style(front), ...index === 0 || last === "" ? [] : [`${GAP}${cut(last, columns - 2)}`]];
	});
}
function toWidth(text) {
	if (/^[\x20-\x7e]*$/.test(text)) return text.length;
	let width = 0;
	for (const cluster of toClusters((0, node_util.stripVTControlCharacters)(text))) width += toClusterWidth(cluster);
	return width;
}
function cut(text, columns) {
	if (toWidth(text) <= columns) return text;
	let kept = "";
	let width = 0;
	for (const cluster of toClusters((0, node_util.stripVTControlCharacters)(text))) {
		width += toClusterWidth(cluster);
		if (width > columns - 1) break;
		kept += cluster;
	}
	return `${kept}…`;
}
function toAgo(at, now) {
	const age = now - at;
	return age < 1e3 ? "now" : `${toDuration(age)} ago`;
}
function toDuration(ms) {
	const seconds = Math.floor(ms / 1e3);
	if (seconds < 60) return `${seconds} s`;
	if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
	if (seconds < 172800) return `${Math.floor(seconds / 3600)} h`;
	return `${Math.floor(seconds / 86400)} d`;
}
function toCount(count, noun) {
	return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
function pad(text, columns) {
	return text + " ".repeat(Math.max(0, columns - toWidth(text)));
}
let clusters;
function toClusters(text) {
	if (/^[\x20-\x7e]*$/.test(text)) return Array.from(text);
	clusters ??= new Intl.Segmenter("und", { granularity: "grapheme" });
	return Array.from(clusters.segment(text), ({ segment }) => segment);
}
function toClusterWidth(cluster) {
	if (cluster.length === 1) return toCharWidth(cluster);
	if (toPatterns().emoji.test(cluster)) return 2;
	return Array.from(cluster).reduce((sum, char) => sum + toCharWidth(char), 0);
}
function toCharWidth(char) {
	if (char < "̀") return 1;
	const { noWidth, wide } = toPatterns();
	if (noWidth.test(char)) return 0;
	return wide.test(char) ? 2 : 1;
}
let patterns;
function toPatterns() {
	patterns ??= {
		emoji: /* @__PURE__ */ new RegExp("^\\p{RGI_Emoji}$", "v"),
		noWidth: /* @__PURE__ */ new RegExp("[\\p{Mark}\\p{Default_Ignorable_Code_Point}]", "u"),
		wide: /* @__PURE__ */ new RegExp("[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\u33ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua000-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6]|\\p{Emoji_Presentation}|[\\u{20000}-\\u{3fffd}]", "u")
	};
	return patterns;
}

// src/cli/exit.ts
const EXIT_OK = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_SETUP = 78;
const SETUP_CODES = /* @__PURE__ */ new Set([
	"bad_config",
	"unsafe_home",
	"store_newer",
	"store_corrupt",
	"store_readonly",
	"unsupported"
]);
function toUsageFault(message) {
	return new SluiceError("bad_input", message);
}
function toExit(thrown) {
	if (isSluiceError(thrown)) return {
		code: toExitCode(thrown.code),
		message: sanitize(thrown.message)
	};
	const where = thrown instanceof Error && thrown.stack !== void 0 ? thrown.stack : toMessage(thrown);
	return {
		code: 1,
		message: `internal fault, please report it: ${sanitize(where)}`
	};
}
function toExitCode(code) {
	if (code === "bad_input") return 2;
	return SETUP_CODES.has(code) ? EXIT_SETUP : 1;
}
function endQuietlyOnClosedPipe() {
	process.stdout.on("error", (error) => {
		if (error.code === "EPIPE") process.exit(process.exitCode ?? EXIT_OK);
		printNote(`the output cannot be written (${error.message})`);
		process.exit(1);
	});
}

// src/cli/output/help.ts
const MAX_COLUMNS = 100;
function renderHelp() {
	const width = Math.max(...COMMANDS.map(({ name }) => name.length));
	const lines = [
		`${paint("bold", "Sluice")} ${VERSION}: events from outside, verified and kept, delivered into a running agent session.`,
		"",
		"Usage: sluice <command> [options]"
	];
	for (const [group, commands] of Map.groupBy(COMMANDS, (entry) => entry.group)) {
		lines.push("", paint("bold", group));
		for (const { name, summary } of commands) lines.push(...renderItem(name, summary, width));
	}
	lines.push("", "\"sluice <command> --help\" explains a command. State is kept in SLUICE_HOME (default ~/.sluice).", "Exit codes: 0 done, 1 failed, 2 wrong use, 78 bad set-up.");
	return lines.join("\n");
}
function renderCommandHelp(name, command) {
	const args = Object.entries(command.args);
	const positionals = args.filter(([, arg]) => arg.type === "positional");
	const options = args.filter(([, arg]) => arg.type !== "positional" && !isHidden(arg));
	const usage = [
		"sluice",
		name,
		...positionals.map(([key, arg]) => arg.required === false ? `[${key}]` : `<${key}>`),
		...command.rest === void 0 ? [] : [command.rest],
		...options.length === 0 ? [] : ["[options]"]
	];
	const rows = [...options.map(([key, arg]) => [toFlag(key, arg), toDescription(arg, command.repeatable?.includes(key))]), ["--help", "Print this"]];
	const heads = positionals.map(([key, arg]) => [`<${key}>`, arg.description ?? ""]);
	const width = Math.max(...[...rows, ...heads].map(([flag]) => flag.length));
	return [
		`Usage: ${usage.join(" ")}`,
		"",
		...wrap(command.description, toColumns()),
		...toSection("Arguments", heads, width),
		...toSection("Options", rows, width),
		...command.examples === void 0 || command.examples.length === 0 ? [] : [
			"",
			paint("bold", "Examples"),
			...command.examples.map((line) => `  ${line}`)
		]
	].join("\n");
}
function toSection(title, rows, width) {
	if (rows.length === 0) return [];
	return [
		"",
		paint("bold", title),
		...rows.flatMap(([flag, text]) => renderItem(flag, text, width))
	];
}
function isHidden(arg) {
	return arg.description === void 0;
}
function toFlag(key, arg) {
	if (arg.type === "boolean") return `--${key}`;
	const value = arg.type === "enum" ? "one" : "value";
	if (arg.type === "enum" && arg.bare !== void 0) return `--${key} [${value}]`;
	return `--${key} <${("valueHint" in arg ? arg.valueHint : void 0) ?? value}>`;
}
function toDescription(arg, isRepeatable) {
	const alias = "alias" in arg ? arg.alias : void 0;
	const options = arg.type === "enum" ? arg.options : [];
	return [
		arg.description ?? "",
		...options.length === 0 ? [] : [`(${options.join(", ")})`],
		...isRepeatable === true ? ["(may be repeated)"] : [],
		...alias === void 0 ? [] : [`(also --${alias})`]
	].join(" ");
}
function renderItem(name, text, width) {
	const indent = width + 4;
	const columns = toColumns();
	if (columns - indent < 24) return [`  ${paint("cyan", name)}`, ...wrap(text, columns - 6).map((line) => `      ${line}`)];
	const [first = "", ...others] = wrap(text, columns - indent);
	return [`  ${paint("cyan", name)}${" ".repeat(width - name.length)}  ${first}`, ...others.map((line) => " ".repeat(indent) + line)];
}
function wrap(text, columns) {
	const lines = [];
	for (const word of text.split(" ")) {
		const last = lines.at(-1);
		if (last !== void 0 && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines;
}
function toColumns() {
	return Math.min(MAX_COLUMNS, readColumns());
}

// src/cli/suggest.ts
function suggest(typed, names) {
	const text = typed.toLowerCase();
	if (text === "") return void 0;
	return names.map((name) => ({
		name,
		distance: toDistance(text, name),
		begins: name.startsWith(text)
	})).filter(({ name, distance, begins }) => begins || distance <= Math.max(1, name.length / 3)).toSorted((a, b) => Number(b.begins) - Number(a.begins) || a.distance - b.distance)[0]?.name;
}
function toHint(typed, names, prefix = "") {
	const name = suggest(typed, names);
	return name === void 0 ? "" : `; did you mean "${prefix}${name}"?`;
}
function toDistance(a, b) {
	let before = [];
	let last = Array.from({ length: b.length + 1 }, (_, column) => column);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const same = a[i - 1] === b[j - 1] ? 0 : 1;
			let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
			row.push(cost);
		}
		before = last;
		last = row;
	}
	return last[b.length] ?? a.length;
}

// src/cli/command-line.ts
async function runCommandLine(argv) {
	endQuietlyOnClosedPipe();
	try {
		await run(argv);
	} catch (thrown) {
		const { code, message } = toExit(thrown);
		printError(`sluice: ${message}`);
		process.exitCode = code;
	}
}
async function run(argv) {
	const at = argv.findIndex((arg) => !arg.startsWith("-"));
	const leading = at === -1 ? argv : argv.slice(0, at);
	const unknown = leading.find((flag) => ![
		"--help",
		"-h",
		"--version",
		"-v",
		"--json"
	].includes(flag));
	if (unknown !== void 0) throw toUsageFault(`unknown flag ${unknown} before the command; "sluice --help" lists what there is`);
	if (leading.includes("--version") || leading.includes("-v")) return printLine(VERSION);
	const name = argv[at];
	const rest = at === -1 ? [] : argv.slice(at + 1);
	if (name === void 0) return printHelp(leading);
	if (name === "help") return rest[0] === void 0 ? printHelp(["--help"]) : printCommandHelp(find(rest[0]));
	const entry = find(name);
	keepCompiledCode(process.env);
	const own = rest.includes("--") ? rest.slice(0, rest.indexOf("--")) : rest;
	if ([...leading, ...own].some((arg) => arg === "--help" || arg === "-h")) return printCommandHelp(entry);
	await (await entry.load()).start(entry.name, [...leading, ...rest]);
}
function find(name) {
	const entry = findCommand(name);
	if (entry !== void 0) return entry;
	const hint = toHint(name, COMMANDS.map((known) => known.name), "sluice ");
	throw toUsageFault(`unknown command "${name}"${hint === "" ? "; \"sluice --help\" lists them" : hint}`);
}
function printHelp(leading) {
	printLine(renderHelp());
	if (leading.includes("--json") && !leading.includes("--help")) process.exitCode = 2;
}
async function printCommandHelp(entry) {
	printLine(renderCommandHelp(entry.name, await entry.load()));
}

// src/cli/main.ts
keepThroughHangup();
closeUmask();
leaveOutSqliteWarning();
runCommandLine(process.argv.slice(2));

exports.ERROR_CODES = ERROR_CODES;
exports.SluiceError = SluiceError;
exports.VERSION = VERSION;
exports.checkSafeFolder = checkSafeFolder;
exports.cut = cut;
exports.ensureInnerFolder = ensureInnerFolder;
exports.ensureSafeFolder = ensureSafeFolder;
exports.hasTerminal = hasTerminal;
exports.isSluiceError = isSluiceError;
exports.locateHome = locateHome;
exports.locateSocket = locateSocket;
exports.paint = paint;
exports.printError = printError;
exports.printJson = printJson;
exports.printLine = printLine;
exports.printLines = printLines;
exports.printList = printList;
exports.printNote = printNote;
exports.readColumns = readColumns;
exports.readErrorCode = readErrorCode;
exports.renderTable = renderTable;
exports.requireUserFolder = requireUserFolder;
exports.sanitize = sanitize;
exports.suggest = suggest;
exports.toAgo = toAgo;
exports.toCount = toCount;
exports.toDuration = toDuration;
exports.toHint = toHint;
exports.toLine = toLine;
exports.toMark = toMark;
exports.toMessage = toMessage;
exports.toShellCommand = toShellCommand;
exports.toShellWord = toShellWord;
exports.toUsageFault = toUsageFault;
exports.toWidth = toWidth;
exports.withUsualUmask = withUsualUmask;
exports.writeError = writeError;