const require_main = require("./main.js");
const require_shared = require("./shared.js");

// src/cli/uninstall/forget.ts
const forget = require_shared.defineCommand({
	description: "Deletes what one person wrote: their messages and files, their name and id in events, answers to them, and their right to speak. It shows first what goes and what stays, and asks. Rows without content stay, and so does the audit of who was let in.",
	args: {
		person: require_shared.positional("channel/id, such as telegram/4242; an id or a name alone shows who could be meant"),
		backups: require_shared.flag("Delete the daily backups as well; the next one is made within a day"),
		print: require_shared.flag("Only show what would go"),
		yes: require_shared.flag("Do not ask: for scripts"),
		json: require_shared.JSON_ARG
	},
	examples: ["sluice forget telegram/4242 --print", "sluice forget telegram/4242"],
	async run({ args }) {
		const { channel, id } = await findOne(args.person);
		const caller = require_shared.readCallerFacts();
		const request = {
			caller,
			channel,
			id,
			backups: args.backups === true
		};
		const call = (isDry) => require_shared.ask((api) => api.people.forget.$post({ json: {
			...request,
			isDry
		} }));
		const planned = await call(true);
		if (args.print === true) return args.json === true ? require_main.printJson(planned) : show(planned);
		if (args.yes !== true) {
			if (!require_shared.isAtTerminal(caller) || args.json === true) throw new require_main.SluiceError("bad_input", `${channel}/${id} was not forgotten: nobody is here to ask; --print shows what would go, --yes does it`);
			show(planned);
			await require_shared.askYes("This cannot be taken back.");
		}
		const done = await call(false);
		if (args.json === true) require_main.printJson(done);
		else show(done);
	}
});
async function findOne(typed) {
	const [, channel, id] = /^([a-z0-9][a-z0-9-]{0,31})\/(.+)$/s.exec(typed) ?? [];
	if (channel !== void 0 && id !== void 0) return {
		channel,
		id
	};
	const found = await require_shared.ask((api) => api.people.find.$post({ json: { text: typed } }));
	const names = found.map((one) => `${one.channel}/${one.id} (${one.name === null ? "no name" : require_main.toLine(one.name)}, ${require_main.toCount(one.events, "event")})`);
	throw new require_main.SluiceError("not_found", found.length === 0 ? `nobody is known by "${typed}"; write channel/id, such as telegram/4242` : `names and ids alone may be anybody's; write who is meant: ${names.join(", ")}`);
}
function show(view) {
	const { channel, id, places, isDone, isListed, events, files, messages, quotes, prompts, kept } = view;
	const others = places.filter((one) => one.channel !== channel || one.id !== id);
	const parts = [
		...others.length === 0 ? [] : [`  in ${places.length} places, also ${others.map((one) => require_main.toLine(`${one.channel}/${one.id}`)).join(", ")}`],
		`  ${require_main.toCount(events, "event")} of theirs: text, facts, name and id`,
		`  ${require_main.toCount(files, "file")}`,
		`  ${require_main.toCount(messages, "message")} to them: text and files`,
		...quotes === 0 ? [] : [`  their words in ${require_main.toCount(quotes, "event")} of others`],
		...prompts === 0 ? [] : [`  their name at ${require_main.toCount(prompts, "prompt")} that they answered`],
		...isListed ? ["  their right to speak"] : []
	];
	require_main.printLines([
		`${require_main.toLine(channel)}/${require_main.toLine(id)}: ${isDone ? "forgotten" : "this goes"}`,
		...parts,
		isDone ? "What stays:" : "This stays:",
		...kept.map((one) => `  ${require_main.toLine(one)}`)
	]);
}

exports.forget = forget;