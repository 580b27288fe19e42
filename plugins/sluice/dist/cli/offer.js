const require_main = require("./main.js");
const require_shared = require("./shared.js");
const require_at_login = require("./at-login.js");

// src/cli/at-login/offer.ts
async function offerAtLogin() {
	const { state, by } = require_at_login.readAtLogin(process.env);
	if (state !== "off") return;
	const hint = "A hub that does not run refuses what is sent to it: \"sluice up --at-login\" has it there after a reboot.";
	if (!require_shared.isAtTerminal(require_shared.readCallerFacts())) return require_main.printLine(hint);
	require_main.printLine();
	if (!await isWanted(`Start the hub at each login, by ${by}? [y/N] `)) return require_main.printLine(hint);
	try {
		const { path = "", notes } = await require_at_login.startAtLogin(process.env);
		require_main.printLines([`${by} starts the hub from now on (${require_main.toLine(path)})`, ...notes.map(require_main.toLine)]);
	} catch (thrown) {
		if (!require_main.isSluiceError(thrown)) throw thrown;
		require_main.printNote(require_main.toMessage(thrown));
	}
}
async function isWanted(question) {
	const questions = require_shared.openQuestions({ hidden: false });
	try {
		return /^y(es)?$/i.test((await questions.ask(question)).trim());
	} catch {
		return false;
	} finally {
		questions.close();
	}
}

exports.offerAtLogin = offerAtLogin;