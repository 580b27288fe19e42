const require_shared = require("./shared.js");
const require_main = require("./main.js");

// src/cli/commands/away.ts
const MODES = [
	"on",
	"off",
	"auto"
];
const away = require_shared.defineCommand({
	description: "Says whether you are away: \"on\": chats and phones are asked at once, until you type in a session again. \"off\": the terminal and page are always asked first. \"auto\" (the default): Sluice decides by how long nobody has typed. Without an argument, shows the current setting.",
	args: {
		mode: require_shared.optionalPositional("on, off or auto"),
		json: require_shared.JSON_ARG
	},
	examples: [
		"sluice away",
		"sluice away on",
		"sluice away auto"
	],
	async run({ args }) {
		const mode = MODES.find((one) => one === args.mode);
		if (args.mode !== void 0 && mode === void 0) throw require_main.toUsageFault(`sluice away takes on, off or auto, not "${args.mode}"${require_main.toHint(args.mode, MODES)}`);
		const view = await require_shared.ask((api) => mode === void 0 ? api.away.$get() : api.away.$post({ json: {
			mode,
			caller: require_shared.readCallerFacts()
		} }));
		if (args.json === true) return require_main.printJson(view);
		const set = view.mode === "auto" || view.by === void 0 || view.since === void 0 ? "" : `, set by ${require_main.toLine(view.by)} ${require_main.toAgo(view.since, Date.now())}`;
		require_main.printLine(`${view.isAway ? "away" : "at desk"} (${view.mode}${set})`);
		require_main.printLine(view.isAway ? "chats and phones are asked at once" : "the terminal and page are asked first; chats and phones are notified of prompts that wait longer");
	}
});

exports.away = away;