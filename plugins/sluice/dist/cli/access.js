const require_shared = require("./shared.js");
const require_qr_code = require("./qr-code.js");
const require_main = require("./main.js");

// src/cli/access-client.ts
async function changeClient(given) {
	const [action = "list", name, ...extra] = given.words;
	if (!(action === "add") && (given.channels.length > 0 || given.unverified || given.loopback)) throw require_main.toUsageFault("--channel, --unverified and --loopback belong to sluice access client add");
	if (action === "list" && name === void 0) return list$1(given.isJson);
	if (![
		"add",
		"rotate",
		"remove"
	].includes(action) || name === void 0 || extra.length > 0) throw require_main.toUsageFault("sluice access client takes add <name>, rotate <name>, remove <name> or list");
	if (action === "add") return add(name, given);
	if (action === "rotate") {
		const json = { caller: require_shared.readCallerFacts() };
		const param = { name };
		return printToken(await require_shared.ask((api) => api.clients.events[":name"].token.$post({
			param,
			json
		})), given.isJson);
	}
	const removed = await require_shared.ask((api) => api.clients.events[":name"].$delete({ param: { name } }));
	if (given.isJson) require_main.printJson(removed);
	else require_main.printLine(`removed ${require_main.toLine(removed.name)}: its token counts no longer, its subscriptions ended`);
}
async function add(name, { channels, unverified, loopback, isJson }) {
	if (channels.length === 0) throw require_main.toUsageFault(`say which events ${name} may read: --channel <name>, as often as needed, or --channel '*' for every channel`);
	const json = {
		name,
		channels: [...channels],
		unverified,
		loopback,
		caller: require_shared.readCallerFacts()
	};
	const { token, view } = await require_shared.withHub(async (api) => ({
		token: await require_shared.read(api.clients.events.$post({ json })),
		view: await require_shared.read(api.clients.events.$get())
	}));
	printToken(token, isJson);
	if (!isJson && view.state !== "up") require_main.printLine(`it cannot connect yet: ${view.reason ?? view.state}`);
}
function printToken({ name, url, token }, isJson) {
	if (isJson) return require_main.printJson({
		name,
		url,
		token
	});
	require_main.printLines([
		`${name} may take events by MCP Events`,
		`  URL     ${url}`,
		`  token   ${token}  (shown once; in each request: Authorization: Bearer <token>)`,
		`  stdio   sluice mcp --events --client ${name}`
	]);
}
async function list$1(isJson) {
	const view = await require_shared.ask((api) => api.clients.events.$get());
	if (isJson) return require_main.printJson(view);
	require_main.printLines(renderClients(view, Date.now()));
}
function renderClients({ clients, state, url, reason }, now) {
	if (clients.length === 0) return ["no MCP client takes events; \"sluice access client add <name> --channel <channel>\" makes one"];
	const rows = clients.map((one) => [
		one.name,
		one.channels.map((name) => name === "*" ? "every channel" : name).join(", "),
		one.unverified ? "also unproved" : "proved only",
		require_main.toAgo(one.createdAt, now)
	]);
	const taken = clients.flatMap((client) => client.subscriptions.map((one) => [
		client.name,
		require_main.toLine(one.name),
		one.callback === void 0 ? "asks" : require_main.toLine(one.callback.host),
		one.takenAt === void 0 ? "-" : require_main.toAgo(one.takenAt, now),
		toState(one.callback, now)
	]));
	return [
		`${url}: ${state}${reason === void 0 ? "" : `, ${reason}`}`,
		"",
		...require_main.renderTable([
			"CLIENT",
			"CHANNELS",
			"EVENTS",
			"ADDED"
		], rows),
		...taken.length === 0 ? [] : ["", ...require_main.renderTable([
			"CLIENT",
			"SUBSCRIPTION",
			"BY",
			"LAST TAKEN",
			"CALLBACK"
		], taken)]
	];
}
function toState(callback, now) {
	if (callback === void 0) return "-";
	const { active, lastError, expiresAt } = callback;
	if (expiresAt <= now) return "over";
	const failed = lastError === null ? "" : ` (${lastError})`;
	return active ? `active${failed}` : `suspended${failed} until its client renews it`;
}

// src/cli/access-change.ts
const ROLES = [
	"chatter",
	"approver",
	"owner"
];
const POLICIES = [
	"pairing",
	"allowlist",
	"invite",
	"disabled"
];
const CHANGES = {
	invite: (given) => {
		const [channel = ""] = take(given, ["channel"], "invite <channel> [--role R]");
		return {
			kind: "invite",
			channel,
			...toRoleList(given.roles)
		};
	},
	allow: (given) => {
		const [channel = "", id = ""] = take(given, ["channel", "id"], "allow <channel> <id>");
		return {
			kind: "allow",
			channel,
			id,
			roles: parseRoles(given.roles.length === 0 ? ["chatter"] : given.roles),
			account: given.account ?? "",
			name: given.name
		};
	},
	role: (given) => {
		const usage = "role <channel> <id> --role R";
		const [channel = "", id = ""] = take(given, ["channel", "id"], usage);
		if (given.roles.length === 0) throw require_main.toUsageFault(`which roles? sluice access ${usage}`);
		return {
			kind: "role",
			channel,
			id,
			account: given.account ?? "",
			roles: parseRoles(given.roles)
		};
	},
	revoke: (given) => {
		const [channel = "", id = ""] = take(given, ["channel", "id"], "revoke <channel> <id>");
		return {
			kind: "revoke",
			channel,
			id,
			block: given.block
		};
	},
	policy: (given) => {
		const usage = `policy <channel> <${POLICIES.join("|")}>`;
		const [channel = "", word = ""] = take({
			...given,
			id: void 0
		}, ["channel", "policy"], usage);
		const policy = POLICIES.find((known) => known === word);
		if (policy === void 0) throw require_main.toUsageFault(`"${word}" is not a policy${require_main.toHint(word, POLICIES)}; sluice access ${usage}`);
		return {
			kind: "policy",
			channel,
			policy
		};
	},
	"group add": (given) => {
		const [channel = "", id = ""] = take(given, ["channel", "group"], "group add <channel> --id=<group> --sender <id>");
		if (given.senders.length === 0) throw require_main.toUsageFault(`say who may write in it: give --sender <id> for each, or --sender "*" for everybody in the group`);
		return {
			kind: "group",
			channel,
			id,
			senders: [...given.senders],
			requireMention: !given.withoutMention,
			patterns: [...given.patterns]
		};
	},
	"group remove": (given) => {
		const [channel = "", id = ""] = take(given, ["channel", "group"], "group remove <channel> <group>");
		return {
			kind: "ungroup",
			channel,
			id
		};
	},
	"contact add": (given) => {
		const [channel = "", chatId = ""] = take(given, ["channel", "chat"], "contact add <channel> <chat>");
		return {
			kind: "contact",
			channel,
			chatId,
			name: given.name
		};
	},
	"contact remove": (given) => {
		const [channel = "", chatId = ""] = take(given, ["channel", "chat"], "contact remove <channel> <chat>");
		return {
			kind: "uncontact",
			channel,
			chatId
		};
	},
	"person link": (given) => {
		const usage = "person link <channel/id> <channel/id>";
		const [one = "", other = ""] = take({
			...given,
			id: void 0
		}, ["one", "other"], usage);
		return {
			kind: "person",
			...toPlace(one, usage),
			to: toPlace(other, usage)
		};
	},
	"person unlink": (given) => {
		const usage = "person unlink <channel/id>";
		const [one = ""] = take({
			...given,
			id: void 0
		}, ["place"], usage);
		return {
			kind: "unperson",
			...toPlace(one, usage)
		};
	},
	"person prefer": (given) => {
		const usage = "person prefer <channel/id>";
		const [one = ""] = take({
			...given,
			id: void 0
		}, ["place"], usage);
		return {
			kind: "prefer",
			...toPlace(one, usage)
		};
	},
	restore: (given) => {
		take({
			...given,
			id: void 0
		}, [], "restore");
		return { kind: "restore" };
	}
};
function toChange(action, given) {
	const [first = "", ...rest] = given.words;
	const isPair = action === "group" || action === "contact" || action === "person";
	if (isPair && CHANGES[`${action} ${first}`] === void 0) throw require_main.toUsageFault(`${action === "person" ? "sluice access person link, unlink or prefer" : `sluice access ${action} add or ${action} remove`}; "sluice access --help" explains them`);
	return isPair ? CHANGES[`${action} ${first}`]?.({
		...given,
		words: rest
	}) : Object.hasOwn(CHANGES, action) ? CHANGES[action]?.(given) : void 0;
}
function toRoleList(words) {
	return words.length === 0 ? {} : { roles: parseRoles(words) };
}
function parseRoles(words) {
	return words.map((word) => {
		const role = ROLES.find((known) => known === word);
		if (role !== void 0) return role;
		throw require_main.toUsageFault(`"${word}" is not a role of a person: ${ROLES.join(", ")}`);
	});
}
function take(given, names, usage) {
	const words = given.id === void 0 ? given.words : [...given.words, given.id];
	const missing = names[words.length];
	if (missing !== void 0) throw require_main.toUsageFault(`<${missing}> is missing: sluice access ${usage}`);
	const extra = words[names.length];
	if (extra !== void 0) throw require_main.toUsageFault(`unexpected argument "${extra}": sluice access ${usage}`);
	return words;
}
function toPlace(typed, usage) {
	const [, channel, id] = /^([a-z0-9][a-z0-9-]{0,31})\/(.+)$/s.exec(typed) ?? [];
	if (channel !== void 0 && id !== void 0) return {
		channel,
		id
	};
	throw require_main.toUsageFault(`"${typed}" is no person: write channel/id, as "sluice access list" shows them; sluice access ${usage}`);
}

// src/cli/commands/access.ts
const ACTIONS = [
	"list",
	"pair",
	"invite",
	"allow",
	"revoke",
	"role",
	"policy",
	"group",
	"contact",
	"person",
	"confirm",
	"reject",
	"restore",
	"client",
	"log"
];
const access = require_shared.defineCommand({
	description: "Shows and changes who may write to a channel. Actions: list; pair <code> (lets in the person who was given this code in a chat); invite <channel> (prints a code that a person sends to get in); allow, revoke or role <channel> <id>; policy <channel> <pairing|invite|allowlist|disabled>; group add|remove <channel> <group>; contact add|remove <channel> <chat>; person link <channel/id> <channel/id> (they are one person: each place may do what the other may), person unlink or prefer <channel/id> (where they are told); confirm or reject <n>; restore; client add|rotate|remove <name> (a program that takes events by MCP Events; add prints its token once) and client list; log. Changes need a person at a terminal: a change that a script or a session's shell asks for waits until somebody confirms it in a terminal.",
	args: {
		action: require_shared.optionalPositional("What to do (default: list)"),
		role: require_shared.option("role", "chatter (may write), approver (answers prompts), owner (is notified of changes); no role includes another"),
		id: require_shared.option("id", "The id, if it begins with a dash: --id=-100123"),
		account: require_shared.option("id", "Only on this account of the channel (default: any account)"),
		name: require_shared.option("name", "A name to show; never used to identify the person"),
		sender: require_shared.option("id", "Who may write in the group; \"*\" is every member"),
		pattern: require_shared.option("word", "A word that counts as a mention in the group, taken literally"),
		"without-mention": require_shared.flag("Also take the group's messages that do not mention the bot"),
		block: require_shared.flag("With revoke: also keep them out of open groups"),
		channel: require_shared.option("name", "With client add: a channel whose events it may read; \"*\" is every one"),
		unverified: require_shared.flag("With client add: also events that came without a proof"),
		loopback: require_shared.flag("With client add: it may have events posted to this machine"),
		limit: require_shared.option("n", "Rows of the log (default: 50)"),
		json: require_shared.JSON_ARG
	},
	rest: "[<argument>...]",
	repeatable: [
		"role",
		"sender",
		"pattern",
		"channel"
	],
	examples: [
		"sluice access invite telegram --role chatter",
		"sluice access client add ci-agent --channel github",
		"sluice access group add telegram --id=-1001234567890 --sender 4242"
	],
	async run({ args, positionals, repeated }) {
		const action = args.action ?? "list";
		const output = { isJson: args.json === true };
		const given = {
			words: positionals.slice(1),
			id: args.id,
			account: args.account,
			name: args.name,
			roles: repeated("role"),
			senders: repeated("sender"),
			patterns: repeated("pattern"),
			block: args.block === true,
			withoutMention: args["without-mention"] === true
		};
		switch (action) {
			case "list": return list(output);
			case "client": return changeClient({
				words: given.words,
				channels: repeated("channel"),
				unverified: args.unverified === true,
				loopback: args.loopback === true,
				isJson: output.isJson
			});
			case "log": return showLog(args.limit, output);
			case "pair": return pair(given, output);
			case "confirm": return confirm(toNumber(given, action), output);
			case "reject": return reject(toNumber(given, action), output);
			default: return change(action, given, output);
		}
	}
});
async function list({ isJson }) {
	const view = await require_shared.ask((api) => api.access.$get());
	if (isJson) require_main.printJson(view);
	else require_main.printLines(require_qr_code.renderAccess(view, Date.now()));
}
async function showLog(limit, { isJson }) {
	const rows = await require_shared.ask((api) => api.access.log.$get({ query: { limit: require_shared.parseLimit(limit ?? "50", 1e4) } }));
	if (isJson) require_main.printJson(rows);
	else require_main.printLines(require_qr_code.renderAudit(rows));
}
async function change(action, given, output) {
	const wanted = toChange(action, given);
	if (wanted === void 0) throw require_main.toUsageFault(`"${action}" is not an action of access${require_main.toHint(action, ACTIONS)}; "sluice access --help" lists the actions`);
	const caller = require_shared.readCallerFacts();
	if (wanted.kind === "person" && require_shared.isAtTerminal(caller)) {
		const { summary } = await require_shared.ask((api) => api.access.explain.$post({ json: { change: wanted } }));
		await require_shared.askYes(require_main.toLine(summary));
	}
	const outcome = await require_shared.ask((api) => api.access.changes.$post({ json: {
		change: wanted,
		caller
	} }));
	printOutcome(outcome, output);
	if (!output.isJson) await require_qr_code.printInviteCode(outcome);
}
async function pair(given, output) {
	const [code, ...extra] = given.words;
	if (code === void 0 || extra.length > 0) throw require_main.toUsageFault("give the one code that the person was sent: sluice access pair <code>; none is ever picked for you");
	const caller = require_shared.readCallerFacts();
	const roles = toRoleList(given.roles);
	printOutcome(await require_shared.withHub(async (api) => {
		let lastFour;
		if (require_shared.isAtTerminal(caller)) {
			const person = await require_shared.read(api.access.pairings.find.$post({ json: {
				code,
				caller
			} }));
			const { defaultRoles } = await require_shared.read(api.access.$get());
			lastFour = await require_shared.askLastFour(person, roles.roles ?? defaultRoles);
		}
		const json = {
			change: {
				kind: "pair-code",
				code,
				...roles
			},
			caller,
			lastFour
		};
		return require_shared.read(api.access.changes.$post({ json }));
	}), output);
}
async function confirm(number, output) {
	const caller = require_shared.readCallerFacts();
	printOutcome(await require_shared.withHub(async (api) => {
		let lastFour;
		if (require_shared.isAtTerminal(caller)) {
			const request = (await require_shared.read(api.access.$get())).requests.find((one) => one.number === number);
			if (request?.person !== void 0) lastFour = await require_shared.askLastFour(request.person, [request.summary]);
			else if (request !== void 0) await require_shared.askYes(`${request.origin} asked: ${request.summary}`);
		}
		const json = {
			caller,
			lastFour
		};
		const param = { number: String(number) };
		return require_shared.read(api.access.requests[":number"].confirm.$post({
			param,
			json
		}));
	}), output);
}
async function reject(number, { isJson }) {
	const param = { number: String(number) };
	const answer = await require_shared.ask((api) => api.access.requests[":number"].reject.$post({
		param,
		json: { caller: require_shared.readCallerFacts() }
	}));
	if (isJson) require_main.printJson(answer);
	else require_main.printLine(`rejected ${answer.number}; nothing was changed`);
}
function printOutcome(outcome, { isJson }) {
	if (isJson) require_main.printJson(outcome);
	else require_main.printLines(require_qr_code.renderOutcome(outcome, Date.now()));
	if (outcome.kind === "pending") process.exitCode = 1;
}
function toNumber({ words }, action) {
	const number = Number(words[0]);
	if (words.length === 1 && Number.isSafeInteger(number) && number > 0) return number;
	throw require_main.toUsageFault(`give the number that "sluice access list" shows: sluice access ${action} <n>`);
}

exports.access = access;