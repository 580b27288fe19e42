const require_shared = require("./shared.js");
const require_main = require("./main.js");

// src/cli/output/access-lines.ts
function renderAccess(view, now) {
	const section = (title, lines) => lines.length === 0 ? [] : [
		"",
		require_main.paint("bold", title),
		...lines
	];
	const table = (title, head, items, toRow) => section(title, items.length === 0 ? [] : require_main.renderTable(head, items.map(toRow)));
	return [
		...renderState(view),
		...table("People", [
			"CHANNEL",
			"ID",
			"ROLES",
			"NAME",
			"SINCE",
			"BY"
		], view.senders, (one) => [
			require_main.toLine(one.channel),
			require_main.toLine(one.id),
			one.roles.length === 0 ? require_main.paint("red", "blocked") : one.roles.map(require_main.toLine).join(", "),
			require_main.toLine(one.name) || "-",
			require_main.toAgo(one.addedAt, now),
			require_main.toLine(one.addedBy)
		]),
		...table("Groups", [
			"CHANNEL",
			"GROUP",
			"MENTION",
			"WORDS",
			"WHO"
		], view.groups, (one) => [
			require_main.toLine(one.channel),
			require_main.toLine(one.id),
			one.requireMention ? "needed" : "not needed",
			one.patterns.map(require_main.toLine).join(", ") || "-",
			one.senders.map(require_main.toLine).join(", ") || "nobody"
		]),
		...table("Contacts, to whom a session may write first", [
			"CHANNEL",
			"CHAT",
			"NAME"
		], view.contacts, (one) => [
			require_main.toLine(one.channel),
			require_main.toLine(one.chatId),
			require_main.toLine(one.name) || "-"
		]),
		...table("People who asked for a code: \"sluice access pair <code>\", with the code they tell you", [
			"CHANNEL",
			"ID",
			"NAME",
			"ASKED"
		], view.pairings, (one) => [
			require_main.toLine(one.channel),
			require_main.toLine(one.id),
			require_main.toLine(one.name) || "-",
			require_main.toAgo(one.createdAt, now)
		]),
		...table("Changes that wait for you: \"sluice access confirm <n>\" or \"reject <n>\"", [
			"N",
			"ASKED",
			"BY",
			"CHANGE"
		], view.requests, (one) => [
			String(one.number),
			require_main.toAgo(one.createdAt, now),
			require_main.toLine(one.origin),
			require_main.toLine(one.summary)
		]),
		...section("Invites that wait to be sent", view.invites.map((one) => `${require_main.toLine(one.channel)}: as ${one.roles.map(require_main.toLine).join(", ")}, ${require_main.toDuration(one.expiresAt - now)} left`))
	];
}
function renderOutcome(outcome, now) {
	switch (outcome.kind) {
		case "done": return [require_main.toLine(outcome.summary)];
		case "pending": return [`nothing was changed: ${require_main.toLine(outcome.summary)}`, `It waits as ${outcome.number}. Its owner confirms it in a terminal of their own: sluice access confirm ${outcome.number}`];
		case "invited": return [`${require_main.toLine(outcome.summary)}: ${require_main.paint("bold", require_main.toLine(outcome.code))}  ${require_main.paint("yellow", "(shown only now)")}`, renderInvite(outcome, Math.ceil((outcome.expiresAt - now) / 6e4))];
		default: return outcome;
	}
}
function renderInvite({ account, code }, minutes) {
	if (account === void 0) return `Send it to the channel's account (for telegram, a direct message to your bot) within ${minutes} minutes. It works once.`;
	const link = account.codeLink === void 0 ? "" : `, or open ${require_main.toLine(account.codeLink + code)}`;
	return `Send it to ${require_main.toLine(account.name)} within ${minutes} minutes${link}. It works once.`;
}
function renderAudit(rows) {
	if (rows.length === 0) return ["access was never changed"];
	return require_main.renderTable([
		"N",
		"WHEN",
		"BY",
		"ACTION",
		"WHAT"
	], rows.map((row) => [
		String(row.seq),
		new Date(row.at).toISOString(),
		require_main.toLine(row.actor),
		require_main.toLine(row.action),
		require_main.toLine(row.detail)
	]));
}
function renderState({ state, reason, channels, audit, senders }) {
	const alarm = state === "damaged" ? [require_main.paint("red", `Access is damaged (${require_main.toLine(reason ?? "")}): nobody is admitted to a chat.`), "Look at \"sluice access log\", then run \"sluice access restore\" for the last good copy."] : [];
	const broken = audit.damage === void 0 ? [] : [require_main.paint("red", `The audit is broken: ${require_main.toLine(audit.damage)}.`)];
	const isStatic = state === "static" ? ["static: nothing changes at run time (\"access\" in config.json)"] : [];
	const policies = channels.map(({ name, policy }) => `${require_main.toLine(name)} ${require_main.toLine(policy)}`).join(", ");
	const notes = [...channels.some(({ policy }) => policy === "page") ? ["page: its one user, signed in with \"sluice open\"; nobody else can be let in"] : [], ...channels.some(({ policy }) => policy === "source") ? ["source: no people; the holder of the channel's secret"] : []];
	const hasPlatform = channels.some(({ policy }) => policy !== "page" && policy !== "source");
	const nobody = senders.length === 0 && state !== "damaged" && (hasPlatform || channels.length === 0) ? ["Nobody may speak yet. \"sluice access invite <channel>\" makes a code for yourself."] : [];
	return [
		...alarm,
		...broken,
		...isStatic,
		`Policies: ${policies || "no channels"}`,
		...notes,
		...nobody
	];
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
	const isPair = action === "group" || action === "contact";
	if (isPair && CHANGES[`${action} ${first}`] === void 0) throw require_main.toUsageFault(`sluice access ${action} add or ${action} remove; "sluice access --help" explains them`);
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
	"confirm",
	"reject",
	"restore",
	"log"
];
const access = require_shared.defineCommand({
	description: "Shows and changes who may write to a channel. Actions: list; pair <code> (lets in the person who was given this code in a chat); invite <channel> (prints a code that a person sends to get in); allow, revoke or role <channel> <id>; policy <channel> <pairing|invite|allowlist|disabled>; group add|remove <channel> <group>; contact add|remove <channel> <chat>; confirm or reject <n>; restore; log. Changes need a person at a terminal: a change that a script or a session's shell asks for waits until somebody confirms it in a terminal.",
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
		limit: require_shared.option("n", "Rows of the log (default: 50)"),
		json: require_shared.JSON_ARG
	},
	rest: "[<argument>...]",
	repeatable: [
		"role",
		"sender",
		"pattern"
	],
	examples: [
		"sluice access invite telegram --role chatter",
		"sluice access pair 7K2-M9Q",
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
	else require_main.printLines(renderAccess(view, Date.now()));
}
async function showLog(limit, { isJson }) {
	const rows = await require_shared.ask((api) => api.access.log.$get({ query: { limit: require_shared.parseLimit(limit ?? "50", 1e4) } }));
	if (isJson) require_main.printJson(rows);
	else require_main.printLines(renderAudit(rows));
}
async function change(action, given, output) {
	const wanted = toChange(action, given);
	if (wanted === void 0) throw require_main.toUsageFault(`"${action}" is not an action of access${require_main.toHint(action, ACTIONS)}; "sluice access --help" lists the actions`);
	const caller = require_shared.readCallerFacts();
	printOutcome(await require_shared.ask((api) => api.access.changes.$post({ json: {
		change: wanted,
		caller
	} })), output);
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
	else require_main.printLines(renderOutcome(outcome, Date.now()));
	if (outcome.kind === "pending") process.exitCode = 1;
}
function toNumber({ words }, action) {
	const number = Number(words[0]);
	if (words.length === 1 && Number.isSafeInteger(number) && number > 0) return number;
	throw require_main.toUsageFault(`give the number that "sluice access list" shows: sluice access ${action} <n>`);
}

exports.access = access;