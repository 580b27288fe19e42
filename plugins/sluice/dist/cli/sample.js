const require_shared = require("./shared.js");
const require_main = require("./main.js");

// src/cli/requests/sample.ts
const sample = require_shared.defineCommand({
	description: "Sends a recorded request of a known sender to a channel of that kind: signed with the channel's secret, verified, stored and delivered like any other. Without an event, lists the samples there are.",
	args: {
		kind: require_shared.positional("The sender, such as sentry"),
		event: require_shared.optionalPositional("Which sample, such as issue.created"),
		channel: require_shared.option("name", "Which channel of that kind (default: the first)"),
		json: require_shared.JSON_ARG
	},
	examples: ["sluice sample sentry", "sluice sample sentry issue.created"],
	async run({ args }) {
		const { kind, event, channel } = args;
		if (event === void 0) {
			const list = await require_shared.ask((api) => api.samples[":kind"].$get({ param: { kind } }));
			if (args.json === true) return require_main.printJson(list);
			if (list.length === 0) return require_main.printLine(`there are no samples of "${require_main.toLine(kind)}"`);
			return require_main.printLines(list.map((one) => require_main.toLine(one.event)));
		}
		const json = {
			caller: require_shared.readCallerFacts(),
			kind,
			event,
			...channel === void 0 ? {} : { channel }
		};
		const sent = await require_shared.ask((api) => api.samples.$post({ json }));
		if (args.json === true) return require_main.printJson(sent);
		const { status, id } = sent;
		const follow = id === void 0 ? "sluice status tells more" : `follow it: sluice trace ${require_main.toLine(id)}`;
		require_main.printLine(`${require_main.toLine(sent.event)} to ${require_main.toLine(sent.channel)}: answered ${status}; ${follow}`);
	}
});

exports.sample = sample;