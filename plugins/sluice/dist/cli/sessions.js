const require_shared = require("./shared.js");
const require_main = require("./main.js");

// src/cli/commands/sessions.ts
const sessions = require_shared.defineCommand({
	description: "Lists the open sessions with their lane and whether delivery to them is proven; with --json, one session per line. Starts the hub if none runs. \"label\" gives a session a name of your choice; an empty name removes it.",
	args: {
		action: require_shared.optionalPositional("list (default) or label"),
		json: require_shared.JSON_ARG
	},
	rest: "[session] [label]",
	examples: [
		"sluice sessions",
		"sluice sessions label \"app (main)\" reports",
		"sluice sessions --json | jq -r .label"
	],
	async run({ args, positionals }) {
		const [action = "list", session, ...words] = positionals;
		if (action === "label") {
			if (session === void 0 || words.length === 0) throw require_main.toUsageFault("name the session and its new label: sluice sessions label ID LABEL");
			const param = { name: session };
			const json = { label: words.join(" ") };
			const named = await require_shared.ask((api) => api.sessions[":name"].label.$post({
				param,
				json
			}));
			if (args.json === true) require_main.printJson(named);
			else require_main.printLine(`${require_main.toLine(named.session)} is called ${require_main.toLine(named.label ?? "as its folder")}`);
			return;
		}
		if (action !== "list" || session !== void 0) throw require_main.toUsageFault(`"${[action, session].join(" ").trim()}" is not understood; there is list and label`);
		const { sessions: list } = await require_shared.ask((api) => api.status.$get());
		require_main.printList(list, args.json, "no session is open; start claude, and if it does not appear here run \"sluice connect claude\"", require_shared.renderSessions);
	}
});

exports.sessions = sessions;