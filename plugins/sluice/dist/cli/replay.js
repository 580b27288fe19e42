const require_id = require("./id.js");
const require_shared = require("./shared.js");
const require_duration = require("./duration.js");
const require_main = require("./main.js");

// src/cli/commands/replay.ts
const replay = require_shared.defineCommand({
	description: "Delivers events again: by id, or all ended events of a time range or a channel. An event that a session may have read before is marked replayed=\"true\". Exits 1 when an event cannot be replayed.",
	args: {
		id: require_shared.optionalPositional("The event's id, evt_..."),
		since: require_shared.option("time", "Events since then: 2h (ago), 2026-01-31 or 2026-01-31T09:00 (default: all stored events)"),
		until: require_shared.option("time", "Events until then (default: now)"),
		channel: require_shared.CHANNEL_ARG,
		state: {
			type: "enum",
			options: [
				"seen",
				"done",
				"expired",
				"dead"
			],
			description: "Only events in this state"
		},
		session: require_shared.option("id or label", "Only for this session"),
		json: require_shared.JSON_ARG
	},
	rest: "[id...]",
	examples: [
		"sluice replay evt_01hx4y8v7t3m9q2k5n6r8w0zab",
		"sluice replay --channel ci --state dead",
		"sluice replay --since 2026-01-31T09:00 --until 2026-01-31T12:00 --channel ci"
	],
	async run({ args, positionals }) {
		const now = Date.now();
		const wrong = positionals.find((id) => !require_id.isEventId(id));
		if (wrong !== void 0) throw require_main.toUsageFault(`"${wrong}" is not an event id; "sluice inbox" lists them`);
		const isRange = (args.since ?? args.channel) !== void 0;
		if (!isRange && (args.until ?? args.state) !== void 0) throw require_main.toUsageFault("--until and --state narrow a range; begin it with --since or --channel");
		if (positionals.length > 0 === isRange) throw require_main.toUsageFault("give event ids, or a range by --since or --channel");
		const session = args.session === void 0 ? {} : { session: args.session };
		const outcomes = !isRange ? await replayIds([...new Set(positionals)], session) : await replayRange({
			since: args.since === void 0 ? 0 : require_duration.parseTime("--since", args.since, now),
			...args.until === void 0 ? {} : { until: require_duration.parseTime("--until", args.until, now) },
			...args.channel === void 0 ? {} : { channel: args.channel },
			...args.state === void 0 ? {} : { state: args.state },
			...session,
			startedAt: now
		});
		const replayed = outcomes.filter((one) => one.replayed);
		if (args.json === true) require_main.printJson({ events: outcomes });
		else require_main.printLines(render(outcomes, replayed.length));
		if (!isRange && replayed.length < outcomes.length) process.exitCode = 1;
	}
});
async function replayIds(ids, session) {
	const json = {
		ids,
		...session
	};
	return (await require_shared.ask((api) => api.events.replay.$post({ json }))).events;
}
async function replayRange(json) {
	const outcomes = [];
	for (;;) {
		const page = await require_shared.ask((api) => api.events.replay.$post({ json }));
		outcomes.push(...page.events);
		if (!page.more) return outcomes;
	}
}
function render(outcomes, replayed) {
	const left = outcomes.filter((one) => !one.replayed);
	return [replayed === 0 ? "nothing to deliver again" : `${require_main.toCount(replayed, "event")} to be delivered again`, ...left.map(({ id, reason }) => `${id} left as it is: ${reason ?? ""}`)];
}

exports.replay = replay;