const require_shared = require("./shared.js");
const require_duration = require("./duration.js");
const require_main = require("./main.js");
const require_read_input = require("./read-input.js");

// src/cli/requests/rotate.ts
const OVERLAP = "24h";
const MAX_OVERLAP_MS = 12096e5;
const rotate = require_shared.defineCommand({
	description: "Gives a channel a new secret. The old secret stays valid for a day, so that you can change it at the sender without losing events. Sluice makes the new one and prints it once, unless you give it; where the sender makes it, give that one. A channel that signs in at a platform uses the new one at once.",
	args: {
		channel: require_shared.positional("The channel's name"),
		"secret-env": require_shared.option("variable", "Take the new secret from this environment variable; name=variable for a second one, as token=GITHUB_TOKEN"),
		"secret-stdin": require_shared.flag("Read the new secret from stdin"),
		overlap: require_shared.option("time", `How long the old secret stays valid, up to 14d; 0 ends it at once (default: ${OVERLAP})`),
		json: require_shared.JSON_ARG
	},
	repeatable: ["secret-env"],
	examples: ["sluice rotate ci", "sluice rotate sentry --secret-env SENTRY_SECRET --overlap 2h"],
	async run({ args, repeated }) {
		const overlapMs = require_duration.parseDuration("--overlap", args.overlap ?? OVERLAP);
		if (overlapMs > MAX_OVERLAP_MS) throw require_main.toUsageFault(`--overlap ${args.overlap} is longer than 14d; a secret that is replaced should go`);
		const given = await require_read_input.readGivenSecrets(repeated("secret-env"), args["secret-stdin"] === true);
		const json = {
			caller: require_shared.readCallerFacts(),
			overlapMs,
			...given
		};
		const rotated = await require_shared.ask((api) => api.channels[":name"].rotate.$post({
			param: { name: args.channel },
			json
		}));
		if (args.json === true) return require_main.printJson(rotated);
		const { name, url, token, overlapUntil, warning } = rotated;
		if (rotated.replaced === true) return require_main.printLine(`${require_main.toLine(name)} uses the new secret from now on`);
		if (given.secrets !== void 0) return require_main.printLine(`${require_main.toLine(name)} uses the new ${Object.keys(given.secrets).join(", ")} from now on`);
		require_main.printLines([
			`${require_main.paint("bold", require_main.toLine(name))} has a new secret`,
			`  url     ${require_main.toLine(url)}`,
			...token === void 0 ? [] : [`  secret  ${require_main.toLine(token)}  ${require_main.paint("yellow", "(shown only now)")}`],
			...warning === void 0 ? [] : [require_main.paint("yellow", `  warning: ${require_main.toLine(warning)}`)],
			"",
			overlapUntil === void 0 ? "The old secret is no longer valid. Next: set the new one at the sender." : `Next: set it at the sender. The old one stays valid until ${new Date(overlapUntil).toLocaleString()}.`
		]);
	}
});

exports.rotate = rotate;