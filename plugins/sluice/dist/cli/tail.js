const require_shared = require("./shared.js");
const require_main = require("./main.js");
const require_read_recent = require("./read-recent.js");
const require_event_lines = require("./event-lines.js");
const require_pick_session = require("./pick-session.js");
let node_timers_promises = require("node:timers/promises");
let node_os = require("node:os");

// src/cli/commands/tail.ts
const RETRY_MS = 300;
const FIRST_LIMIT = 100;
const CATCH_UP_LIMIT = 1e4;
const MAX_REMEMBERED = 2e4;
const tail = require_shared.defineCommand({
	description: "Follows events as they arrive; with --json, one event per line. Starts the hub if none runs, and waits while it restarts. Ctrl-C ends it (exit code 130).",
	args: {
		channel: require_shared.CHANNEL_ARG,
		json: require_shared.JSON_ARG
	},
	examples: [
		"sluice tail",
		"sluice tail --channel ci",
		"sluice tail --json | jq -r .text"
	],
	async run({ args }) {
		const { channel } = args;
		await require_shared.startHub();
		if (process.stdout.isTTY) require_main.printNote("following events as they arrive; Ctrl-C ends it");
		if (channel !== void 0) await passOver(require_shared.callHub((api) => require_pick_session.noteUnknownChannel(api, channel)));
		const stopped = new AbortController();
		for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => {
			process.exitCode = 128 + node_os.constants.signals[signal];
			stopped.abort();
		});
		const known = /* @__PURE__ */ new Map();
		const show = (event) => {
			if (channel !== void 0 && event.channel !== channel) return;
			const mark = toMark(event);
			const isKnown = known.get(event.id) === mark;
			rememberMark(known, event.id, mark);
			if (isKnown) return;
			if (args.json === true) require_main.printJson(event);
			else require_main.printLine(require_event_lines.renderEventLine(event));
		};
		await follow(show, Date.now(), stopped.signal);
	}
});
async function follow(show, startedAt, signal) {
	for (let limit = FIRST_LIMIT;; limit = CATCH_UP_LIMIT) {
		await Promise.all([readEvents(show, signal), catchUp(show, startedAt, limit)]);
		if (signal.aborted) return;
		require_main.printNote("the hub went away; waiting for it");
		if (!await waitForHub(signal)) return;
		require_main.printNote("the hub is back");
	}
}
async function readEvents(show, signal) {
	const socket = require_main.locateSocket(process.env);
	const onMessage = (data) => show(data);
	await passOver(require_shared.readStream({
		socket,
		path: "/v1/events/stream",
		onMessage,
		signal
	}));
}
async function catchUp(show, startedAt, limit) {
	const wanted = {
		query: {},
		limit,
		from: startedAt
	};
	const list = await passOver(require_shared.callHub((api) => require_read_recent.readRecent(api, wanted)));
	for (const event of list ?? []) show(event);
}
async function passOver(call) {
	try {
		return await call;
	} catch (thrown) {
		if (require_main.isSluiceError(thrown, "hub_unreachable") || require_main.isSluiceError(thrown, "hub_stopping")) return void 0;
		throw thrown;
	}
}
async function waitForHub(signal) {
	for (;;) {
		await (0, node_timers_promises.setTimeout)(RETRY_MS, void 0, { signal }).catch(() => void 0);
		if (signal.aborted) return false;
		if (await require_shared.isHubUp(process.env)) return true;
	}
}
function toMark({ state, answer, deliveries }) {
	return JSON.stringify([
		state,
		answer,
		deliveries
	]);
}
function rememberMark(known, id, mark) {
	known.delete(id);
	known.set(id, mark);
	const [oldest] = known.keys();
	if (known.size > MAX_REMEMBERED && oldest !== void 0) known.delete(oldest);
}

exports.tail = tail;