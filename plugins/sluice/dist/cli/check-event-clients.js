const require_main = require("./main.js");

// src/cli/doctor/check.ts
function pass(check, detail) {
	return {
		check,
		ok: true,
		detail
	};
}
function fail(check, detail, fix) {
	return {
		check,
		ok: false,
		detail,
		fix
	};
}
function warn(check, detail, fix) {
	return {
		check,
		ok: true,
		warning: true,
		detail,
		...fix === void 0 ? {} : { fix }
	};
}
async function attempt(check, look) {
	try {
		return await look();
	} catch (thrown) {
		const [detail = "", fix = "see the detail"] = require_main.toMessage(thrown).split(/; (?=[^;]*$)/);
		return [fail(check, detail, fix)];
	}
}

// src/cli/doctor/check-event-clients.ts
function checkEventClients({ state, url, reason = "it could not be opened", clients }) {
	const [detail = "", fix = "it is tried again by itself"] = reason.split(/; (?=[^;]*$)/);
	return [...state === "down" ? [fail("mcp events", `no MCP client can connect to ${url}: ${detail}`, fix)] : [], ...clients.flatMap((client) => checkCallbacks(client) ?? [])];
}
function checkCallbacks({ name, subscriptions }) {
	const suspended = subscriptions.flatMap(({ callback }) => callback?.active === false ? [callback] : []);
	if (suspended.length === 0) return void 0;
	const hosts = [...new Set(suspended.map(({ host }) => host))].join(", ");
	const errors = [...new Set(suspended.flatMap(({ lastError }) => lastError ?? []))].join(", ");
	const what = suspended.length === 1 ? "1 callback is" : `${suspended.length} callbacks are`;
	return fail(`mcp events ${name}`, `${what} suspended: ${hosts} failed too often${errors === "" ? "" : ` (${errors})`}`, `see that ${hosts} answers; what waits is sent once ${name} renews its subscription, which starting it again does`);
}
function toEventClientSteps(view) {
	return checkEventClients(view).map(({ check, detail, fix }) => `${check}: ${detail}${fix === void 0 ? "" : `; ${fix}`}`);
}

exports.attempt = attempt;
exports.checkEventClients = checkEventClients;
exports.fail = fail;
exports.pass = pass;
exports.toEventClientSteps = toEventClientSteps;
exports.warn = warn;