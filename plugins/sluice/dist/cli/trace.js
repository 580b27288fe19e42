const require_shared = require("./shared.js");
const require_event_lines = require("./event-lines.js");
const require_main = require("./main.js");

// src/cli/commands/trace.ts
const trace = require_shared.defineCommand({
	description: "Shows every step of one event: how it was verified and accepted, which session it was offered to, and why it waits. Starts the hub if none runs.",
	args: {
		id: require_shared.positional("The event's id, evt_..."),
		json: require_shared.JSON_ARG
	},
	examples: ["sluice trace evt_01hx4y8v7t3m9q2k5n6r8w0zab", "sluice inbox --json --limit 1 | jq -r .id | xargs -r sluice trace"],
	async run({ args }) {
		const [view, sessions] = await require_shared.withHub(async (api) => [await require_shared.read(api.events[":id"].trace.$get({ param: { id: args.id } })), (await require_shared.read(api.status.$get())).sessions]);
		if (args.json === true) return require_main.printJson(view);
		const labels = new Map([...Object.entries(view.names ?? {}), ...sessions.map(({ id, label }) => [id, label])]);
		require_main.printLines(require_event_lines.renderTrace(view, Date.now(), labels));
	}
});

exports.trace = trace;