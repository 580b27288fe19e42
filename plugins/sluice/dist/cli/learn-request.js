const require_shared = require("./shared.js");
const require_replay_request = require("./replay-request.js");
const require_main = require("./main.js");
const require_request_flags = require("./request-flags.js");
let node_timers_promises = require("node:timers/promises");

// src/cli/requests/learn-request.ts
const LOOK_EVERY_MS = 500;
async function learnRequest(channel) {
	require_main.printNote(`waiting for the first request on ${channel}; Ctrl-C ends this, and the channel stays`);
	const event = await waitForFirst(channel);
	const { before, proposed } = await require_replay_request.previewRequest(event);
	require_main.printLines(["", ...require_replay_request.toBlock("the first request", before)]);
	const flags = require_request_flags.toTemplateFlags(proposed);
	if (flags === "") return require_main.printLine("it has no fields that a template could name");
	const { after } = await require_replay_request.previewRequest(event, proposed);
	require_main.printLines(require_replay_request.toBlock("with this template", after));
	require_main.printLine(`template: ${require_main.toLine(flags)}`);
	if (!process.stdin.isTTY) return require_main.printLine(`use it: sluice replay-request ${event} ${require_main.toLine(flags)} --keep`);
	if (!await isWanted()) return require_main.printLine(`not used; change it: sluice replay-request ${event} ${require_main.toLine(flags)}`);
	await require_replay_request.keepTemplate(channel, proposed);
	require_main.printLine(`kept: ${require_main.toLine(channel)} tells its requests so from now on`);
}
async function waitForFirst(channel) {
	for (;;) {
		const [event] = await require_shared.ask((api) => api.events.$get({ query: {
			channel,
			limit: "1"
		} }));
		if (event !== void 0) return event.id;
		await (0, node_timers_promises.setTimeout)(LOOK_EVERY_MS);
	}
}
async function isWanted() {
	const questions = require_shared.openQuestions({ hidden: false });
	try {
		return /^y(es)?$/i.test((await questions.ask("Use this template? [y/N] ")).trim());
	} finally {
		questions.close();
	}
}

exports.learnRequest = learnRequest;