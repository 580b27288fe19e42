const require_shared = require("./shared.js");
const require_qr_code = require("./qr-code.js");
const require_main = require("./main.js");

// src/cli/add/invite-on-channel.ts
async function inviteOnChannel(channel) {
	const caller = require_shared.readCallerFacts();
	const change = {
		kind: "invite",
		channel
	};
	const outcome = await require_shared.ask((api) => api.access.changes.$post({ json: {
		change,
		caller
	} }));
	require_main.printLines(require_qr_code.renderOutcome(outcome, Date.now()));
	await require_qr_code.printInviteCode(outcome);
}

exports.inviteOnChannel = inviteOnChannel;