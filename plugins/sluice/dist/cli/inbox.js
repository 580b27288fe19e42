const require_read_recent = require("./read-recent.js");
const require_event = require("./event.js");
const require_shared = require("./shared.js");
const require_event_lines = require("./event-lines.js");
const require_main = require("./main.js");
const require_pick_session = require("./pick-session.js");

// src/cli/commands/inbox.ts
const inbox = require_shared.defineCommand({
	description: "Lists the latest events, oldest first; with --json, one event per line. Starts the hub if none runs.",
	args: {
		state: {
			type: "enum",
			options: [...require_event.DELIVERY_STATES],
			description: "Only events in this state"
		},
		channel: require_shared.CHANNEL_ARG,
		limit: require_shared.LIMIT_ARG,
		json: require_shared.JSON_ARG
	},
	examples: [
		"sluice inbox",
		"sluice inbox --state stored --channel ci",
		"sluice inbox --json --limit 500 | jq -r .text"
	],
	async run({ args }) {
		const query = {
			...args.state === void 0 ? {} : { state: args.state },
			...args.channel === void 0 ? {} : { channel: args.channel }
		};
		const limit = Number(require_shared.parseLimit(args.limit ?? "50", 1e4));
		const { channel } = args;
		const events = await require_shared.withHub(async (api) => {
			const found = await require_read_recent.readRecent(api, {
				query,
				limit
			});
			if (found.length === 0 && channel !== void 0) await require_pick_session.noteUnknownChannel(api, channel);
			return found;
		});
		require_main.printList(events, args.json, "no events", (list) => require_event_lines.renderEvents(list, Date.now()));
	}
});

exports.inbox = inbox;