const require_rolldown_runtime = require("./rolldown-runtime.js");
const require_add_code = require("./add-code.js");
const require_duration = require("./duration.js");
const require_main = require("./main.js");
const require_shared = require("./shared.js");
const require_read_input = require("./read-input.js");
const require_find_program = require("./find-program.js");
const require_tunnel_flags = require("./tunnel-flags.js");
const require_request_flags = require("./request-flags.js");
const require_official_folder = require("./official-folder.js");
let node_fs = require("node:fs");
let node_path = require("node:path");
let node_timers_promises = require("node:timers/promises");
let dist_catalogue_senders_js = require("../../dist/catalogue/senders.js");
let dist_hub_channels_catalogue_js = require("../../dist/hub/channels/catalogue.js");
let dist_hub_git_git_config_js = require("../../dist/hub/git/git-config.js");
let dist_hub_git_git_files_js = require("../../dist/hub/git/git-files.js");
let dist_hub_git_project_js = require("../../dist/hub/git/project.js");
let node_child_process = require("node:child_process");
let node_os = require("node:os");

// src/cli/reach/hook-flags.ts
const HOOK_ARGS = {
	hook: require_shared.option("owner/name", "For github, with a tunnel: make the webhook in this repository or organisation, with gh or a token; with --tunnel it is that of --repo, or of this folder, where none is named"),
	events: require_shared.option("list", "Events of that webhook, such as push,pull_request (default: what people act on)"),
	"hook-token-env": require_shared.option("variable", "Make the webhook with the token in this environment variable, in place of gh; it is kept beside the channel's secret"),
	"no-hook": require_shared.flag("Make no webhook; print the steps")
};
async function planHooks(kind, flags, named, hasTunnel) {
	const { repo, events: list, "hook-token-env": variable, "no-hook": none = false } = flags;
	const stray = named.length > 0 || list !== void 0 || variable !== void 0;
	if (none && stray) throw require_main.toUsageFault("--no-hook goes with no --hook, --events or --hook-token-env");
	const hooks = none ? void 0 : await (await (0, dist_hub_channels_catalogue_js.loadDefinition)(kind)).hooks?.();
	if (hooks === void 0) {
		if (!none && stray) throw require_main.toUsageFault(`--hook, --events and --hook-token-env are for github, not for ${kind}`);
		return;
	}
	if (!hasTunnel) {
		if (stray) throw require_main.toUsageFault("a webhook needs an address that GitHub can reach: add --tunnel, or --tunnel-url with your own");
		return;
	}
	const events = parseEvents(list);
	const token = readToken(variable);
	const program = token === void 0 ? require_find_program.findProgram(hooks.program, process.env) : void 0;
	const isAsked = named.length > 0;
	if (token === void 0 && program === void 0) {
		if (!isAsked) return void 0;
		throw new require_main.SluiceError("unsupported", `${hooks.program} is not installed, and no token was named, so nothing was changed; install it (https://cli.github.com), or give --hook-token-env <variable>`);
	}
	const targets = isAsked ? named.map((target) => hooks.parseTarget(target)) : repo === void 0 ? findOwnTarget(hooks) : [hooks.parseTarget(repo)];
	if (targets.length === 0) return void 0;
	return {
		targets: [...new Set(targets)],
		events,
		...program === void 0 ? {} : { program },
		...token === void 0 ? {} : { token }
	};
}
function parseEvents(list) {
	if (list === void 0) return [];
	const events = list.split(",").map((event) => event.trim());
	const wrong = events.find((event) => !/^(?:\*|[a-z_]{1,64})$/.test(event));
	if (wrong !== void 0) throw require_main.toUsageFault(`--events: "${wrong}" is no event of GitHub; write push,pull_request`);
	return [...new Set(events)];
}
function readToken(variable) {
	if (variable === void 0) return void 0;
	const token = process.env[variable]?.trim();
	if (token !== void 0 && token !== "") return token;
	throw require_main.toUsageFault(`--hook-token-env: the variable "${variable}" is not set; give its name, not the token itself`);
}
function findOwnTarget(hooks) {
	const place = (0, dist_hub_git_git_files_js.findGitPlace)(process.cwd());
	if (place === void 0) return [];
	let config;
	try {
		config = (0, node_fs.readFileSync)((0, node_path.join)(place.common, "config"), "utf8");
	} catch {
		return [];
	}
	const [remote] = (0, dist_hub_git_project_js.toOrdered)((0, dist_hub_git_git_config_js.parseRemotes)(config));
	const [address] = remote?.addresses ?? [];
	if (address === void 0 || !/(?:^|[@/.])github\.com[:/]/i.test(address)) return [];
	try {
		return [hooks.parseTarget(address)];
	} catch (thrown) {
		if (require_main.isSluiceError(thrown, "bad_input")) return [];
		throw thrown;
	}
}
async function makeHooks(name, plan) {
	const { targets, events, program, token } = plan;
	const result = {
		made: [],
		faults: []
	};
	for (const target of targets) {
		const json = {
			caller: require_shared.readCallerFacts(),
			target,
			events,
			...program === void 0 ? {} : { program },
			...token === void 0 ? {} : { token }
		};
		try {
			const made = await require_shared.askRunning((api) => api.channels[":name"].hooks.$post({
				param: { name },
				json
			}));
			result.made.push(made);
		} catch (thrown) {
			result.faults.push({
				target,
				reason: require_main.toMessage(thrown)
			});
		}
	}
	return result;
}
function renderHooks({ made, faults }) {
	return [...made.map(({ target, id, events }) => `  webhook       made in ${require_main.toLine(target)} (id ${require_main.toLine(id)}): ${events.map(require_main.toLine).join(", ")}`), ...faults.map(({ target, reason }) => `  webhook       none in ${require_main.toLine(target)}: ${require_main.toLine(reason)}`)];
}

// src/cli/add/first-event.ts
const LOOK_EVERY_MS = 500;
async function awaitFirst(added, args) {
	if (args.wait === void 0) return;
	const waitMs = require_duration.parseDuration("--wait", args.wait);
	(args.json === true ? () => {} : require_main.printNote)(`waiting for the first event on ${added.name}, up to ${args.wait}`);
	const first = await waitForFirst(added.name, AbortSignal.timeout(waitMs));
	if (first === void 0) {
		require_main.printNote(`nothing has arrived on ${added.name} in ${args.wait}; the channel stays`);
		process.exitCode = 1;
	} else if (args.json !== true) require_main.printLine(toItWorks(first));
}
async function waitForFirst(name, signal) {
	return require_shared.withHub(async (api) => {
		while (!signal.aborted) {
			const query = {
				channel: name,
				limit: "1"
			};
			const [event] = await require_shared.read(api.events.$get({ query }));
			if (event !== void 0) return { event };
			const channel = (await require_shared.read(api.channels.$get())).find((one) => one.name === name);
			if (channel?.handshakeAt !== void 0) return { channel };
			await (0, node_timers_promises.setTimeout)(LOOK_EVERY_MS, void 0, { signal }).catch(() => void 0);
		}
	});
}
function toItWorks(first) {
	const what = "event" in first ? `${require_main.toLine(first.event.kind)} from ${require_main.toLine(first.event.sender.name ?? first.event.sender.id)}` : `${require_main.toLine(first.channel.name)} was asked by its platform, and answered`;
	return `${require_main.paint("green", "It works")}: ${what}`;
}

// src/cli/github-args.ts
const GITHUB_ARGS = {
	repo: require_shared.option("owner/name", "For github: fetch afterwards what its webhook sent while nobody listened; an organisation's too"),
	poll: require_shared.option("owner/name", "For github: look its events up, for whom no webhook can reach"),
	token: require_shared.flag("For github, with --repo or --poll: ask for a token, or take the one that gh uses (without a terminal: --secret-env token=VARIABLE)")
};
async function readGithub(kind, { repo, poll, token = false }, given) {
	const stray = [
		repo === void 0 ? void 0 : "--repo",
		poll === void 0 ? void 0 : "--poll",
		token ? "--token" : void 0
	].find((one) => one !== void 0);
	if (stray === void 0) return {
		settings: {},
		secrets: {}
	};
	if (kind !== "github") throw require_main.toUsageFault(`${stray} is not for ${kind}`);
	if (repo === void 0 && poll === void 0) throw require_main.toUsageFault("--token goes with --repo owner/name or --poll owner/name");
	const settings = {
		...repo === void 0 ? {} : { repo: toName(repo) },
		...poll === void 0 ? {} : { poll: toName(poll) }
	};
	if (given.secrets?.["token"] !== void 0 || poll !== void 0 && given.secret !== void 0) return {
		settings,
		secrets: {}
	};
	const found = token || repo !== void 0 ? await findToken(token) : void 0;
	return {
		settings,
		secrets: found === void 0 ? {} : { token: found }
	};
}
function toName(text) {
	const bare = text.replace(/^(?:(?:https?|ssh|git):\/\/)?(?:git@)?[\w-]+(?:\.[\w-]+)+(?::\d+)?[/:]/i, "");
	const parts = bare.replace(/[?#].*$/s, "").replace(/\/+$/, "").split("/");
	return (bare === text ? parts : parts.slice(0, 2)).join("/").replace(/\.git$/, "");
}
async function findToken(isAsked) {
	if (process.stdin.isTTY) {
		const typed = await require_read_input.readSecret(require_read_input.MAX_SECRET_BYTES, isAsked ? "GitHub token (or Enter alone for the one that gh uses)" : "GitHub token");
		if (typed !== "" || !isAsked) return typed === "" ? void 0 : typed;
	}
	if (!isAsked) return void 0;
	const token = await askGh();
	if (token === void 0) throw require_main.toUsageFault("--token: gh has no token for github.com (gh auth login), so give one with --secret-env token=VARIABLE");
	require_main.printNote("the token that gh uses is kept with the channel's secrets; it may do what you may: a fine-grained one is safer");
	return token;
}
const GH = "gh";
const WAIT_MS$1 = 5e3;
function askGh() {
	return new Promise((resolve) => {
		(0, node_child_process.execFile)(GH, [
			"auth",
			"token",
			"--hostname",
			"github.com"
		], {
			cwd: (0, node_os.tmpdir)(),
			timeout: WAIT_MS$1,
			windowsHide: true
		}, (fault, stdout) => {
			const token = fault === null ? stdout.trim() : "";
			resolve(/^[\w.-]{20,300}$/.test(token) ? token : void 0);
		});
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
	server: require_shared.option("server", "For mcp-events: an MCP server's address, or the command that starts it"),
	event: require_shared.option("name", "For mcp-events: which of its events"),
	args: require_shared.option("json", "For mcp-events: the event's arguments"),
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
	},
	"mcp-events": {
		flags: [
			"server",
			"event",
			"args"
		],
		words: "--server and --event"
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
	if ((await (0, dist_hub_channels_catalogue_js.loadDefinition)(kind)).runsPrograms?.(settings) === true) await confirm(settings);
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
		case "mcp-events":
			if (words[0] !== void 0) throw require_main.toUsageFault(`unexpected argument "${words[0]}"`);
			return {
				...toText("server", flags.server),
				...toText("event", flags.event),
				...toText("args", flags.args)
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
	const { run, server, cwd = "/", every = "5m" } = settings;
	require_main.printNote(`  command  ${require_main.toLine(server ?? toShown(run ?? ""))}`);
	if (server === void 0) {
		require_main.printNote(`  in       ${require_main.toLine(cwd)}`);
		require_main.printNote(`  every    ${require_main.toLine(every)}`);
	}
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

// src/cli/add/add-args.ts
const ADD_ARGS = {
	kind: require_shared.optionalPositional("One of the kinds above, such as github, telegram or webhook; or code of your own: ./channel.ts, npm:package@version"),
	name: require_shared.option("name", "What to call it (default: its kind)"),
	"secret-env": require_shared.option("variable", "Take the secret from this environment variable; name=variable for a second one, as token=GITHUB_TOKEN"),
	"secret-stdin": require_shared.flag("Read the secret from stdin"),
	manifest: require_shared.flag("For slack: print the app's manifest, ready to paste, and add nothing"),
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
	transcribe: require_shared.option("command|address", "For chats: make text of voice notes, by a program (the file's path comes last) or an endpoint; its key by --secret-env transcribe=VARIABLE"),
	import: require_shared.flag("For telegram and discord: take over the bot token and the allowed people from Claude Code's own plugin"),
	...require_tunnel_flags.TUNNEL_ARGS,
	...HOOK_ARGS,
	wait: require_shared.option("time", "Wait so long for the first event, such as 5m, and say whether it came; exits 1 where it did not"),
	...WATCHER_ARGS,
	...GITHUB_ARGS,
	json: require_shared.JSON_ARG
};
async function toAddRequest(kind, args, { secret, secrets }, { words, set, meta, ignore, ignoreSenders }) {
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
	const template = require_request_flags.readTemplate(args, meta);
	const ignored = ignoreSenders.map((login) => login.replace(/^@/, ""));
	return {
		kind,
		twoWay: args["two-way"] === true,
		allowUnsigned: args["dangerously-allow-unsigned"] === true,
		...args["allow-target"] === true ? { allowTarget: true } : {},
		name,
		secret,
		...Object.keys(secrets).length === 0 ? {} : { secrets },
		...require_request_flags.readProof(args),
		...template === void 0 ? {} : { template },
		...args.transcribe === void 0 ? {} : { transcribe: await (await Promise.resolve().then(() => require("./transcribe.js"))).readTranscribe(args.transcribe) },
		listener: args.listener,
		...args.rate === void 0 ? {} : { rate: parseRate(args.rate) },
		settings,
		...ignored.length === 0 ? {} : { ignoreSenders: ignored },
		...args.ttl === void 0 ? {} : { ttlMs: require_duration.parseDuration("--ttl", args.ttl) },
		...args.quota === void 0 ? {} : { quota: parseQuota(args.quota) }
	};
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

// src/cli/add/add-from-code.ts
const FOR_KINDS = [
	"secret-env",
	"secret-stdin",
	"verify",
	"header",
	"two-way",
	"allow-target",
	"dangerously-allow-unsigned",
	"import",
	"manifest",
	"hmac",
	"basic",
	"query-secret",
	"path-secret",
	"text",
	"meta",
	"entity",
	"severity",
	"id",
	"learn",
	"tunnel",
	"tunnel-name",
	"tunnel-url",
	"repo",
	"poll",
	"token",
	"hook",
	"events",
	"hook-token-env",
	"no-hook"
];
async function addFromCode(kind, args, set) {
	const stray = FOR_KINDS.find((name) => args[name] !== void 0 && args[name] !== false);
	if (stray !== void 0) throw require_main.toUsageFault(`--${stray} is for built-in kinds: the code of ${kind} says it itself`);
	const { name, listener, rate, ttl, quota } = args;
	const settings = parseSettings(set);
	return require_add_code.addCode(kind, {
		...name === void 0 ? {} : { name },
		...listener === void 0 ? {} : { listener },
		...rate === void 0 ? {} : { rate: parseRate(rate) },
		...ttl === void 0 ? {} : { ttlMs: require_duration.parseDuration("--ttl", ttl) },
		...quota === void 0 ? {} : { quota: parseQuota(quota) },
		...settings === void 0 ? {} : { settings }
	});
}

// src/cli/add/kinds-line.ts
const WORDS = {
	webhook: "any program that can POST",
	telegram: "a bot of yours",
	discord: "a bot",
	slack: "a bot",
	whatsapp: "a number of the Cloud API",
	ntfy: "a topic, with --set topic=NAME",
	imessage: "Messages on a Mac",
	email: "a mailbox",
	chat: "the page",
	jobs: "ends of commands under sluice run",
	"mcp-events": "an event of an MCP server"
};
function toKindsLine() {
	const own = dist_hub_channels_catalogue_js.OWN_KINDS.map((kind) => WORDS[kind] === void 0 ? kind : `${kind} (${WORDS[kind]})`);
	const senders = dist_catalogue_senders_js.SENDER_KINDS.filter((kind) => !dist_hub_channels_catalogue_js.OWN_KINDS.includes(kind));
	return `${own.join(", ")}; and the senders that Sluice knows: ${senders.join(", ")}`;
}

// src/cli/add/prepare-reach.ts
async function prepareReach(kind, flags, targets) {
	const wanted = await require_tunnel_flags.readTunnel(flags);
	const isAsked = flags.tunnel !== void 0 || flags["tunnel-url"] !== void 0;
	const isNew = wanted !== void 0;
	const hasOther = !isAsked && targets.length > 0 && (await require_shared.ask((api) => api.tunnel.$get()))?.url !== void 0;
	const hooks = await planHooks(kind, flags, targets, isAsked && wanted !== null || hasOther);
	return {
		tunnel: isNew ? await require_tunnel_flags.openTunnel(wanted) : isAsked ? await require_tunnel_flags.waitForTunnel() : void 0,
		hooks,
		async unlessFailed(work) {
			try {
				return await work();
			} catch (thrown) {
				if (isNew && wanted !== null) await require_tunnel_flags.putTunnelBack();
				throw thrown;
			}
		}
	};
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

// src/cli/add/render-added.ts
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
		"Remove that plugin now: with two programs on one bot, people are not answered, or twice."
	];
}
function renderAdded(added, hooks) {
	const { name, kind, scheme, account, publicUrl, token, listenToken, warning } = added;
	const url = publicUrl ?? added.url;
	const what = scheme === "bearer" || scheme === "token-header" ? "token " : "secret";
	const once = require_main.paint("yellow", "(shown only now)");
	return [
		`added ${require_main.paint("bold", require_main.toLine(name))} (${require_main.toLine(kind)})`,
		...account === void 0 ? [] : [`  account       ${require_main.toLine(account)}`],
		...url === void 0 ? [] : [`  url           ${require_main.toLine(url)}`],
		...token === void 0 ? [] : [`  ${what}        ${require_main.toLine(token)}  ${once}`],
		...listenToken === void 0 ? [] : [`  listen token  ${require_main.toLine(listenToken)}  ${once}`],
		...warning === void 0 ? [] : [require_main.paint("yellow", `  warning: ${require_main.toLine(warning)}`)],
		...hooks === void 0 ? [] : renderHooks(hooks),
		"",
		...renderNextStep(toNextStep(added, hooks))
	];
}
function toNextStep({ name, nextStep }, hooks) {
	if (hooks === void 0 || hooks.made.length === 0 || hooks.faults.length > 0) return nextStep;
	return `nothing on the platform's side; "sluice tail --channel ${name}" shows what arrives`;
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

// src/cli/requests/secret-lines.ts
function spreadLines(kind, given, more) {
	const [secret = "", ...others] = given.secret?.split(/\r?\n/).map((line) => line.trim()) ?? [];
	if (others.length === 0 || more.length === 0) return given;
	const lines = others.filter((line) => line !== "");
	if (lines.length > more.length) throw require_main.toUsageFault(`--secret-stdin: ${kind} takes ${more.length + 1} secrets, a line each, and there are ${lines.length + 1}`);
	const named = lines.map((line, index) => [more[index]?.name ?? "", line]);
	return {
		secret,
		secrets: {
			...given.secrets,
			...Object.fromEntries(named)
		}
	};
}

// src/cli/add/add-secrets.ts
async function askForSecret(kind, settings) {
	if (!process.stdin.isTTY) return void 0;
	const { secretPrompt } = await (0, dist_hub_channels_catalogue_js.loadDefinition)(kind, settings);
	return secretPrompt === void 0 ? void 0 : require_read_input.readSecret(require_read_input.MAX_SECRET_BYTES, secretPrompt);
}
async function askForSecrets(kind, settings, given) {
	const secrets = { ...given };
	if (!process.stdin.isTTY) return secrets;
	const { moreSecrets = [] } = await (0, dist_hub_channels_catalogue_js.loadDefinition)(kind, settings);
	for (const { name, prompt, isOptional = false } of moreSecrets) if (!isOptional && !Object.hasOwn(secrets, name)) secrets[name] = await require_read_input.readSecret(require_read_input.MAX_SECRET_BYTES, prompt);
	return secrets;
}
function mergeSettings(set, more) {
	return set === void 0 && Object.keys(more).length === 0 ? void 0 : {
		...set,
		...more
	};
}
async function printManifest(kind, settings) {
	const { manifest } = await (0, dist_hub_channels_catalogue_js.loadDefinition)(kind, settings);
	if (manifest === void 0) throw require_main.toUsageFault(`--manifest is for slack; ${kind} has no form to paste one into`);
	require_main.printLine(manifest(settings ?? {}));
}

// src/cli/commands/add.ts
var add_exports = /* @__PURE__ */ require_rolldown_runtime.__exportAll({ add: () => add });
const add = require_shared.defineCommand({
	description: `Adds a channel: the address where one outside system delivers its events, and the way it proves who it is. Kinds: ${toKindsLine()}. Sluice makes a secret and prints it once, unless you give one; where the sender makes it, it asks for that one. Steps for the sender's side follow. A file (./sentry.ts) or a package (npm:name@version) is a channel of your own: in a terminal you are shown what it will be able to do, and asked.`,
	args: ADD_ARGS,
	rest: "[what a watcher watches]",
	repeatable: [
		"set",
		"ignore-sender",
		"ignore",
		"meta",
		"secret-env",
		"hook"
	],
	examples: [
		"sluice add",
		"sluice add github --tunnel",
		"sluice add webhook --name sentry --header X-Sentry-Token --secret-stdin < token.txt"
	],
	async run({ args, positionals, repeated }) {
		if (args.kind !== void 0 && require_add_code.isCode(args.kind)) {
			if (positionals[1] !== void 0) throw require_main.toUsageFault(`unexpected argument "${positionals[1]}"`);
			const added = await addFromCode(args.kind, args, repeated("set"));
			return args.json === true ? require_main.printJson(added) : require_main.printLines(renderAdded(added));
		}
		const talk = await openTalk(args, positionals);
		const kind = await requireKind(args.kind ?? await talk?.askKind() ?? missKind());
		if (args.learn === true && (kind !== "webhook" || args.json === true)) throw require_main.toUsageFault("--learn is for webhook, at a terminal: it shows a request and asks");
		const typed = parseSettings(repeated("set"));
		if (args.manifest === true) return printManifest(kind, typed);
		const official = args.import === true ? readOfficial(kind) : void 0;
		const answers = await talk?.askRest(kind) ?? {};
		const fromStdin = args["secret-stdin"] === true;
		const given = await require_read_input.readGivenSecrets(repeated("secret-env"), fromStdin);
		const { moreSecrets = [] } = await (0, dist_hub_channels_catalogue_js.loadDefinition)(kind, typed);
		const spread = spreadLines(kind, given, moreSecrets);
		const github = await readGithub(kind, args, spread);
		const set = mergeSettings(typed, {
			...github.settings,
			...answers.settings
		});
		const secret = official?.token ?? spread.secret ?? answers.secret ?? await askForSecret(kind, set);
		const settled = spread.secret === void 0 ? set : { ...await (0, dist_hub_channels_catalogue_js.settleSettings)(kind, set, spread) };
		const secrets = await askForSecrets(kind, settled, {
			...spread.secrets,
			...github.secrets
		});
		const ignoreSenders = repeated("ignore-sender");
		const request = await toAddRequest(kind, args, {
			secret,
			secrets
		}, {
			words: answers.words ?? positionals.slice(1),
			set,
			meta: repeated("meta"),
			ignore: repeated("ignore"),
			ignoreSenders
		});
		const flags = {
			...args,
			...answers.reach
		};
		const reach = await prepareReach(kind, flags, answers.targets ?? repeated("hook"));
		const added = await reach.unlessFailed(() => addChannel(request, talk));
		const hooks = reach.hooks === void 0 ? void 0 : await makeHooks(added.name, reach.hooks);
		const rules = official === void 0 ? [] : await importRules(added.name, official);
		if (args.json === true) {
			const { tunnel } = reach;
			require_main.printJson({
				...added,
				...official === void 0 ? {} : { rules },
				...tunnel === void 0 ? {} : { tunnel },
				...hooks === void 0 ? {} : { hooks }
			});
		} else {
			if (reach.tunnel !== void 0) require_main.printLines(require_tunnel_flags.renderTunnel(reach.tunnel));
			require_main.printLines(renderAdded(added, hooks));
			if (added.kind === "github" && ignoreSenders.length === 0 && added.url !== void 0) require_main.printLines(await renderOwnAccount(added));
			if (official !== void 0) require_main.printLines(renderImport(official, rules));
		}
		if ((hooks?.faults.length ?? 0) > 0) process.exitCode = 1;
		if (args.learn === true) await (await Promise.resolve().then(() => require("./learn-request.js"))).learnRequest(added.name);
		await (talk === void 0 ? awaitFirst(added, args) : talk.finish(added));
	}
});
async function openTalk(args, positionals) {
	if (Object.entries(args).some(([name, value]) => name !== "kind" && name !== "name" && value !== void 0) || positionals.length > 1 || !require_shared.isAtTerminal(require_shared.readCallerFacts())) return void 0;
	if (process.stderr.isTTY !== true) return void 0;
	const { Talk: Conversation } = await Promise.resolve().then(() => require("./talk.js"));
	return new Conversation();
}
function missKind() {
	throw require_main.toUsageFault("<kind> is missing; \"sluice add --help\" explains it");
}
async function addChannel(request, talk) {
	for (let secret = request.secret;;) {
		const json = {
			caller: require_shared.readCallerFacts(),
			...request,
			secret
		};
		try {
			return await require_shared.ask((api) => api.channels.$post({ json }));
		} catch (thrown) {
			secret = await talk?.askSecretAgain(request.kind, thrown);
			if (secret === void 0) throw thrown;
		}
	}
}
function readOfficial(kind) {
	const known = require_official_folder.OFFICIAL_KINDS.find((one) => one === kind);
	if (known === void 0) throw require_main.toUsageFault("--import is for telegram and discord");
	return require_official_folder.readOfficialFolder(require_official_folder.locateOfficialFolder(process.env, known), known);
}

exports.add = add;
Object.defineProperty(exports, "add_exports", {
  enumerable: true,
  get: function () {
    return add_exports;
  }
});
exports.findOwnTarget = findOwnTarget;
exports.toItWorks = toItWorks;
exports.waitForFirst = waitForFirst;