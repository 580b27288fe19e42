const require_main = require("./main.js");
const require_event = require("./event.js");
const require_shared = require("./shared.js");

// src/cli/commands/status.ts
const REFUSED_SHOWN = 5;
const status = require_shared.defineCommand({
	description: "Shows the hub, its channels, the sessions and whether delivery to them is proven, events by state, and what to do next. Never starts a hub: if none runs, it says so and exits 0, and the JSON has a null hub and no counts.",
	args: { json: require_shared.JSON_ARG },
	examples: ["sluice status", "sluice status --json"],
	async run({ args }) {
		const view = await readUpStatus() ?? await readDownStatus();
		const login = await readLogin();
		if (args.json === true) require_main.printJson({
			...view,
			atLogin: login
		});
		else {
			const lines = view.hub === null ? renderDown(view) : renderStatus(view);
			require_main.printLines(withLogin(lines, login));
		}
	}
});
async function readUpStatus() {
	const view = await require_shared.askIfUp((api) => api.status.$get());
	const clients = view && await require_shared.askIfUp((api) => api.clients.events.$get());
	if (view === void 0 || clients === void 0) return view;
	const { toEventClientSteps } = await Promise.resolve().then(() => require("./check-event-clients.js"));
	return {
		...view,
		next: [...view.next, ...toEventClientSteps(clients)]
	};
}
async function readLogin() {
	const { readAtLogin } = await Promise.resolve().then(() => require("./at-login.js"));
	return readAtLogin(process.env);
}
function withLogin(lines, { state, by, reason }) {
	const words = {
		on: `${by ?? ""} starts the hub, also after a reboot`,
		off: "nothing starts the hub after a reboot but the next session or command; \"sluice up --at-login\" does",
		stale: require_main.paint("yellow", require_main.toLine(reason ?? "")),
		unsupported: "nothing starts the hub after a reboot but the next session or command"
	};
	const at = lines.findIndex((line) => !/^\S+ {2,}|^\S*hub\S* /.test(line));
	const place = at === -1 ? lines.length : at;
	return lines.toSpliced(place, 0, `login    ${words[state]}`);
}
async function readDownStatus() {
	const silent = await require_shared.findSilentHub();
	if (silent !== void 0) throw new require_main.SluiceError("hub_unreachable", `the hub (pid ${silent.pid}) does not answer; "sluice down" ends it, the log in ${require_main.locateHome(process.env).logDir} may say why`, { retryable: true });
	const { readConfig } = await import("../../dist/hub/settings/config.js");
	const { channels } = readConfig(require_main.locateHome(process.env).config);
	return {
		hub: null,
		channels: channels.map(({ name, kind }) => ({
			name,
			kind,
			state: "down",
			reason: "no hub runs"
		})),
		sessions: [],
		events: {},
		next: ["no hub runs; it starts by itself when a client or a command needs it, or now with \"sluice up\""]
	};
}
function renderDown({ channels, next }) {
	const names = channels.map(({ name }) => require_main.toLine(name)).join(", ");
	return [
		`${require_main.paint("bold", "hub")}      ${require_shared.paintState("down")}`,
		...names === "" ? [] : [`channels ${names}: nothing is received while no hub runs`],
		...renderNext(next)
	];
}
function renderStatus(view) {
	const { hub, channels, sessions, events, policy, next } = view;
	const counts = require_event.DELIVERY_STATES.map((state) => `${events[state] ?? 0} ${state}`).join(", ");
	return [
		...require_shared.renderHub(hub),
		`events   ${counts}`,
		...renderOutboxCounts(view.outbox ?? {}),
		...renderOldest(view.oldestUnseen),
		...renderRefused(view.refused),
		...policy.state === "open" ? [] : [`policy   ${policy.state}: ${require_main.toLine(policy.detail)}`],
		...renderQuiet(view),
		...renderAway(view.away),
		"",
		...channels.length === 0 ? ["no channels"] : require_shared.renderChannels(channels, Date.now()),
		"",
		...sessions.length === 0 ? ["no sessions"] : require_shared.renderSessions(sessions),
		...renderNext(next)
	];
}
function renderQuiet({ quiet, clock }) {
	if (quiet === void 0) return [];
	const now = quiet.active ? "; they hold now, only urgent events wake sessions" : "";
	const named = require_shared.toQuietZoneText(quiet, clock);
	const zone = named === void 0 ? "" : ` ${named}`;
	return [`quiet    from ${require_main.toLine(quiet.from)} to ${require_main.toLine(quiet.to)}${zone}${now}`];
}
function renderAway(away) {
	if (away === void 0 || away.mode === "auto" && !away.isAway) return [];
	const { mode, isAway, by, since } = away;
	const set = by === void 0 || since === void 0 || mode === "auto" ? "" : `, set by ${require_main.toLine(by)} ${require_main.toAgo(since, Date.now())}`;
	return [`away     ${isAway ? "on" : "off"}${mode === "auto" ? ", nobody has typed for a while" : set}; ${isAway ? "chats and phones are asked at once" : "the terminal and page are always asked first"}`];
}
function renderOldest(oldest) {
	if (oldest === void 0) return [];
	const { id, channel, state, ageMs, why } = oldest;
	const reason = why === void 0 ? "" : `: ${require_main.toLine(why)}`;
	return [`oldest   ${id} of ${require_main.toLine(channel)}, ${state} for ${require_main.toDuration(ageMs)}${reason}`];
}
function renderRefused(refused) {
	if (refused.length === 0) return [];
	const sorted = refused.toSorted((a, b) => b.count - a.count);
	const shown = sorted.slice(0, REFUSED_SHOWN);
	const more = sorted.slice(REFUSED_SHOWN).reduce((sum, { count }) => sum + count, 0);
	return [`refused  ${[...shown.map(require_shared.toRefusedText), ...more > 0 ? [`${more} for other reasons`] : []].join(", ")}`];
}
function renderNext(next) {
	return next.length === 0 ? [] : [
		"",
		require_main.paint("bold", "Next"),
		...next.map((step) => `  ${require_main.toLine(step)}`)
	];
}
function renderOutboxCounts(outbox) {
	const open = Object.entries(outbox).filter(([state, count]) => state !== "sent" && count > 0);
	return open.length === 0 ? [] : [`outbox   ${open.map(([state, count]) => `${count} ${state}`).join(", ")}`];
}

exports.status = status;