const require_shared = require("./shared.js");
const require_main = require("./main.js");

// src/cli/commands/notices.ts
const notices = require_shared.defineCommand({
	description: "Sets the channel that notifies you of events that expired or got no receipt in five attempts: a chat, or a webhook added with --two-way. With \"off\", notices are only logged and shown by \"sluice status\". Without a name, shows the current setting.",
	args: {
		channel: require_shared.optionalPositional("The channel's name, or off (default: shows the current setting)"),
		chat: require_shared.option("id", "The chat of that channel"),
		json: require_shared.JSON_ARG
	},
	examples: [
		"sluice notices",
		"sluice notices telegram --chat 123456789",
		"sluice notices off"
	],
	async run({ args }) {
		const { channel, chat } = args;
		if (chat !== void 0 && (channel === void 0 || channel === "off")) throw require_main.toUsageFault("--chat needs a channel's name");
		const notices = channel === void 0 ? await require_shared.ask((api) => api.notices.$get()) : await change(channel === "off" ? null : {
			channel,
			chatId: chat
		});
		if (args.json === true) return require_main.printJson({ notices });
		require_main.printLine(renderNotices(notices));
		if (channel === void 0) require_main.printLine("change it: sluice notices <channel> [--chat <id>], sluice notices off");
	}
});
async function change(notices) {
	const json = {
		caller: require_shared.readCallerFacts(),
		notices
	};
	await require_shared.ask((api) => api.notices.$put({ json }));
	return notices;
}
function renderNotices(notices) {
	if (notices === null) return "notices are only logged and shown by sluice status";
	const chat = notices.chatId === void 0 ? "" : `, chat ${require_main.toLine(notices.chatId)}`;
	return `notices go to ${require_main.toLine(notices.channel)}${chat}`;
}

exports.notices = notices;