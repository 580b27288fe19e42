const require_shared = require("./shared.js");
const require_main = require("./main.js");
const require_read_input = require("./read-input.js");

// src/cli/commands/web-remote.ts
const MAX_BYTES = 4096;
async function changeRemote(what, json) {
	const view = await require_shared.withHub((api) => {
		if (what === void 0) return require_shared.read(api.web.remote.$get());
		const change = {
			caller: require_shared.readCallerFacts(),
			...what === "off" ? {} : { origin: what }
		};
		return require_shared.read(api.web.remote.$post({ json: change }));
	});
	if (json) require_main.printJson(view);
	else require_main.printLines(toRemoteLines(view));
}
async function setPassphrase(isPiped, json) {
	if (!isPiped && process.stdin.isTTY !== true) throw require_main.toUsageFault("the passphrase is typed in a terminal, or piped with --passphrase-stdin");
	const passphrase = isPiped ? await require_read_input.readStdin(MAX_BYTES) : await askTwice();
	const caller = isPiped ? readPipedCallerFacts() : require_shared.readCallerFacts();
	const view = await require_shared.ask((api) => api.web.passphrase.$post({ json: {
		passphrase,
		caller
	} }));
	if (json) return require_main.printJson(view);
	require_main.printLine("the passphrase is set; browsers that signed in with an earlier one are signed out");
	require_main.printLines(toRemoteLines(view));
}
function toRemoteLines({ origin, hasPassphrase, lockedUntil, target }) {
	if (origin === void 0) return ["the page can be opened on this machine only", hasPassphrase ? "open it elsewhere: sluice web remote https://<your tunnel's name>" : "open it elsewhere: sluice web passphrase, then sluice web remote https://<your tunnel's name>"];
	return [
		`the page can be opened at ${require_main.toLine(origin)}, with the passphrase`,
		target === void 0 ? "the page is down now: sluice status" : `your tunnel has to lead to ${target} and keep the name ${require_main.toLine(new URL(origin).host)}`,
		...lockedUntil === void 0 ? [] : [`locked until ${new Date(lockedUntil).toLocaleTimeString()}: too many wrong passphrases`]
	];
}
function readPipedCallerFacts() {
	return {
		...require_shared.readCallerFacts(),
		tty: process.stderr.isTTY === true
	};
}
async function askTwice() {
	const questions = require_shared.openQuestions({ hidden: true });
	try {
		const first = await questions.ask("Passphrase, 14 characters or more, not shown: ");
		if (first === await questions.ask("The same once more: ")) return first;
	} catch (cause) {
		throw new require_main.SluiceError("bad_input", "no passphrase was given; nothing was changed", { cause });
	} finally {
		questions.close();
	}
	throw new require_main.SluiceError("bad_input", "the two passphrases differ; nothing was changed");
}

// src/cli/commands/web.ts
const web = require_shared.defineCommand({
	description: "Lists signed-in browsers and remote access. Without an action, shows both. Actions: sessions (lists the browsers); revoke [<id>] (signs out one browser, or all); passphrase (sets the passphrase for signing in from elsewhere, typed twice); remote [<https-origin>|off] (lets the page be opened at that one address, through your own tunnel). The last two need a person at a terminal.",
	args: {
		action: require_shared.optionalPositional("sessions, revoke, passphrase or remote (default: shows browsers and remote access)"),
		what: require_shared.optionalPositional("With revoke: the browser (default: all); with remote: the origin, or off"),
		"passphrase-stdin": require_shared.flag("Read the passphrase from a pipe"),
		json: require_shared.JSON_ARG
	},
	examples: [
		"sluice web",
		"sluice web remote https://sluice.example.org",
		"sluice web revoke 3f2a91c0"
	],
	async run({ args }) {
		const { action, what } = args;
		const json = args.json === true;
		const isPiped = args["passphrase-stdin"] === true;
		if (isPiped && action !== "passphrase") throw require_main.toUsageFault("--passphrase-stdin belongs to sluice web passphrase");
		if (action === void 0) return show(json);
		if (action === "sessions" && what === void 0) return list(json);
		if (action === "revoke") return revoke(what, json);
		if (action === "remote") return changeRemote(what, json);
		if (action === "passphrase") {
			if (what !== void 0) throw require_main.toUsageFault("the passphrase is never an argument: others could list it; it is typed");
			return setPassphrase(isPiped, json);
		}
		throw require_main.toUsageFault(`sluice web takes sessions, revoke, passphrase or remote, not "${require_main.toLine(action)}"`);
	}
});
async function show(json) {
	const { page, remote, sessions } = await require_shared.withHub(async (api) => ({
		page: (await require_shared.read(api.hub.$get())).web,
		remote: await require_shared.read(api.web.remote.$get()),
		sessions: await require_shared.read(api.web.sessions.$get())
	}));
	if (json) return require_main.printJson({
		page,
		remote,
		sessions
	});
	require_main.printLine(`page: ${require_shared.renderPage(page)}`);
	require_main.printLines(toRemoteLines(remote));
	require_main.printLine(sessions.length === 0 ? "no browser is signed in" : `${require_main.toCount(sessions.length, "browser")} signed in: sluice web sessions, sluice web revoke [<id>]`);
}
async function list(json) {
	const sessions = await require_shared.ask((api) => api.web.sessions.$get());
	if (json) return require_main.printJson(sessions);
	if (sessions.length === 0) return require_main.printLine("no browser is signed in");
	const now = Date.now();
	const rows = sessions.map((one) => [
		one.id,
		require_main.toAgo(one.createdAt, now),
		one.place === "remote" ? "elsewhere" : "here",
		one.mayAllow ? "yes" : "no",
		require_main.toLine(one.label)
	]);
	require_main.printLines(require_main.renderTable([
		"ID",
		"SIGNED IN",
		"FROM",
		"MAY ALLOW",
		"BROWSER"
	], rows));
}
async function revoke(id, json) {
	const { ended } = await require_shared.ask((api) => id === void 0 ? api.web.sessions.$delete() : api.web.sessions[":id"].$delete({ param: { id } }));
	if (json) return require_main.printJson({ ended });
	require_main.printLine(ended === 1 ? "1 browser signed out" : `${ended} browsers signed out`);
}

exports.web = web;