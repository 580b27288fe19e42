const require_access_wire = require("./access-wire.js");
const require_main = require("./main.js");
const require_shared = require("./shared.js");
const require_read_input = require("./read-input.js");

// src/api/wire/transcribe-wire.ts
const word = require_access_wire.string().max(4096).regex(/^[^\0]*$/, "must hold no NUL");
const transcribeSchema = require_access_wire.union([require_access_wire.strictObject({ command: require_access_wire.array(word).min(1).max(64).refine(([program = ""]) => program !== "", "must begin with a program") }), require_access_wire.strictObject({ url: require_access_wire.string().max(1024).refine(isFitUrl, "must be an https address, or http of this machine (127.0.0.1, ::1, localhost), without a name and password in it") })]);
const transcribeCallSchema = require_access_wire.strictObject({
	caller: require_access_wire.callerSchema,
	transcribe: transcribeSchema.nullable(),
	secret: require_access_wire.string().min(1).max(4096).optional()
});
const TRANSCRIBE_SECRET = "transcribe";
function isFitUrl(text) {
	const url = URL.parse(text);
	if (url === null || url.username !== "" || url.password !== "" || url.hash !== "") return false;
	return url.protocol === "https:" || url.protocol === "http:" && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
}

// src/cli/add/transcribe.ts
const transcribe = require_shared.defineCommand({
	description: "Makes text of the voice notes that people send in a chat, by a program of yours or by an endpoint. The message is kept first; a session reads it once its text is there, marked as transcribed, with the file beside it. A program gets the file's path as its last argument and prints the text; no shell reads the line. An endpoint is https, or http of this machine, and takes a file as OpenAI's does (POST of a form, JSON with `text` back); `?model=` and `?language=` in its address go into the form.",
	args: {
		name: require_shared.positional("The channel's name"),
		by: require_shared.optionalPositional("A program with its arguments in quotes, or an address"),
		off: require_shared.flag("Leave voice notes as they are"),
		"secret-env": require_shared.option("variable", "The key of the endpoint, from this environment variable"),
		json: require_shared.JSON_ARG
	},
	examples: [
		"sluice transcribe telegram \"whisper-cli -m /opt/models/base.bin -nt -np -f\"",
		"sluice transcribe telegram https://api.openai.com/v1/audio/transcriptions --secret-env OPENAI_API_KEY",
		"sluice transcribe telegram --off"
	],
	async run({ args }) {
		const { name, by } = args;
		if (by === void 0 !== (args.off === true)) throw require_main.toUsageFault("give a program in quotes or an address, or --off");
		const wanted = by === void 0 ? null : await readTranscribe(by);
		const variable = args["secret-env"]?.replace(`${TRANSCRIBE_SECRET}=`, "");
		const { secret } = await require_read_input.readGivenSecrets(variable === void 0 ? [] : [variable], false);
		const json = {
			caller: require_shared.readCallerFacts(),
			transcribe: wanted,
			...secret && { secret }
		};
		const answer = await require_shared.ask((api) => api.channels[":name"].transcribe.$put({
			param: { name },
			json
		}));
		if (args.json === true) require_main.printJson(answer);
		else require_main.printLine(by === void 0 ? `voice notes of ${require_main.toLine(name)} stay files` : `voice notes of ${require_main.toLine(name)} become text by ${require_main.toLine(by)}`);
	}
});
async function readTranscribe(typed) {
	if (/^https?:\/\//i.test(typed.trim())) return { url: typed.trim() };
	const command = splitWords(typed);
	if (!require_shared.isAtTerminal(require_shared.readCallerFacts())) throw new require_main.SluiceError("unauthorized", "a command that runs by itself is added by a person at a terminal; nothing was changed");
	await require_shared.askYes(`Whenever somebody who may write sends a voice note, this runs as you:\n  ${require_main.toLine(require_main.toShellCommand(command))} <file>`);
	return { command };
}
function splitWords(typed) {
	const words = [];
	let word;
	let quote = "";
	for (let i = 0; i < typed.length; i++) {
		const char = typed.charAt(i);
		const next = typed.charAt(i + 1);
		if (quote !== "") {
			if (char === quote) quote = "";
			else if (quote === "\"" && char === "\\" && /["\\]/.test(next)) word += typed.charAt(++i);
			else word += char;
		} else if (char === "'" || char === "\"") {
			quote = char;
			word ??= "";
		} else if (char === "\\" && next !== "") word = (word ?? "") + typed.charAt(++i);
		else if (/\s/.test(char)) {
			if (word !== void 0) words.push(word);
			word = void 0;
		} else if (/[|&;<>()$`*?#]/.test(char)) throw toShellFault(char);
		else word = (word ?? "") + char;
	}
	if (quote !== "") throw require_main.toUsageFault(`the quote ${quote} in the command does not end`);
	if (word !== void 0) words.push(word);
	if ((words[0] ?? "") === "") throw require_main.toUsageFault("the command is empty");
	return words;
}
function toShellFault(char) {
	return require_main.toUsageFault(`no shell reads the command, so "${char}" in it would do nothing: put it in quotes, or the whole into a script`);
}

exports.readTranscribe = readTranscribe;
exports.splitWords = splitWords;
exports.transcribe = transcribe;