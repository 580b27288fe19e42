const require_shared = require("./shared.js");
const require_main = require("./main.js");

// src/cli/commands/channels.ts
const NAMED = {
	name: require_shared.positional("The channel's name"),
	json: require_shared.JSON_ARG
};
const channels = require_shared.defineCommand({
	description: "Lists the channels with their state and URL. Starts the hub if none runs.",
	args: { json: require_shared.JSON_ARG },
	examples: ["sluice channels", "sluice channels --json"],
	async run({ args }) {
		const list = await require_shared.ask((api) => api.channels.$get());
		if (args.json === true) require_main.printJson(list);
		else if (list.length === 0) require_main.printLine("no channels; \"sluice add webhook\" makes one");
		else require_main.printLines([...require_shared.renderChannels(list, Date.now()), ...require_shared.renderRefused(list, Date.now())]);
	}
});
const pause = require_shared.defineCommand({
	description: "Stops accepting events on a channel until it is resumed: senders are told to try again later. Stored events stay.",
	args: NAMED,
	examples: ["sluice pause alerts"],
	async run({ args }) {
		printChanged("paused", await require_shared.ask((api) => api.channels[":name"].pause.$post(toCall(args.name))), args.json);
	}
});
const resume = require_shared.defineCommand({
	description: "Accepts events on a paused channel again.",
	args: NAMED,
	examples: ["sluice resume alerts"],
	async run({ args }) {
		printChanged("resumed", await require_shared.ask((api) => api.channels[":name"].resume.$post(toCall(args.name))), args.json);
	}
});
const remove = require_shared.defineCommand({
	description: "Removes a channel and its secret, and on the platform the webhook that Sluice has made. Stored events stay in the inbox; its senders are refused from then on.",
	args: NAMED,
	examples: ["sluice remove alerts"],
	async run({ args }) {
		const answer = await require_shared.ask((api) => api.channels[":name"].remove.$post(toCall(args.name)));
		printChanged("removed", answer, args.json);
		for (const { target, id, reason } of answer.hooks) if (reason !== void 0) require_main.printNote(`its webhook in ${target} (id ${id}) is still there: ${reason}; remove it there`);
		else if (args.json !== true) require_main.printLine(`removed its webhook in ${require_main.toLine(target)}`);
		if (answer.endsNotices) require_main.printNote("notices went to it; \"sluice notices <channel>\" names another place");
	}
});
const ignore = require_shared.defineCommand({
	description: "Leaves out what an account does by hand on a GitHub channel: its comments, reviews, pushes, labels. For the account that your session writes with, so that its own comments do not wake it. What machines find out about its work (runs, checks, deployments, alerts) still comes. Ignored deliveries are answered 202 and counted.",
	args: {
		name: require_shared.positional("The channel's name"),
		remove: require_shared.flag("Stop ignoring these accounts"),
		json: require_shared.JSON_ARG
	},
	rest: "<login>...",
	examples: ["sluice ignore github octocat", "sluice ignore github octocat --remove"],
	async run({ args, positionals }) {
		const logins = positionals.slice(1).map((login) => login.replace(/^@/, ""));
		if (logins.length === 0 && args.remove === true) throw require_main.toUsageFault("--remove needs the logins that are not to be ignored any more");
		const change = args.remove === true ? {
			add: [],
			remove: logins
		} : {
			add: logins,
			remove: []
		};
		const { param, json } = toCall(args.name);
		const answer = await require_shared.ask((api) => api.channels[":name"].ignore.$post({
			param,
			json: {
				...json,
				...change
			}
		}));
		if (args.json === true) require_main.printJson(answer);
		else {
			const list = answer.ignoreSenders.map(require_main.toLine).join(", ");
			require_main.printLine(`${require_main.toLine(answer.name)} ignores ${list === "" ? "no account" : list}`);
		}
	}
});
function toCall(name) {
	return {
		param: { name },
		json: { caller: require_shared.readCallerFacts() }
	};
}
function printChanged(what, answer, isJson) {
	if (isJson === true) require_main.printJson(answer);
	else require_main.printLine(`${what} ${answer.name}`);
}

exports.channels = channels;
exports.ignore = ignore;
exports.pause = pause;
exports.remove = remove;
exports.resume = resume;