const require_rolldown_runtime = require("./rolldown-runtime.js");
const require_shared = require("./shared.js");
const require_main = require("./main.js");
const require_compare_versions = require("./compare-versions.js");
let node_timers_promises = require("node:timers/promises");

// src/cli/replace-hub.ts
var replace_hub_exports = /* @__PURE__ */ require_rolldown_runtime.__exportAll({ replaceOlderHub: () => replaceOlderHub });
const POLL_MS = 50;
async function replaceOlderHub(options) {
	const { env, entry, version, build, timeoutMs } = options;
	if (!await require_shared.isHubUp(env)) return { kind: "absent" };
	const client = require_shared.openClient(() => require_main.locateSocket(env));
	let running;
	try {
		running = await require_shared.read(client.api.hub.$get());
		const order = require_compare_versions.compareVersions(running.version, version);
		if (order === 0 && running.build === build) return { kind: "same" };
		if (order > 0) return {
			kind: "newer",
			running: running.version
		};
		await require_shared.read(client.api.hub.stop.$post());
	} finally {
		client.close();
	}
	const deadlineAt = Date.now() + timeoutMs;
	while (await readPid(env) === running.pid) {
		if (Date.now() >= deadlineAt) throw new require_main.SluiceError("hub_stopping", `the hub of version ${running.version} (pid ${running.pid}) did not leave within ${timeoutMs} ms; run "sluice down" and try again`, { retryable: true });
		await (0, node_timers_promises.setTimeout)(POLL_MS);
	}
	await require_shared.ensureHub({
		env,
		entry,
		timeoutMs: Math.max(1, deadlineAt - Date.now())
	});
	return {
		kind: "replaced",
		before: running.version
	};
}
async function readPid(env) {
	const client = require_shared.openClient(() => require_main.locateSocket(env));
	try {
		const { pid } = await require_shared.read(client.api.hub.$get());
		return pid;
	} catch {
		return;
	} finally {
		client.close();
	}
}

Object.defineProperty(exports, "replaceOlderHub", {
  enumerable: true,
  get: function () {
    return replaceOlderHub;
  }
});
Object.defineProperty(exports, "replace_hub_exports", {
  enumerable: true,
  get: function () {
    return replace_hub_exports;
  }
});