const require_id = require("./id.js");
const require_shared = require("./shared.js");
const require_main = require("./main.js");

// src/cli/commands/ack.ts
const ack = require_shared.defineCommand({
	description: "Closes events by hand: they are done and will not be delivered again. If one id is unknown, none is closed.",
	args: {
		id: require_shared.positional("The event's id, evt_..."),
		json: require_shared.JSON_ARG
	},
	rest: "[id...]",
	examples: ["sluice ack evt_01hx4y8v7t3m9q2k5n6r8w0zab", "sluice inbox --state stored --channel ci --json | jq -r .id | xargs -r sluice ack"],
	async run({ args, positionals }) {
		const wrong = positionals.find((id) => !require_id.isEventId(id));
		if (wrong !== void 0) throw require_main.toUsageFault(`"${wrong}" is not an event id; "sluice inbox" lists them`);
		const ids = [...new Set(positionals)];
		const answer = await require_shared.ask((api) => api.events.ack.$post({ json: { ids } }));
		if (args.json === true) require_main.printJson(answer);
		else for (const id of answer.ids) require_main.printLine(`${id} done`);
	}
});

exports.ack = ack;