const require_visible = require("./visible.js");
const require_shared = require("./shared.js");
const require_main = require("./main.js");

// src/cli/output/rule-lines.ts
const HEAD = [
	"RULE",
	"ANSWER",
	"TOOL",
	"ADDED",
	"UNTIL",
	"ONLY"
];
const LABEL_COLUMNS = 8;
function renderRules(rules, now, columns) {
	const rows = rules.map((one) => [
		String(one.id),
		one.action,
		one.scope === "edits" ? "(edits)" : require_visible.toVisible(one.tool),
		require_main.toAgo(one.createdAt, now),
		one.expiresAt === void 0 ? "" : `in ${require_main.toDuration(one.expiresAt - now)}`,
		require_visible.toRuleLimits(one)
	]);
	return require_main.renderTable(HEAD, rows, columns);
}
function renderRule(rule) {
	const limits = require_visible.toRuleLimits(rule);
	return `rule ${rule.id}: ${require_visible.toRuleHead(rule)}${limits === "" ? "" : `, ${limits}`}`;
}
function renderExplanation(rule, now) {
	const { createdAt, expiresAt, by } = rule;
	const until = expiresAt === void 0 ? "it is removed" : `${toTime(expiresAt)} (in ${require_main.toDuration(expiresAt - now)}); then people are asked again`;
	return [
		`rule ${rule.id}: ${require_visible.toRuleHead(rule)}`,
		...require_visible.explainRule(rule).flatMap(({ label, value }) => renderFact(label, value)),
		...renderFact("since", `${toTime(createdAt)} (${require_main.toAgo(createdAt, now)}), by ${require_main.toLine(by)}`),
		...renderFact("until", until)
	];
}
function renderFact(label, value) {
	return value.split("\n").map((line, at) => `  ${(at === 0 ? label : "").padEnd(LABEL_COLUMNS)} ${at === 0 ? "" : "| "}${line}`);
}
function toTime(at) {
	const pad = (value) => String(value).padStart(2, "0");
	const time = new Date(at);
	return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${pad(time.getHours())}:${pad(time.getMinutes())}`;
}

// src/cli/commands/rule.ts
const ACTIONS = [
	"list",
	"explain",
	"add",
	"remove",
	"commands"
];
const rule = require_shared.defineCommand({
	description: "Rules that answer prompts of sessions. \"list\" shows them, including those that somebody made while allowing a call (\"exactly this again\"); \"explain <n>\" says what a rule covers, where, until when, and what it does not cover. \"add allow|ask|deny <tool>\" answers calls of a tool, or of all tools that match a pattern such as mcp__github__get_*; with \"ask\", people are asked even where another rule would allow. Deny goes before ask, and ask before allow. A rule that denies or asks is read widely: if it might cover a call, only the typed code of that call allows it. A rule that allows is read narrowly: it covers only commands of plain words and only files whose real path matches. No rule answers a question or accepts a plan. Only a person at a terminal can add a rule that allows, or remove one that asks or denies. \"commands\" lists the project commands that one tap allows.",
	args: {
		action: require_shared.optionalPositional("list (default), explain, add, remove or commands"),
		path: require_shared.option("glob", "Only files that match, by their name and by their real path: absolute, under ~, or in the session's folder; ** crosses folders. With allow: no shell commands, and hidden files only if the pattern names them"),
		command: require_shared.option("glob", "Only shell commands that match; * and ? are wildcards. With allow: the pattern must match the whole line, and no wildcard stands for an operator, a quote or a $"),
		session: require_shared.option("name", "Only this session: its name, its id, or the folder in which it was opened"),
		json: require_shared.JSON_ARG
	},
	rest: "[allow|ask|deny <tool>, or a rule's number]",
	examples: [
		"sluice rule add allow Bash --command \"npm run *\"",
		"sluice rule add deny '*' --path '~/.ssh/**'",
		"sluice rule explain 3"
	],
	async run({ args, positionals }) {
		const [action = "list", ...words] = positionals;
		const { path, command, session } = args;
		const isJson = args.json === true;
		if (action !== "add" && (path !== void 0 || command !== void 0 || session !== void 0)) throw require_main.toUsageFault(`--path, --command and --session belong to "sluice rule add"`);
		if (action === "list" && words.length === 0) return list(isJson);
		if (action === "commands" && words.length === 0) return listCommands(isJson);
		if (action === "explain") return explain(words, isJson);
		if (action === "remove") return remove(words, isJson);
		if (action === "add") return add(words, {
			path,
			command,
			session
		}, isJson);
		throw require_main.toUsageFault(`sluice rule takes list, explain, add, remove or commands, not "${[action, ...words].join(" ")}"${require_main.toHint(action, ACTIONS)}`);
	}
});
async function list(isJson) {
	const rules = await require_shared.ask((api) => api.rules.$get());
	if (isJson) {
		for (const one of rules) require_main.printJson(one);
		return;
	}
	if (rules.length === 0) return require_main.printLine("no rules: people are asked about every prompt");
	require_main.printLines(renderRules(rules, Date.now(), require_main.readColumns()));
	for (const one of rules) if (one.noEffect !== void 0) require_main.printNote(`rule ${one.id} allows nothing: ${one.noEffect}`);
}
async function listCommands(isJson) {
	const view = await require_shared.ask((api) => api["project-commands"].$get());
	if (isJson) return require_main.printJson(view);
	for (const command of view.commands) require_main.printLine(require_visible.toVisible(command));
	require_main.printNote(view.isDefault ? "the default list, word for word; prompts.projectCommands in config.json replaces it" : "from prompts.projectCommands in config.json, word for word");
}
async function explain(words, isJson) {
	const number = toNumber("explain", words);
	const found = await require_shared.ask((api) => api.rules[":number"].$get({ param: { number } }));
	if (isJson) return require_main.printJson({
		...found,
		explanation: require_visible.explainRule(found)
	});
	require_main.printLines(renderExplanation(found, Date.now()));
	if (found.noEffect !== void 0) require_main.printNote(`it allows nothing: ${found.noEffect}`);
}
async function add(words, only, isJson) {
	const [answer, tool, ...extra] = words;
	const action = [
		"allow",
		"ask",
		"deny"
	].find((one) => one === answer);
	if (action === void 0 || tool === void 0 || extra.length > 0) throw require_main.toUsageFault("say what a tool's calls are answered: sluice rule add allow|ask|deny <tool>; quote patterns: \"mcp__github__*\"");
	const { path, command, session } = only;
	const json = {
		action,
		tool,
		path,
		command,
		session,
		caller: require_shared.readCallerFacts()
	};
	const added = await require_shared.ask((api) => api.rules.$post({ json }));
	if (isJson) return require_main.printJson(added);
	require_main.printLine(renderRule(added));
	if (added.noEffect !== void 0) require_main.printNote(`it allows nothing: ${added.noEffect}`);
	if (action === "allow" && command === void 0 && /^(?:\*|Bash)$/.test(tool)) require_main.printNote("this allows every shell command of plain words without asking; --command narrows it");
}
async function remove(words, isJson) {
	const number = toNumber("remove", words);
	const json = { caller: require_shared.readCallerFacts() };
	const gone = await require_shared.ask((api) => api.rules[":number"].remove.$post({
		param: { number },
		json
	}));
	if (isJson) return require_main.printJson(gone);
	require_main.printLine(`removed ${renderRule(gone)}`);
}
function toNumber(action, [number, ...extra]) {
	if (number === void 0 || extra.length > 0 || !/^\d+$/.test(number)) throw require_main.toUsageFault(`give the number that "sluice rule list" shows: sluice rule ${action} <n>`);
	return number;
}

exports.rule = rule;