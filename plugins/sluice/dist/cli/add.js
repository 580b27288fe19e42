const require_add_code = require("./add-code.js");
const require_shared = require("./shared.js");
const require_main = require("./main.js");
const require_duration = require("./duration.js");
const require_official_folder = require("./official-folder.js");
const require_read_input = require("./read-input.js");
let node_child_process = require("node:child_process");
let node_os = require("node:os");
let dist_hub_channels_catalogue_js = require("../../dist/hub/channels/catalogue.js");

// src/cli/channel-kind.ts
const ALIASES = /* @__PURE__ */ new Map([
	["gh", "github"],
	["tg", "telegram"],
	["bot", "telegram"],
	["http", "webhook"],
	["https", "webhook"],
	["post", "webhook"],
	["generic", "webhook"],
	["page", "chat"]
]);
const SENDERS = /* @__PURE__ */ new Set(["gitlab", "telegraf"]);
function requireKind(typed) {
	if (dist_hub_channels_catalogue_js.CHANNEL_KINDS.includes(typed)) return typed;
	const word = typed.trim().toLowerCase();
	const near = SENDERS.has(word) ? void 0 : ALIASES.get(word) ?? require_main.suggest(word, [...dist_hub_channels_catalogue_js.CHANNEL_KINDS, ...ALIASES.keys()]);
	const kinds = `the kinds are ${dist_hub_channels_catalogue_js.CHANNEL_KINDS.join(", ")}`;
	if (near !== void 0) {
		const meant = ALIASES.get(near) ?? near;
		throw require_main.toUsageFault(`no channel kind "${typed}"; did you mean "${meant}"? (${kinds})`);
	}
	const name = /^[a-z0-9][a-z0-9-]{0,31}$/.test(word) ? ` --name ${word}` : "";
	throw require_main.toUsageFault(`no channel kind "${typed}"; ${kinds}; for a program that can POST: sluice add webhook${name}`);
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

// src/cli/commands/add.ts
const MAX_SECRET_BYTES = 4096;
const add = require_shared.defineCommand({
	description: "Adds a channel: the address where one outside system delivers its events, and the way it proves who it is. Kinds: webhook (any program that can POST), github, telegram (a bot of yours), and ntfy (a topic, with --set topic=NAME). For webhook and github, Sluice makes a secret and prints it once, unless you give one; for telegram it asks for the bot token and checks it. A file (./sentry.ts) or a package (npm:name@version) is a channel of your own: in a terminal you are shown what it will be able to do, and asked.",
	args: {
		kind: require_shared.positional("webhook, github, telegram or ntfy; or code of your own: ./channel.ts, npm:package@version"),
		name: require_shared.option("name", "What to call it (default: its kind)"),
		"secret-env": require_shared.option("variable", "Take the secret from this environment variable"),
		"secret-stdin": require_shared.flag("Read the secret from stdin"),
		verify: {
			type: "string",
			alias: "scheme",
			valueHint: "scheme",
			description: "How requests prove themselves: bearer, token-header, standard, standard-v1a, github"
		},
		header: require_shared.option("name", "The header that holds the token, such as X-Sentry-Token"),
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
		json: require_shared.JSON_ARG
	},
	repeatable: ["set", "ignore-sender"],
	examples: [
		"sluice add github --name ci --secret-env GITHUB_WEBHOOK_SECRET",
		"sluice add telegram",
		"sluice add webhook --name sentry --header X-Sentry-Token --secret-stdin < token.txt"
	],
	async run({ args, repeated }) {
		if (require_add_code.isCode(args.kind)) {
			const added = await addFromCode(args, repeated("set"));
			return args.json === true ? require_main.printJson(added) : require_main.printLines(renderAdded(added));
		}
		const kind = requireKind(args.kind);
		const official = args.import === true ? readOfficial(kind) : void 0;
		const secret = official?.token ?? await readGivenSecret(args["secret-env"], args["secret-stdin"] === true) ?? await askForSecret(kind);
		const settings = parseSettings(repeated("set"));
		const ignored = repeated("ignore-sender").map((login) => login.replace(/^@/, ""));
		const request = {
			kind,
			twoWay: args["two-way"] === true,
			allowUnsigned: args["dangerously-allow-unsigned"] === true,
			...args["allow-target"] === true ? { allowTarget: true } : {},
			name: args.name,
			secret,
			scheme: args.verify,
			header: args.header,
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
	"import"
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
async function readGivenSecret(variable, fromStdin) {
	if (variable !== void 0 && fromStdin) throw require_main.toUsageFault("give --secret-env or --secret-stdin, not both");
	if (variable === void 0 && !fromStdin) return void 0;
	const secret = variable === void 0 ? await require_read_input.readSecret(MAX_SECRET_BYTES) : process.env[variable]?.trim();
	if (secret !== void 0 && secret !== "") return secret;
	throw require_main.toUsageFault(variable === void 0 ? "--secret-stdin: stdin is empty" : `--secret-env: the variable "${variable}" is not set; give its name, not the secret itself`);
}
async function askForSecret(kind) {
	if (!process.stdin.isTTY) return void 0;
	const { secretPrompt } = await (0, dist_hub_channels_catalogue_js.loadDefinition)(kind);
	return secretPrompt === void 0 ? void 0 : require_read_input.readSecret(MAX_SECRET_BYTES, secretPrompt);
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
	const { name, kind, scheme, account, url, token, listenToken, nextStep } = added;
	const what = scheme === "bearer" || scheme === "token-header" ? "token " : "secret";
	const once = require_main.paint("yellow", "(shown only now)");
	return [
		`added ${require_main.paint("bold", require_main.toLine(name))} (${require_main.toLine(kind)})`,
		...account === void 0 ? [] : [`  account       ${require_main.toLine(account)}`],
		...url === void 0 ? [] : [`  url           ${require_main.toLine(url)}`],
		...token === void 0 ? [] : [`  ${what}        ${require_main.toLine(token)}  ${once}`],
		...listenToken === void 0 ? [] : [`  listen token  ${require_main.toLine(listenToken)}  ${once}`],
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