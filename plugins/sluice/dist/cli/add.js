const require_add_code = require("./add-code.js");
const require_shared = require("./shared.js");
const require_main = require("./main.js");
const require_duration = require("./duration.js");
const require_official_folder = require("./official-folder.js");
const require_read_input = require("./read-input.js");
const require_request_flags = require("./request-flags.js");
let node_path = require("node:path");
let node_child_process = require("node:child_process");
let node_os = require("node:os");
let dist_catalogue_senders_js = require("../../dist/catalogue/senders.js");
let dist_hub_channels_catalogue_js = require("../../dist/hub/channels/catalogue.js");

// src/cli/channel-kind.ts
const ALIASES = [
	["gh", "github"],
	["tg", "telegram"],
	["bot", "telegram"],
	["http", "webhook"],
	["https", "webhook"],
	["post", "webhook"],
	["generic", "webhook"]
];
const OTHERS = /* @__PURE__ */ new Set(["telegraf"]);
const OWN_KINDS = dist_hub_channels_catalogue_js.CHANNEL_KINDS.filter((kind) => !dist_catalogue_senders_js.SENDER_KINDS.includes(kind));
async function requireKind(typed) {
	if (dist_hub_channels_catalogue_js.CHANNEL_KINDS.includes(typed)) return typed;
	const word = typed.trim().toLowerCase();
	const aliases = new Map([...ALIASES, ...await listAliases()]);
	const near = OTHERS.has(word) ? void 0 : aliases.get(word) ?? require_main.suggest(word, [
		...OWN_KINDS,
		...dist_catalogue_senders_js.SENDER_KINDS,
		...aliases.keys()
	]);
	const kinds = `the kinds are ${OWN_KINDS.join(", ")}, and ${dist_catalogue_senders_js.SENDER_KINDS.length} senders: sluice add --help lists them`;
	if (near !== void 0) {
		const meant = aliases.get(near) ?? near;
		throw require_main.toUsageFault(`no channel kind "${typed}"; did you mean "${meant}"? (${kinds})`);
	}
	const name = /^[a-z0-9][a-z0-9-]{0,31}$/.test(word) ? ` --name ${word}` : "";
	throw require_main.toUsageFault(`no channel kind "${typed}"; ${kinds}; for a program that can POST: sluice add webhook${name}`);
}
async function listAliases() {
	return (await Promise.all(dist_catalogue_senders_js.SENDER_KINDS.map(dist_catalogue_senders_js.loadSender))).flatMap((row) => row?.aliases?.map((alias) => [alias, row.kind]) ?? []);
}

// src/cli/claude/import-official.ts
async function importRules(channel, folder) {
	const caller = require_shared.readCallerFacts();
	const rules = [];
	for (const change of toChanges(channel, folder)) try {
		const outcome = await require_shared.ask((api) => api.access.changes.$post({ json: {
			change,
			caller
		} }));
		rules.push({
			summary: outcome.summary,
			state: outcome.kind === "pending" ? "waits" : "done"
		});
	} catch (thrown) {
		rules.push({
			summary: `${change.kind}: ${require_main.toMessage(thrown)}`,
			state: "failed"
		});
	}
	return rules;
}
function toChanges(channel, { people, groups, policy }) {
	return [
		...people.map((id) => ({
			kind: "allow",
			channel,
			id,
			account: "",
			roles: ["chatter"]
		})),
		...groups.map(({ id, senders, requireMention }) => ({
			kind: "group",
			channel,
			id,
			senders,
			requireMention,
			patterns: []
		})),
		...policy === "pairing" ? [] : [{
			kind: "policy",
			channel,
			policy
		}]
	];
}

// src/cli/own-login.ts
const WAIT_MS = 3e3;
const QUESTIONS = [["gh", [
	"config",
	"get",
	"user",
	"--host",
	"github.com"
]], ["git", [
	"config",
	"--global",
	"--get",
	"github.user"
]]];
async function findOwnLogin() {
	return (await Promise.all(QUESTIONS.map(([command, args]) => ask(command, args)))).find((answer) => /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(answer));
}
function ask(command, args) {
	return new Promise((resolve) => {
		(0, node_child_process.execFile)(command, args, {
			cwd: (0, node_os.tmpdir)(),
			timeout: WAIT_MS,
			windowsHide: true
		}, (fault, stdout) => resolve(fault === null ? stdout.trim() : ""));
	});
}

// src/cli/watchers/watcher-args.ts
const WATCHER_ARGS = {
	in: require_shared.option("time", "For timer: so long from now, such as 20m"),
	at: require_shared.option("moment", "For timer: 18:30 (the next time), or 2026-01-31T09:00"),
	every: require_shared.option("time", "For watchers: how often, such as 30s, 5m or 1d"),
	cron: require_shared.option("expression", "For timer: minute hour day month weekday, such as \"0 9 * * 1-5\""),
	tail: require_shared.flag("For file: tell the lines that are added"),
	match: require_shared.option("pattern", "For file with --tail: only lines with this, such as ERROR|FATAL"),
	ignore: require_shared.option("glob", "For file: leave these out"),
	value: require_shared.option("path", "For page: one value of a JSON answer, such as status.indicator"),
	until: require_shared.option("what", "For process: ends, begins or both")
};
const KINDS = {
	timer: {
		flags: [
			"in",
			"at",
			"every",
			"cron"
		],
		words: "text"
	},
	file: {
		flags: [
			"tail",
			"match",
			"ignore"
		],
		words: "paths"
	},
	process: {
		flags: ["every", "until"],
		words: "a pid, a port such as :5432, or a name"
	},
	page: {
		flags: ["every", "value"],
		words: "address"
	},
	feed: {
		flags: ["every"],
		words: "address"
	},
	command: {
		flags: ["every"],
		words: "-- command"
	}
};
async function readWatcher(request) {
	const { kind, flags, words, settings: set = {} } = request;
	const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : void 0;
	const stray = Object.keys(WATCHER_ARGS).find((name) => flags[name] !== void 0 && known?.flags.includes(name) !== true);
	if (stray !== void 0) throw require_main.toUsageFault(`--${stray} is not for ${kind}`);
	if (known === void 0) {
		if (words[0] === void 0) return void 0;
		throw require_main.toUsageFault(`unexpected argument "${words[0]}"; "sluice add --help" explains it`);
	}
	const settings = {
		...toSettings(request),
		...set
	};
	if (Object.keys(settings).length === 0) throw require_main.toUsageFault(`${kind}: what? sluice add ${kind} ... <${known.words}>`);
	if (kind === "command") await confirm(settings);
	return {
		name: request.name ?? await findFreeName(kind),
		settings
	};
}
function toSettings({ kind, flags, words, ignore }) {
	const every = typeof flags.every === "string" ? { every: flags.every } : {};
	switch (kind) {
		case "timer": return {
			...every,
			...toTimer(flags),
			...toText("text", words.join(" "))
		};
		case "file": return {
			...toText("path", words.map((word) => (0, node_path.resolve)(word)).join("\n")),
			...flags.tail === true || flags.match !== void 0 ? { tail: "on" } : {},
			...toText("match", flags.match),
			...toText("ignore", ignore.join("\n"))
		};
		case "process": return {
			...every,
			...toText("until", flags.until),
			...toProcess(words)
		};
		case "command": return words.length === 0 ? every : {
			...every,
			run: JSON.stringify(words),
			cwd: process.cwd()
		};
		default: return {
			...every,
			...toText("json", flags.value),
			...toText("url", toOne(kind, words))
		};
	}
}
function toText(name, value) {
	return typeof value === "string" && value !== "" ? { [name]: value } : {};
}
function toOne(kind, words) {
	if (words.length > 1) throw require_main.toUsageFault(`${kind} takes one ${KINDS[kind]?.words}`);
	return words[0];
}
function toTimer(flags) {
	const { in: length, at, cron } = flags;
	const now = Date.now();
	if (typeof length === "string") return { at: new Date(now + require_duration.parseDuration("--in", length)).toISOString() };
	if (typeof at === "string") return { at: new Date(parseMoment(at, now)).toISOString() };
	return toText("cron", cron);
}
function parseMoment(text, now) {
	const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
	if (hour !== void 0 && Number(hour) < 24 && Number(minute) < 60) {
		const next = new Date(now);
		next.setHours(Number(hour), Number(minute), 0, 0);
		if (next.getTime() <= now) next.setDate(next.getDate() + 1);
		return next.getTime();
	}
	const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) ? Date.parse(text) : NaN;
	if (!Number.isFinite(moment)) throw require_main.toUsageFault(`--at ${text} is no moment; write it like 18:30 or 2026-01-31T09:00`);
	if (moment <= now) throw require_main.toUsageFault(`--at ${text} has passed already`);
	return moment;
}
function toProcess(words) {
	const word = toOne("process", words);
	if (word === void 0) return {};
	if (/^\d+$/.test(word)) {
		const facts = require_shared.readProcess(Number(word));
		if (facts === void 0) throw require_main.toUsageFault(`no process has the number ${word} now; a port is written :${word}`);
		return {
			pid: word,
			started: facts.startTime
		};
	}
	return /^(?:\[[^\]]*\]|[^:]*):\d+$/.test(word) ? { port: word } : { name: word };
}
async function findFreeName(kind) {
	const taken = new Set((await require_shared.ask((api) => api.channels.$get())).map(({ name }) => name));
	for (let number = 1; number < 1e3; number++) {
		const name = number === 1 ? kind : `${kind}-${number}`;
		if (!taken.has(name)) return name;
	}
}
async function confirm(settings) {
	require_add_code.requireTerminal("a command that runs by itself is added");
	require_main.printNote(`  command  ${require_main.toLine(toShown(settings["run"] ?? ""))}`);
	require_main.printNote(`  in       ${require_main.toLine(settings["cwd"] ?? "/")}`);
	require_main.printNote(`  every    ${require_main.toLine(settings["every"] ?? "5m")}`);
	await require_shared.askYes("Runs this by itself, as you, as long as Sluice runs, with the hub's environment.");
}
function toShown(run) {
	try {
		const argv = JSON.parse(run);
		return Array.isArray(argv) ? require_main.toShellCommand(argv.map(String)) : run;
	} catch {
		return run;
	}
}

// src/cli/commands/add.ts
const add = require_shared.defineCommand({
	description: "Adds a channel: the address where one outside system delivers its events, and the way it proves who it is. Kinds: webhook (any program that can POST), github, telegram (a bot of yours), ntfy (a topic, with --set topic=NAME), and the senders that Sluice knows: " + dist_catalogue_senders_js.SENDER_KINDS.join(", ") + ". Sluice makes a secret and prints it once, unless you give one; where the sender makes it, it asks for that one. Steps for the sender's side follow. A file (./sentry.ts) or a package (npm:name@version) is a channel of your own: in a terminal you are shown what it will be able to do, and asked.",
	args: {
		kind: require_shared.positional("webhook, github, telegram, ntfy or a sender that Sluice knows; or code of your own: ./channel.ts, npm:package@version"),
		name: require_shared.option("name", "What to call it (default: its kind)"),
		"secret-env": require_shared.option("variable", "Take the secret from this environment variable"),
		"secret-stdin": require_shared.flag("Read the secret from stdin"),
		verify: {
			type: "string",
			alias: "scheme",
			valueHint: "scheme",
			description: "How requests prove themselves: bearer, token-header, standard, standard-v1a, github; for a sender, the schemes that it has"
		},
		header: require_shared.option("name", "The header that holds the token, such as X-Sentry-Token"),
		...require_request_flags.PROOF_FLAGS,
		...require_request_flags.TEMPLATE_FLAGS,
		learn: require_shared.flag("For webhook: wait for the first request, propose how it is told, and ask"),
		"two-way": require_shared.flag("Send replies back on a stream that has its own listen token; senders prove themselves with a token, not a signature"),
		listener: require_shared.option("id", "With --two-way: the sender allowed to listen; if they are an approver, prompts are sent on this stream"),
		rate: require_shared.option("n", "Accepted events per second; 0 means no limit (default: 50)"),
		ttl: require_shared.option("time", "How long an event may wait before it expires, such as 90m, 36h or 2d; 0 means for ever (default: 24h, chats 7d)"),
		quota: require_shared.option("n", "How many events may wait at once; further ones are answered 429 (default: 10000)"),
		"allow-target": require_shared.flag("Let senders name the session that gets an event (X-Sluice-Session)"),
		"ignore-sender": require_shared.option("login", "For github: leave out what this account does by hand, such as the one your session comments with"),
		"dangerously-allow-unsigned": require_shared.flag("Accept requests without any proof: every program on this machine can then write to your session"),
		set: require_shared.option("name=value", "A setting of the channel, such as api-root=http://127.0.0.1:8081 for telegram"),
		import: require_shared.flag("For telegram: take over the bot token and the allowed people from Claude Code's Telegram plugin"),
		...WATCHER_ARGS,
		json: require_shared.JSON_ARG
	},
	rest: "[what a watcher watches]",
	repeatable: [
		"set",
		"ignore-sender",
		"ignore",
		"meta"
	],
	examples: [
		"sluice add github --name ci --secret-env GITHUB_WEBHOOK_SECRET",
		"sluice add telegram",
		"sluice add webhook --name sentry --header X-Sentry-Token --secret-stdin < token.txt"
	],
	async run({ args, positionals, repeated }) {
		if (require_add_code.isCode(args.kind)) {
			if (positionals[1] !== void 0) throw require_main.toUsageFault(`unexpected argument "${positionals[1]}"`);
			const added = await addFromCode(args, repeated("set"));
			return args.json === true ? require_main.printJson(added) : require_main.printLines(renderAdded(added));
		}
		const kind = await requireKind(args.kind);
		if (args.learn === true && (kind !== "webhook" || args.json === true)) throw require_main.toUsageFault("--learn is for webhook, at a terminal: it shows a request and asks");
		const official = args.import === true ? readOfficial(kind) : void 0;
		const secret = official?.token ?? await require_read_input.readGivenSecret(args["secret-env"], args["secret-stdin"] === true) ?? await askForSecret(kind);
		const set = parseSettings(repeated("set"));
		const [, ...words] = positionals;
		const ignore = repeated("ignore");
		const asked = {
			kind,
			name: args.name,
			flags: args,
			words,
			ignore,
			settings: set
		};
		const { name, settings } = await readWatcher(asked) ?? {
			name: args.name,
			settings: set
		};
		const template = require_request_flags.readTemplate(args, repeated("meta"));
		const ignored = repeated("ignore-sender").map((login) => login.replace(/^@/, ""));
		const request = {
			kind,
			twoWay: args["two-way"] === true,
			allowUnsigned: args["dangerously-allow-unsigned"] === true,
			...args["allow-target"] === true ? { allowTarget: true } : {},
			name,
			secret,
			...require_request_flags.readProof(args),
			...template === void 0 ? {} : { template },
			listener: args.listener,
			...args.rate === void 0 ? {} : { rate: parseRate(args.rate) },
			settings,
			...ignored.length === 0 ? {} : { ignoreSenders: ignored },
			...args.ttl === void 0 ? {} : { ttlMs: require_duration.parseDuration("--ttl", args.ttl) },
			...args.quota === void 0 ? {} : { quota: parseQuota(args.quota) }
		};
		const json = {
			caller: require_shared.readCallerFacts(),
			...request
		};
		const added = await require_shared.ask((api) => api.channels.$post({ json }));
		const rules = official === void 0 ? [] : await importRules(added.name, official);
		if (args.json === true) require_main.printJson(official === void 0 ? added : {
			...added,
			rules
		});
		else {
			require_main.printLines(renderAdded(added));
			if (added.kind === "github" && ignored.length === 0) require_main.printLines(await renderOwnAccount(added));
		}
		if (official !== void 0 && args.json !== true) require_main.printLines(renderImport(official, rules));
		if (args.learn === true) await (await Promise.resolve().then(() => require("./learn-request.js"))).learnRequest(added.name);
	}
});
const FOR_KINDS = [
	"secret-env",
	"secret-stdin",
	"verify",
	"header",
	"two-way",
	"allow-target",
	"dangerously-allow-unsigned",
	"import",
	"hmac",
	"basic",
	"query-secret",
	"path-secret",
	"text",
	"meta",
	"entity",
	"severity",
	"id",
	"learn"
];
async function addFromCode(args, set) {
	const stray = FOR_KINDS.find((name) => args[name] !== void 0 && args[name] !== false);
	if (stray !== void 0) throw require_main.toUsageFault(`--${stray} is for built-in kinds: the code of ${args.kind} says it itself`);
	const { name, listener, rate, ttl, quota } = args;
	const settings = parseSettings(set);
	return require_add_code.addCode(args.kind, {
		...name === void 0 ? {} : { name },
		...listener === void 0 ? {} : { listener },
		...rate === void 0 ? {} : { rate: parseRate(rate) },
		...ttl === void 0 ? {} : { ttlMs: require_duration.parseDuration("--ttl", ttl) },
		...quota === void 0 ? {} : { quota: parseQuota(quota) },
		...settings === void 0 ? {} : { settings }
	});
}
async function askForSecret(kind) {
	if (!process.stdin.isTTY) return void 0;
	const { secretPrompt } = await (0, dist_hub_channels_catalogue_js.loadDefinition)(kind);
	return secretPrompt === void 0 ? void 0 : require_read_input.readSecret(require_read_input.MAX_SECRET_BYTES, secretPrompt);
}
function readOfficial(kind) {
	if (kind !== "telegram") throw require_main.toUsageFault("--import is for telegram");
	return require_official_folder.readOfficialFolder(require_official_folder.locateOfficialFolder(process.env));
}
function parseSettings(given) {
	if (given.length === 0) return void 0;
	const pairs = given.map((text) => {
		const at = text.indexOf("=");
		if (at < 1) throw require_main.toUsageFault(`--set ${text} is not name=value`);
		return [text.slice(0, at), text.slice(at + 1)];
	});
	return Object.fromEntries(pairs);
}
function parseRate(text) {
	const rate = Number(text);
	if (!Number.isFinite(rate) || rate < 0) throw require_main.toUsageFault(`--rate ${text} is not a number from 0`);
	return rate;
}
function parseQuota(text) {
	if (!/^[1-9]\d{0,6}$/.test(text)) throw require_main.toUsageFault(`--quota ${text} is not a whole number from 1 to 9999999`);
	return Number(text);
}
function renderImport(official, rules) {
	const words = {
		done: "taken over",
		waits: "waits for sluice access confirm",
		failed: "failed"
	};
	return [
		"",
		`From ${require_main.toLine(official.path)}:`,
		...rules.map(({ summary, state }) => `  ${words[state]}: ${require_main.toLine(summary)}`),
		...official.left.map((what) => `  not taken over: ${require_main.toLine(what)}`),
		"Remove that plugin now: a bot can have only one poller."
	];
}
function renderAdded(added) {
	const { name, kind, scheme, account, url, token, listenToken, warning, nextStep } = added;
	const what = scheme === "bearer" || scheme === "token-header" ? "token " : "secret";
	const once = require_main.paint("yellow", "(shown only now)");
	return [
		`added ${require_main.paint("bold", require_main.toLine(name))} (${require_main.toLine(kind)})`,
		...account === void 0 ? [] : [`  account       ${require_main.toLine(account)}`],
		...url === void 0 ? [] : [`  url           ${require_main.toLine(url)}`],
		...token === void 0 ? [] : [`  ${what}        ${require_main.toLine(token)}  ${once}`],
		...listenToken === void 0 ? [] : [`  listen token  ${require_main.toLine(listenToken)}  ${once}`],
		...warning === void 0 ? [] : [require_main.paint("yellow", `  warning: ${require_main.toLine(warning)}`)],
		"",
		...renderNextStep(nextStep)
	];
}
async function renderOwnAccount({ name }) {
	const login = await findOwnLogin();
	return [
		"",
		"So that comments of your session do not wake it, leave out the account that it writes with:",
		`  sluice ignore ${require_main.toLine(name)} ${login === void 0 ? "<login>" : require_main.toLine(login)}`
	];
}
function renderNextStep(nextStep) {
	const [first = "", ...others] = nextStep.split("\n").map(require_main.toLine);
	return others.length === 0 ? [`Next: ${first}`] : ["Next:", ...[first, ...others].map((step) => `  ${step}`)];
}

exports.add = add;