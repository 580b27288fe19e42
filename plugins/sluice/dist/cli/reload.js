const require_main = require("./main.js");
const require_shared = require("./shared.js");
const require_add_code = require("./add-code.js");

// src/cli/authored/reload.ts
const reload = require_shared.defineCommand({
	description: "Takes the code of a channel of your own as it is on disk now, or another version of its package: shows what it will be able to do, asks, and runs it in place of the old. Until then, and over restarts, the code runs as it was added. In a terminal only.",
	args: {
		name: require_shared.positional("The channel's name"),
		from: require_shared.optionalPositional("Where the code is now (default: where it came from), such as npm:name@2"),
		json: require_shared.JSON_ARG
	},
	examples: ["sluice reload sentry-alerts", "sluice reload sentry-alerts npm:sentry-channel@2.0.0"],
	async run({ args }) {
		require_add_code.requireTerminal("code of a channel is changed");
		const { name } = args;
		const known = requireCode(await require_shared.ask((api) => api.channels.$get()), name);
		const kept = await require_add_code.readKeptPackages(require_main.locateHome(process.env), name, known.digest);
		const code = await require_add_code.prepareCode(args.from ?? known.from, kept);
		try {
			const { folder, digest, manifest } = code;
			if (digest === known.digest) {
				if (args.json === true) require_main.printJson({
					name,
					digest,
					changed: false
				});
				else require_main.printLine(`${require_main.toLine(name)} is as it was; nothing to reload`);
				return;
			}
			for (const line of require_add_code.renderNewCode(code, name)) require_main.printNote(line);
			for (const file of known.changed ?? []) require_main.printNote(`  changed       ${require_main.toLine(file)}`);
			await require_shared.askYes(`Runs this code as channel ${name}, in place of what runs now.`);
			const fresh = manifest.outline.secrets.filter((one) => !known.secrets.includes(one));
			const secrets = await require_add_code.readSecrets(fresh);
			const json = {
				caller: require_shared.readCallerFacts(),
				folder,
				digest,
				secrets
			};
			const done = await require_shared.ask((api) => api.channels[":name"].code.$post({
				param: { name },
				json
			}));
			if (args.json === true) require_main.printJson({
				...done,
				changed: true
			});
			else for (const line of renderReloaded(done)) require_main.printLine(line);
		} finally {
			code.discard();
		}
	}
});
function renderReloaded({ name, url, token, listenToken }) {
	const once = "(shown only now)";
	return [
		`reloaded ${require_main.toLine(name)}`,
		...url === void 0 ? [] : [`  url           ${require_main.toLine(url)}`],
		...token === void 0 ? [] : [`  token         ${require_main.toLine(token)}  ${once}`],
		...listenToken === void 0 ? [] : [`  listen token  ${require_main.toLine(listenToken)}  ${once}`]
	];
}
function requireCode(channels, name) {
	const found = channels.find((one) => one.name === name);
	if (found?.code !== void 0) return found.code;
	const own = channels.flatMap((one) => one.code === void 0 ? [] : [one.name]);
	throw new require_main.SluiceError("not_found", found === void 0 ? `no channel "${name}"; with code of their own there are: ${own.join(", ") || "none"}` : `channel "${name}" is built in: it has no code to reload`);
}

exports.reload = reload;