const require_shared = require("./shared.js");
const require_main = require("./main.js");
const require_pick_session = require("./pick-session.js");

// src/cli/commands/watch.ts
const NOTHING_WATCHED = "nothing is watched: events go by repository, else to the session last active";
const watch = require_shared.defineCommand({
	description: "Sends a channel's events, or some of them, to one session, whichever other sessions are open; without a channel, lists the subscriptions. The events wait while the session is closed. A subscription follows the session through a resume and /clear. It ends by unwatch, by --until, or a week after the session was last open.",
	args: {
		channel: require_shared.optionalPositional("The channel's name"),
		entity: require_shared.option("what", "Only events about this, such as octo/app#12"),
		pattern: require_shared.option("text", "Only events whose entity or kind matches; * stands for any text, the rest is literal"),
		until: {
			type: "enum",
			options: [
				"merged",
				"closed",
				"done"
			],
			description: "End the subscription when an event reports this"
		},
		copy: require_shared.flag("Give this session a copy of its own, with its own receipt, whichever other sessions get the event"),
		session: require_shared.option("id or label", "The session (default: the one this command runs in, or the only one)"),
		json: require_shared.JSON_ARG
	},
	examples: [
		"sluice watch github --entity octo/app#12 --until merged",
		"sluice watch ci --pattern \"check_run*\" --copy --session \"app (main)\"",
		"sluice watch"
	],
	async run({ args }) {
		const { channel, entity, pattern, until, copy } = args;
		if (channel === void 0) {
			if (copy === true || (entity ?? pattern ?? until ?? args.session)) throw require_main.toUsageFault("name a channel; without one, watch only lists the subscriptions");
			const list = await require_shared.ask((api) => api.subscriptions.$get());
			return require_main.printList(list, args.json, NOTHING_WATCHED, renderSubscriptions);
		}
		const added = await require_shared.withHub(async (api) => {
			const json = {
				session: args.session ?? await require_pick_session.pickSession(api),
				channel,
				entity,
				pattern,
				until,
				copy
			};
			const view = await require_shared.read(api.subscriptions.$post({ json }));
			await require_pick_session.noteUnknownChannel(api, channel);
			return view;
		});
		if (args.json === true) require_main.printJson(added);
		else require_main.printLine(`${added.id}  ${toWords(added)} goes to ${require_main.toLine(added.label)}`);
	}
});
function toWords({ channel, entity, pattern, until, copy }) {
	const what = [entity, pattern].filter((one) => one !== null).map((one) => ` ${require_main.toLine(one)}`);
	const end = until === null ? "" : ` until ${until}`;
	return `${require_main.toLine(channel)}${what.join(",")}${end}${copy ? ", a copy" : ""}`;
}
function renderSubscriptions(list) {
	const rows = list.map((one) => [
		String(one.id),
		toWords(one),
		require_main.toLine(one.label)
	]);
	return require_main.renderTable([
		"ID",
		"WATCHED",
		"SESSION"
	], rows);
}
const unwatch = require_shared.defineCommand({
	description: "Ends a subscription, named by its id or by its channel and filters. Events that still wait for it then go to a session that works on their repository, or else to the session active last.",
	args: {
		what: require_shared.positional("The subscription's id, or the channel's name"),
		entity: require_shared.option("what", "The entity of the subscription"),
		pattern: require_shared.option("text", "The pattern of the subscription"),
		session: require_shared.option("id or label", "Only subscriptions of this session (default: of any)"),
		json: require_shared.JSON_ARG
	},
	examples: ["sluice unwatch 3", "sluice unwatch github --entity octo/app#12"],
	async run({ args }) {
		const { what, entity, pattern, session } = args;
		const isId = /^\d{1,9}$/.test(what);
		if (isId && (entity ?? pattern ?? session) !== void 0) throw require_main.toUsageFault("an id already names the subscription; leave the flags out");
		const json = isId ? { id: Number(what) } : {
			channel: what,
			entity,
			pattern,
			session
		};
		const ended = await require_shared.ask((api) => api.subscriptions.end.$post({ json }));
		for (const one of ended) if (args.json === true) require_main.printJson(one);
		else require_main.printLine(`no longer watched: ${toWords(one)} for ${require_main.toLine(one.label)}`);
	}
});

exports.toWords = toWords;
exports.unwatch = unwatch;
exports.watch = watch;