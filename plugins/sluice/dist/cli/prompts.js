const require_visible = require("./visible.js");
const require_own_tool = require("./own-tool.js");
const require_shared = require("./shared.js");
const require_main = require("./main.js");

// src/sdk/why-code.ts
const UNLISTED = "not on the list of harmless calls";
function toWhyCode({ reasons }) {
	return reasons.length === 0 ? UNLISTED : reasons.join("; ");
}

// src/cli/commands/prompts.ts
const prompts = require_shared.defineCommand({
	description: "Lists the prompts that wait for an answer; with --all, also those that have ended, and how. With an id or a code, shows that prompt in full. Secrets in arguments are masked, and misleading characters are shown by their number: ⟨U+202E⟩.",
	args: {
		id: require_shared.optionalPositional("Id or code of one prompt"),
		all: require_shared.flag("Also prompts that have ended"),
		session: require_shared.option("id", "Only prompts of this session"),
		limit: require_shared.LIMIT_ARG,
		json: require_shared.JSON_ARG
	},
	examples: [
		"sluice prompts",
		"sluice prompts abxyz",
		"sluice prompts --all --json"
	],
	async run({ args }) {
		const isJson = args.json === true;
		const { id: ref } = args;
		if (ref !== void 0) {
			const prompt = await readPrompt(ref);
			if (isJson) require_main.printJson(prompt);
			else require_main.printLines(renderWhole(prompt, Date.now()));
			return;
		}
		const query = {
			limit: require_shared.parseLimit(args.limit ?? "50", 1e3),
			...args.all === true ? {} : { state: "pending" },
			session: args.session
		};
		const found = await require_shared.ask((api) => api.prompts.$get({ query }));
		require_main.printList(found, isJson, "nothing waits for an answer", (list) => renderPrompts(list, Date.now()));
	}
});
function readPrompt(ref) {
	return require_shared.ask((api) => api.prompts[":ref"].$get({ param: { ref } }));
}
function renderPrompts(list, now) {
	const rows = list.map((one) => [
		one.code,
		require_main.toAgo(one.createdAt, now),
		toText(one.sessionName),
		toText(one.tool),
		one.state === "pending" ? one.risk.isRisky ? "needs code" : "waits" : toEnd(one),
		toText(one.arguments)
	]);
	return require_main.renderTable([
		"CODE",
		"ASKED",
		"SESSION",
		"TOOL",
		"STATE",
		"WHAT"
	], rows);
}
function renderWhole(prompt, now) {
	const { id, code, tool, sessionName, cwd, digest, risk, count, isCut, agent } = prompt;
	return [
		`${toText(tool)} in ${toText(sessionName)}${agent === void 0 ? "" : ` (by its helper ${toText(agent)})`}, asked ${require_main.toAgo(prompt.createdAt, now)}`,
		`  code    ${code}   (${id})`,
		`  folder  ${cwd === "" ? "unknown" : toText(cwd)}`,
		`  state   ${prompt.state === "pending" ? "waits for an answer" : toEnd(prompt)}`,
		...risk.isRisky ? [`  needs   its code: ${toText(toWhyCode(risk))}`] : [],
		...risk.note === void 0 ? [] : [`  note    ${toText(risk.note)}`],
		...count > 1 ? [`  calls   ${count} identical ones wait`] : [],
		`  digest  ${digest}${isCut ? " (shown only in part)" : ""}`,
		"",
		...prompt.description === void 0 ? [] : [toText(prompt.description), ""],
		...require_visible.toVisible(prompt.arguments).replaceAll("	", "  ").split("\n"),
		...prompt.state === "pending" ? ["", `Deny it: sluice answer ${code} deny. Allow it ${tool === "sluice: send files" ? "" : "in the session's dialog, "}on the page (sluice open), or in an approver's chat.`] : []
	];
}
function toEnd({ state, outcome, reason }) {
	if (outcome === void 0) return reason === void 0 ? state : `${state}: ${toText(reason)}`;
	const { verdict, by, via, rule } = outcome;
	return `${{
		allow: "allowed",
		deny: "denied",
		answers: "answered"
	}[verdict.kind]} by ${toText(by)} (${rule === void 0 ? via : `rule ${rule}`})`;
}
function toText(text) {
	return require_main.toLine(require_visible.toVisible(text));
}

exports.prompts = prompts;