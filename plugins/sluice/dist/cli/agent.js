const require_main = require("./main.js");
const require_shared = require("./shared.js");
const require_duration = require("./duration.js");
const require_npm_run = require("./npm-run.js");
let node_fs = require("node:fs");
let node_path = require("node:path");
let node_crypto = require("node:crypto");
let dist_agent_sdk_js = require("../../dist/agent/sdk.js");

// src/cli/agent/install-sdk.ts
const LIMITS = {
	timeoutMs: 9e5,
	maxBytes: 2 * 1024 ** 3,
	maxFiles: 2e4
};
const NAME = `${dist_agent_sdk_js.SDK_PACKAGE}@${dist_agent_sdk_js.SDK_VERSION}`;
async function requireSdk(home, env) {
	if ((0, dist_agent_sdk_js.hasSdk)(home)) return;
	if (!require_shared.isAtTerminal(require_shared.readCallerFacts())) throw new require_main.SluiceError("bad_config", `the Claude Agent SDK is not installed in ${home}; run "sluice agent" once in a terminal, which asks and installs it`);
	await require_shared.askYes(`sluice agent needs ${NAME} (Claude Code with it, some 390 MB), which is no part of Sluice. Install it with npm into ${(0, dist_agent_sdk_js.locateSdk)(home)}?`);
	await install(home, env);
}
async function install(home, env) {
	(0, node_fs.mkdirSync)(home, {
		recursive: true,
		mode: 448
	});
	const room = (0, node_fs.mkdtempSync)((0, node_path.join)(home, ".agent-sdk-"));
	try {
		const files = (0, node_path.join)(room, "files");
		(0, node_fs.mkdirSync)(files);
		(0, node_fs.writeFileSync)((0, node_path.join)(files, "package.json"), "{\"private\":true}\n");
		require_main.printNote(`downloading ${NAME} with npm; no script of it runs`);
		const args = [
			"install",
			NAME,
			"--ignore-scripts",
			"--no-bin-links",
			"--no-audit",
			"--no-fund",
			"--save-exact",
			"--legacy-peer-deps",
			"--loglevel=error",
			`--prefix=${files}`,
			`--cache=${(0, node_path.join)(room, "npm")}`
		];
		const { isDone, stderr } = await require_npm_run.runNpm(args, {
			cwd: files,
			room
		}, env, LIMITS);
		if (!isDone) {
			const [line = "npm did not say why"] = stderr.split("\n");
			throw new require_main.SluiceError("bad_config", `${NAME} could not be installed (${line})`);
		}
		const place = (0, dist_agent_sdk_js.locateSdk)(home);
		if ((0, node_fs.existsSync)(place)) (0, node_fs.rmSync)(place, { recursive: true });
		(0, node_fs.renameSync)(files, place);
	} finally {
		(0, node_fs.rmSync)(room, {
			recursive: true,
			force: true
		});
	}
}

// src/cli/agent/agent.ts
const agent = require_shared.defineCommand({
	description: "Runs a Claude session without a person for a folder, in the foreground; Ctrl-C ends it. It is given the events of the channels that you name, while no session of yours may have them, and never what a stranger wrote. Harmless reading is allowed; for everything else your rules decide, else you are asked.",
	args: {
		cwd: require_shared.option("folder", "The folder that it works in (default: this one)"),
		channel: require_shared.option("name", "A channel whose events it is given; may be given more than once"),
		model: require_shared.option("name", "The model (default: the agent's own)"),
		turns: require_shared.option("n", "Turns a day at most, all agents together (default: 50)"),
		tokens: require_shared.option("n", "Tokens a day at most, all agents together (default: 2000000)"),
		dollars: require_shared.option("n", "Dollars a day at most, all agents together (default: 5)"),
		idle: require_shared.option("time", "End after so long without an event, as 30m (default: 8h)"),
		parallel: require_shared.option("n", "How many agents may run at once (default: 2)")
	},
	repeatable: ["channel"],
	examples: ["sluice agent --cwd ~/app --channel github", "sluice agent --channel deploys --turns 20 --dollars 1"],
	async run({ args, repeated }) {
		const cwd = toFolder(args.cwd ?? process.cwd());
		const channels = [...new Set(repeated("channel"))];
		if (channels.length === 0) throw require_main.toUsageFault("name the channels whose events may start a turn: --channel NAME, once for each");
		const limits = {
			turns: parseCount("--turns", args.turns ?? "50", 1e5),
			tokens: parseCount("--tokens", args.tokens ?? "2000000", 0xe8d4a51000),
			dollars: parseDollars(args.dollars ?? "5")
		};
		const most = parseCount("--parallel", args.parallel ?? "2", 16);
		const idleMs = require_duration.parseDuration("--idle", args.idle ?? "8h");
		const home = require_main.locateHome(process.env).path;
		await requireSdk(home, process.env);
		await requireChannels(channels);
		const [{ runAgent }, { StateFile }, { ClaudeSession }, { loadSdk }] = await Promise.all([
			import("../../dist/agent/run.js"),
			import("../../dist/agent/state.js"),
			import("../../dist/agent/claude.js"),
			import("../../dist/agent/sdk.js")
		]);
		const sdk = await loadSdk(home);
		const state = StateFile.open(home, cwd, "claude", (0, node_crypto.randomUUID)());
		const stop = new AbortController();
		for (const signal of [
			"SIGINT",
			"SIGTERM",
			"SIGHUP"
		]) process.once(signal, () => stop.abort());
		log(`session ${state.state.session} in ${cwd}; events of ${channels.join(", ")}`);
		log(`at most ${limits.turns} turns, ${limits.tokens} tokens and $${limits.dollars} a day, all agents together`);
		const { model } = args;
		const env = process.env;
		await runAgent({
			state,
			agent: {
				channels,
				limits
			},
			most,
			idleMs,
			readCaller: require_shared.readCallerFacts,
			open: (help) => new ClaudeSession({
				sdk,
				state,
				env,
				help,
				model
			}),
			locate: () => require_main.locateSocket(process.env),
			ensure: require_shared.startHub,
			stop: stop.signal,
			log
		});
	}
});
function log(line) {
	const now = /* @__PURE__ */ new Date();
	const time = [
		now.getHours(),
		now.getMinutes(),
		now.getSeconds()
	].map((part) => String(part).padStart(2, "0")).join(":");
	require_main.printLine(`${time} ${require_main.toLine(line)}`);
}
function toFolder(given) {
	try {
		const folder = (0, node_fs.realpathSync)(given);
		if ((0, node_fs.statSync)(folder).isDirectory()) return folder;
	} catch {}
	throw require_main.toUsageFault(`--cwd ${given} is no folder`);
}
async function requireChannels(names) {
	const { channels } = await require_shared.ask((api) => api.status.$get());
	const missing = names.find((name) => !channels.some((one) => one.name === name));
	if (missing === void 0) return;
	const known = channels.map(({ name }) => name).join(", ");
	throw require_main.toUsageFault(`there is no channel "${missing}"; ${known === "" ? "\"sluice add\" adds one" : `there are: ${known}`}`);
}
function parseCount(flag, text, max) {
	if (/^[1-9]\d{0,12}$/.test(text) && Number(text) <= max) return Number(text);
	throw require_main.toUsageFault(`${flag} ${text} is not a number from 1 to ${max}`);
}
function parseDollars(text) {
	const dollars = /^\d{1,6}(?:\.\d{1,4})?$/.test(text) ? Number(text) : 0;
	if (dollars > 0) return dollars;
	throw require_main.toUsageFault(`--dollars ${text} is no amount; write it like 5 or 0.5`);
}

exports.agent = agent;