const require_shared = require("./shared.js");
const require_main = require("./main.js");
let node_timers_promises = require("node:timers/promises");

// src/cli/commands/down.ts
const GONE_TIMEOUT_MS = 1e4;
const POLL_MS = 50;
const down = require_shared.defineCommand({
	description: "Stops the hub and waits until its process is gone. Stored events stay in the inbox; senders are refused until the hub runs again. The next client or command starts it, and an open session does so at once: close sessions first, or use \"sluice pause <channel>\" instead. A hub that does not answer is ended by a signal. Does nothing if no hub runs.",
	args: {
		"at-login": require_shared.flag("Also take back what starts it at login"),
		json: require_shared.JSON_ARG
	},
	examples: ["sluice down", "sluice down --at-login"],
	async run({ args }) {
		const hadLogin = args["at-login"] === true && await unregisterLogin();
		const socket = require_main.locateSocket(process.env);
		const leaving = await stopHub();
		if (args.json === true) require_main.printJson({
			pid: leaving?.pid ?? null,
			socket,
			ingress: null,
			web: null
		});
		else {
			require_main.printLine(leaving === void 0 ? "no hub runs" : `hub stopped (pid ${leaving.pid})`);
			if (args["at-login"] === true) require_main.printLine(hadLogin ? "it starts at no login any more" : "nothing started it at login");
		}
	}
});
async function stopHub() {
	const isUp = await require_shared.isHubUp(process.env);
	const leaving = isUp ? await askToLeave() : await signalSilentHub();
	if (leaving !== void 0) await waitUntilGone(leaving, isUp);
	return leaving;
}
async function unregisterLogin() {
	const { stopAtLogin } = await Promise.resolve().then(() => require("./at-login.js"));
	return stopAtLogin(process.env);
}
async function askToLeave() {
	return require_shared.callHub(async (api) => {
		const { pid } = await require_shared.read(api.hub.$get());
		const startTime = await readStartTime(pid);
		try {
			await require_shared.read(api.hub.stop.$post());
		} catch (thrown) {
			if (!require_main.isSluiceError(thrown, "hub_unreachable") && !require_main.isSluiceError(thrown, "hub_stopping")) throw thrown;
		}
		return {
			pid,
			startTime
		};
	});
}
async function signalSilentHub() {
	const silent = await require_shared.findSilentHub();
	if (silent?.startTime === void 0) return silent;
	try {
		process.kill(silent.pid, "SIGTERM");
		process.kill(silent.pid, "SIGCONT");
	} catch (thrown) {
		if (require_main.readErrorCode(thrown) !== "ESRCH") throw thrown;
	}
	return silent;
}
async function waitUntilGone({ pid, startTime, isOutOfSight }, isAsked) {
	const deadlineAt = Date.now() + GONE_TIMEOUT_MS;
	while (await isThere({
		pid,
		startTime
	}, isAsked)) {
		if (Date.now() >= deadlineAt) throw new require_main.SluiceError("hub_stopping", toStuckText({
			pid,
			startTime,
			...isOutOfSight && { isOutOfSight }
		}));
		if (!isAsked && await require_shared.isHubUp(process.env)) {
			await askToLeave();
			isAsked = true;
		}
		await (0, node_timers_promises.setTimeout)(POLL_MS);
	}
}
async function isThere({ pid, startTime }, isAsked) {
	if (startTime !== void 0) return require_shared.isAlive(pid, startTime);
	return isAsked ? require_shared.isHubUp(process.env) : await require_shared.findSilentHub() !== void 0;
}
async function readStartTime(pid) {
	const { readHolder } = await import("../../dist/hub/process/lock.js");
	const holder = readHolder(require_main.locateHome(process.env));
	const seen = require_shared.readProcess(pid)?.startTime;
	return holder?.pid === pid && holder.startTime !== void 0 && holder.startTime !== seen ? void 0 : seen;
}
function toStuckText({ pid, startTime, isOutOfSight }) {
	if (startTime !== void 0) return `the hub (pid ${pid}) has not ended within ${GONE_TIMEOUT_MS / 1e3} s; nothing stored is lost by "kill -9 ${pid}"`;
	return isOutOfSight === true ? `a hub has ${require_main.locateHome(process.env).path} and does not answer, and no process here is it (its pid is ${pid} in its own container); end it where it runs` : `the hub (pid ${pid}) does not answer, and nothing proves that this process is still the hub; look with "ps -p ${pid}", then end it with "kill ${pid}"`;
}

exports.down = down;
exports.stopHub = stopHub;