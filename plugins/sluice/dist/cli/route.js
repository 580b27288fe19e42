const require_shared = require("./shared.js");
const require_main = require("./main.js");
const require_pick_session = require("./pick-session.js");
let node_path = require("node:path");

// src/cli/commands/route.ts
const NO_RULES = "no rules: events go by subscription, by repository, else to the session last active";
const route = require_shared.defineCommand({
	description: "Rules that send events to a session: list, add, remove. They are kept in config.json; the first rule that matches an event decides. While no session that the rule names is open, the event waits. Subscriptions go before rules, and rules go before the event's repository.",
	args: {
		action: require_shared.optionalPositional("list (default), add or remove"),
		id: require_shared.optionalPositional("With remove: the rule's id"),
		channel: require_shared.option("name", "Events of this channel"),
		repository: require_shared.option("owner/name", "Of this repository"),
		branch: require_shared.option("text", "Of this branch; * stands for any text"),
		label: require_shared.option("text", "With this label"),
		to: require_shared.option("session", "To the session with this id or label"),
		"to-folder": require_shared.option("path", "To sessions in this folder"),
		"to-repository": require_shared.option("owner/name", "To sessions that work on this repository"),
		json: require_shared.JSON_ARG
	},
	examples: [
		"sluice route add --channel alerts --to \"on call\"",
		"sluice route add --repository octo/api --branch \"release/*\" --to-folder ~/work/release",
		"sluice route remove 2"
	],
	async run({ args }) {
		const { action = "list", id } = args;
		const isPlain = [
			...[
				args.channel,
				args.repository,
				args.branch,
				args.label,
				args.to
			],
			args["to-folder"],
			args["to-repository"]
		].every((flag) => flag === void 0);
		if (action !== "add" && !isPlain) throw require_main.toUsageFault(`these flags belong to "sluice route add"`);
		if (action !== "remove" && id !== void 0) throw require_main.toUsageFault(`unexpected argument "${id}"`);
		switch (action) {
			case "list": {
				const rules = await require_shared.ask((api) => api.routes.$get());
				return require_main.printList(rules, args.json, NO_RULES, renderRules);
			}
			case "add": {
				const json = toRule(args);
				const rule = await require_shared.withHub(async (api) => {
					const view = await require_shared.read(api.routes.$post({ json }));
					if (view.channel !== void 0) await require_pick_session.noteUnknownChannel(api, view.channel);
					return view;
				});
				if (args.json === true) require_main.printJson(rule);
				else require_main.printLine(`rule ${rule.id}: ${toWords(rule)}`);
				return;
			}
			case "remove": {
				if (id === void 0 || !/^\d{1,9}$/.test(id)) throw require_main.toUsageFault("name the rule by its id; \"sluice route\" lists them");
				const rule = await require_shared.ask((api) => api.routes[":id"].$delete({ param: { id } }));
				if (args.json === true) require_main.printJson(rule);
				else require_main.printLine(`removed rule ${rule.id}: ${toWords(rule)}`);
				return;
			}
			default: throw require_main.toUsageFault(`"${action}" is not one of list, add, remove`);
		}
	}
});
function toRule(args) {
	const { channel, repository, branch, label, to: session } = args;
	const folder = args["to-folder"];
	const [to, ...others] = [
		...session === void 0 ? [] : [{ session }],
		...folder === void 0 ? [] : [{ cwd: toFolder(folder) }],
		...args["to-repository"] === void 0 ? [] : [{ repository: args["to-repository"] }]
	];
	if (to === void 0 || others.length > 0) throw require_main.toUsageFault("name one target: --to, --to-folder or --to-repository");
	if ((channel ?? repository ?? branch ?? label) === void 0) throw require_main.toUsageFault("say which events: --channel, --repository, --branch or --label");
	return {
		channel,
		repository,
		branch,
		label,
		to
	};
}
function toFolder(text) {
	return text === "~" || text.startsWith("~/") ? (0, node_path.join)(require_main.requireUserFolder(process.env, "write the folder out"), text.slice(1)) : (0, node_path.resolve)(text);
}
function renderRules(rules) {
	const rows = rules.map((rule) => [
		String(rule.id),
		toEvents(rule),
		toPlace(rule)
	]);
	return require_main.renderTable([
		"ID",
		"EVENTS",
		"GO TO"
	], rows);
}
function toWords(rule) {
	return `events of ${toEvents(rule)} go to ${toPlace(rule)}`;
}
function toEvents({ channel, repository, branch, label }) {
	return Object.entries({
		channel,
		repository,
		branch,
		label
	}).flatMap(([name, value]) => value === void 0 ? [] : [`${name} ${require_main.toLine(value)}`]).join(", ");
}
function toPlace({ to }) {
	if ("session" in to) return `session ${require_main.toLine(to.session)}`;
	return "cwd" in to ? require_main.toLine(to.cwd) : `sessions of ${require_main.toLine(to.repository)}`;
}

exports.route = route;