const require_message = require("./message.js");
const require_shared = require("./shared.js");
const require_main = require("./main.js");

// src/cli/commands/outbox.ts
const outbox = require_shared.defineCommand({
	description: "Lists the messages of sessions: queued, sending, sent, failed or \"maybe\". \"maybe\" means that the hub or the connection failed while the message was being sent, so it may or may not have arrived; Sluice never repeats such a message, and \"retry\" sends it again. A message that could not be sent at all stays queued and is tried again for a day.",
	args: {
		action: require_shared.optionalPositional("retry (default: lists the messages)"),
		id: require_shared.optionalPositional("The message to send again"),
		state: {
			type: "enum",
			options: [...require_message.OUTBOX_STATES],
			description: "Only messages in this state"
		},
		channel: require_shared.option("name", "Only messages of this channel"),
		limit: require_shared.LIMIT_ARG,
		json: require_shared.JSON_ARG
	},
	examples: [
		"sluice outbox --state maybe",
		"sluice outbox retry 12",
		"sluice outbox --json"
	],
	async run({ args }) {
		if (args.action !== void 0 && args.action !== "retry") throw require_main.toUsageFault(`"${args.action}" is not an action; the only one is retry`);
		if (args.action === "retry") {
			const { id } = args;
			if (id === void 0) throw require_main.toUsageFault("which message? \"sluice outbox\" lists them");
			const json = { caller: require_shared.readCallerFacts() };
			const row = await require_shared.ask((api) => api.outbox[":id"].retry.$post({
				param: { id },
				json
			}));
			if (args.json === true) require_main.printJson(row);
			else require_main.printLine(`${row.id} ${row.state}`);
			return;
		}
		const query = {
			limit: require_shared.parseLimit(args.limit ?? "50", 1e4),
			state: args.state,
			channel: args.channel
		};
		const rows = await require_shared.ask((api) => api.outbox.$get({ query }));
		require_main.printList(rows, args.json, "nothing in the outbox", (list) => renderOutbox(list, Date.now()));
	}
});
function renderOutbox(rows, now) {
	return require_main.renderTable([
		"ID",
		"WHEN",
		"CHANNEL",
		"WHAT",
		"STATE",
		"REASON OR TEXT"
	], rows.map((row) => [
		String(row.id),
		require_main.toAgo(row.createdAt, now),
		require_main.toLine(row.channel),
		require_main.toLine(row.kind),
		require_shared.paintState(row.state),
		require_main.toLine(row.reason ?? row.text)
	]));
}

exports.outbox = outbox;