const require_shared = require("./shared.js");
const require_main = require("./main.js");

// src/cli/pick-session.ts
async function pickSession(api) {
	const { sessions } = await require_shared.read(api.status.$get());
	const own = process.env["CLAUDE_CODE_SESSION_ID"];
	if (own !== void 0 && sessions.some(({ id }) => id === own)) return own;
	const [first, ...others] = sessions;
	if (first !== void 0 && others.length === 0) return first.id;
	throw require_main.toUsageFault(first === void 0 ? "no session is open; name one with --session" : `${sessions.length} sessions are open; name one with --session: ${sessions.map(({ label }) => require_main.toLine(label)).join(", ")}`);
}
async function findOpenSession(api, name) {
	const { sessions } = await require_shared.read(api.status.$get());
	const named = sessions.find(({ id }) => id === name) ?? sessions.find((one) => one.label === name);
	if (named !== void 0) return named.id;
	throw new require_main.SluiceError("not_found", `no open session is called "${require_main.toLine(name)}"; "sluice sessions" lists them`);
}
async function noteUnknownChannel(api, name) {
	if ((await require_shared.read(api.channels.$get())).some((one) => one.name === name)) return;
	require_main.printNote(`there is no channel "${require_main.toLine(name)}" yet; "sluice channels" lists them`);
}

Object.defineProperty(exports, "findOpenSession", {
  enumerable: true,
  get: function () {
    return findOpenSession;
  }
});
Object.defineProperty(exports, "noteUnknownChannel", {
  enumerable: true,
  get: function () {
    return noteUnknownChannel;
  }
});
Object.defineProperty(exports, "pickSession", {
  enumerable: true,
  get: function () {
    return pickSession;
  }
});