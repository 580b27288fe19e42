const require_shared = require("./shared.js");
const require_main = require("./main.js");
const require_request_flags = require("./request-flags.js");

// src/cli/requests/replay-request.ts
const replayRequest = require_shared.defineCommand({
	description: "Shows how the request behind a stored event of a webhook would read under another template, or as its channel tells it now. Nothing is delivered. With --keep the channel uses the template from now on.",
	args: {
		event: require_shared.positional("The event's id"),
		...require_request_flags.TEMPLATE_FLAGS,
		keep: require_shared.flag("Use this template for the channel from now on"),
		json: require_shared.JSON_ARG
	},
	repeatable: ["meta"],
	examples: ["sluice replay-request evt_01hzy4 --text \"{{event.title}} is {{event.level}}\" --keep"],
	async run({ args, repeated }) {
		const template = require_request_flags.readTemplate(args, repeated("meta"));
		if (args.keep === true && template === void 0) throw require_main.toUsageFault("--keep goes with a template: --text, --meta, --entity, --severity or --id");
		const shown = await previewRequest(args.event, template);
		if (args.keep === true && template !== void 0) await keepTemplate(shown.channel, template);
		if (args.json === true) return require_main.printJson({
			...shown,
			kept: args.keep === true
		});
		require_main.printLines([...toBlock("before", shown.before), ...toBlock(template === void 0 ? "now" : "with this template", shown.after)]);
		if (shown.missing.length > 0) require_main.printLine(`${require_main.paint("yellow", "not in this request:")} ${shown.missing.map(require_main.toLine).join(", ")}`);
		if (template === void 0) require_main.printLine(`a template that suits: ${require_main.toLine(require_request_flags.toTemplateFlags(shown.proposed))}`);
		else if (args.keep === true) require_main.printLine(`kept: ${require_main.toLine(shown.channel)} tells its requests so from now on`);
		else require_main.printLine("--keep uses it for the channel from now on");
	}
});
function previewRequest(event, template) {
	const json = {
		event,
		...template === void 0 ? {} : { template }
	};
	return require_shared.ask((api) => api.requests.preview.$post({ json }));
}
async function keepTemplate(name, template) {
	const json = {
		caller: require_shared.readCallerFacts(),
		template
	};
	await require_shared.ask((api) => api.channels[":name"].template.$put({
		param: { name },
		json
	}));
}
function toBlock(title, text) {
	return [
		require_main.paint("bold", title),
		...text.split("\n").map((line) => `  ${require_main.sanitize(line)}`),
		""
	];
}

exports.keepTemplate = keepTemplate;
exports.previewRequest = previewRequest;
exports.replayRequest = replayRequest;
exports.toBlock = toBlock;