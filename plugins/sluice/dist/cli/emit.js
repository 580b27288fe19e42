const require_event = require("./event.js");
const require_shared = require("./shared.js");
const require_main = require("./main.js");
const require_read_input = require("./read-input.js");

// src/cli/commands/emit.ts
const MAX_TEXT_BYTES = 1048576;
const META_KEY = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const emit = require_shared.defineCommand({
	description: "Sends an event to a channel from a script. Several words are joined into one text; without a text, or with -, the text is read from stdin.",
	args: {
		channel: require_shared.positional("The channel's name"),
		meta: require_shared.option("key=value", "A fact about the event"),
		entity: require_shared.option("what", "What the event is about, such as octo/app#12; events about the same thing may be delivered together"),
		"state-of": require_shared.option("what", "What the event is a state of, such as octo/app#12/tests; a later event of the same replaces one that still waits"),
		priority: {
			type: "enum",
			options: [...require_event.PRIORITIES],
			description: "How urgent it is"
		},
		session: require_shared.option("id or label", "Only for this session; the event waits while the session is closed"),
		id: require_shared.option("id", "An id of your own; a second event with the same id is a duplicate"),
		json: require_shared.JSON_ARG
	},
	rest: "[text]",
	repeatable: ["meta"],
	examples: [
		"sluice emit alerts \"disk of db-1 is 95 % full\" --priority urgent",
		"sluice emit ci build failed --meta status=failure --entity octo/app#12 --state-of octo/app#12/build",
		"make 2>&1 | tail -50 | sluice emit ci --session reports"
	],
	async run({ args, positionals, repeated }) {
		const text = await readText(positionals.slice(1));
		const request = {
			channel: args.channel,
			text,
			meta: parseMeta(repeated("meta")),
			entity: args.entity,
			stateOf: args["state-of"],
			priority: args.priority ?? "normal",
			session: args.session,
			deliveryId: args.id
		};
		const answer = await require_shared.ask((api) => api.emit.$post({ json: request }));
		if (args.json === true) require_main.printJson(answer);
		else require_main.printLine(`${answer.id} ${answer.state}`);
	}
});
async function readText(words) {
	const fromStdin = words.length === 0 || words.length === 1 && words[0] === "-";
	if (fromStdin && words.length === 0 && process.stdin.isTTY) throw require_main.toUsageFault("there is no text; give it as an argument or pipe it, \"sluice emit --help\" shows both");
	const text = fromStdin ? await require_read_input.readStdin(MAX_TEXT_BYTES) : words.join(" ");
	if (text.trim() === "") throw require_main.toUsageFault("the text is empty");
	return text;
}
function parseMeta(pairs) {
	const meta = {};
	for (const pair of pairs) {
		const at = pair.indexOf("=");
		const key = pair.slice(0, Math.max(0, at));
		if (!META_KEY.test(key)) throw require_main.toUsageFault(`--meta ${pair} is not key=value with a key of letters, digits and "_"`);
		if (Object.hasOwn(meta, key)) throw require_main.toUsageFault(`--meta ${key} is given twice`);
		Object.defineProperty(meta, key, {
			value: pair.slice(at + 1),
			enumerable: true,
			configurable: true,
			writable: true
		});
	}
	return meta;
}

exports.emit = emit;