const require_visible = require("./visible.js");
const require_main = require("./main.js");
const require_shared = require("./shared.js");

// src/cli/commands/answer.ts
const YES = /^(?:allow|yes|y|ok|approve|accept)$/i;
const NO = /^(?:deny|no|n|reject)$/i;
const answer = require_shared.defineCommand({
	description: "Denies a prompt, named by the code or id that \"sluice prompts\" shows; the session's model reads the reason. Approve in the session's own dialog, on the page (sluice open), or in an approver's chat.",
	args: {
		id: require_shared.positional("Code or id of the prompt"),
		verdict: require_shared.positional("deny"),
		reason: require_shared.option("text", "The reason that the model reads"),
		json: require_shared.JSON_ARG
	},
	examples: ["sluice answer abxyz deny", "sluice answer abxyz deny --reason \"use the test server\""],
	async run({ args }) {
		const { id: ref, verdict: word, reason } = args;
		if (YES.test(word)) throw new require_main.SluiceError("unauthorized", `the command line can only deny (a session could run it to approve itself); approve in the session's own dialog, on the page (sluice open), or in an approver's chat: yes ${require_main.toLine(ref)}`);
		if (!NO.test(word)) throw require_main.toUsageFault(`sluice answer takes deny, not "${word}"${require_main.toHint(word, ["deny"])}`);
		const outcome = await deny(ref, reason);
		if (args.json === true) require_main.printJson(outcome);
		else require_main.printLine(require_main.toLine(require_visible.toVisible(toWords(outcome, ref))));
		if (outcome.kind !== "done") process.exitCode = 1;
	}
});
function deny(ref, reason) {
	const json = {
		verdict: {
			kind: "deny",
			reason
		},
		caller: require_shared.readCallerFacts()
	};
	return require_shared.ask((api) => api.prompts[":ref"].verdict.$post({
		param: { ref },
		json
	}));
}
function toWords(outcome, ref) {
	switch (outcome.kind) {
		case "done": return `denied: ${outcome.prompt.tool} in ${outcome.prompt.sessionName}`;
		case "late": {
			const { state, outcome: first, reason } = outcome.prompt;
			if (first === void 0) return `too late: it is ${state}${reason === void 0 ? "" : `: ${reason}`}`;
			return `too late: ${first.by} was first (${first.verdict.kind})`;
		}
		case "unknown": return `no prompt ${ref} waits; "sluice prompts" lists them`;
		case "locked": return `too many wrong codes: wait ${require_main.toDuration(Math.max(0, outcome.untilMs - Date.now()))}`;
		case "needs-code": return `type its code instead of its id: ${outcome.prompt.code}`;
		case "refused": return `refused: ${outcome.reason}`;
		default: return outcome;
	}
}

exports.answer = answer;