const require_shared = require("./shared.js");
const require_main = require("./main.js");

// src/sdk/wall-clock.ts
function isZone(name) {
	try {
		readFormat(name);
		return true;
	} catch {
		return false;
	}
}
function readMinute(at, zone) {
	if (zone !== void 0) return toMinutes(readFormat(zone).format(at));
	const date = new Date(at);
	return date.getHours() * 60 + date.getMinutes();
}
function toWallTime(at, zone) {
	const minute = readMinute(at, zone);
	const two = (value) => String(value).padStart(2, "0");
	return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
function toMinutes(time) {
	const [hours = 0, minutes = 0] = time.split(":").map(Number);
	return hours * 60 + minutes;
}
const formats = /* @__PURE__ */ new Map();
function readFormat(zone) {
	const kept = formats.get(zone);
	if (kept !== void 0) return kept;
	const format = new Intl.DateTimeFormat("en-GB", {
		timeZone: zone,
		hour: "2-digit",
		minute: "2-digit",
		hourCycle: "h23"
	});
	formats.set(zone, format);
	return format;
}

// src/cli/commands/quiet.ts
const SYSTEM = "system";
const quiet = require_shared.defineCommand({
	description: "Sets the hours of the day during which only urgent events wake a session; other events wait, and a session can read them with the inbox tool. The range may go past midnight. Hours count in the time zone of this machine and follow its changes, unless --zone names another one.",
	args: {
		hours: require_shared.optionalPositional("Such as 22:00-07:00, or off (default: shows the current setting)"),
		zone: require_shared.option("zone", "Time zone of the hours, such as Europe/Berlin; \"system\" follows this machine again"),
		json: require_shared.JSON_ARG
	},
	examples: [
		"sluice quiet 22:00-07:00",
		"sluice quiet 22:00-07:00 --zone Europe/Berlin",
		"sluice quiet off"
	],
	async run({ args }) {
		const { hours, zone } = args;
		if (hours === "off" && zone !== void 0) throw require_main.toUsageFault("--zone needs hours, not off");
		if (hours !== void 0 || zone !== void 0) await change(hours, zone);
		const { quiet: set, clock } = await require_shared.ask((api) => api.status.$get());
		if (args.json === true) require_main.printJson({ quiet: set ?? null });
		else require_main.printLines(renderQuietHours(set, clock));
	}
});
async function change(hours, zone) {
	if (zone !== void 0 && zone !== SYSTEM && !isZone(zone)) throw require_main.toUsageFault(`"${zone}" is not a time zone; write it as Europe/Berlin, or "system"`);
	const range = hours === void 0 || hours === "off" ? void 0 : parseHours(hours);
	const before = (await require_shared.ask((api) => api.status.$get())).quiet;
	const next = hours === "off" ? void 0 : range ?? before;
	if (hours !== "off" && next === void 0) throw require_main.toUsageFault("no quiet hours are set; give them, such as 22:00-07:00, before --zone");
	const kept = zone === void 0 ? before?.zone : zone === SYSTEM ? void 0 : zone;
	const json = next === void 0 ? null : {
		from: next.from,
		to: next.to,
		...kept === void 0 ? {} : { zone: kept }
	};
	await require_shared.ask((api) => api.quiet.$put({ json: {
		caller: require_shared.readCallerFacts(),
		quiet: json
	} }));
}
function renderQuietHours(set, clock) {
	if (set === void 0) return ["no quiet hours: events wake sessions at any time"];
	const { from, to } = set;
	const line = `from ${require_main.toLine(from)} to ${require_main.toLine(to)} only urgent events wake sessions`;
	if (clock === void 0) return [line];
	const now = toWallTime(clock.now, set.zone ?? clock.zone.name);
	return [line, `time zone: ${require_shared.toQuietZoneText(set, clock) ?? ""}, where it is ${now} now`];
}
function parseHours(text) {
	const [, from, to] = /^((?:[01]?\d|2[0-3]):[0-5]\d)-((?:[01]?\d|2[0-3]):[0-5]\d)$/.exec(text) ?? [];
	if (from !== void 0 && from.padStart(5, "0") === to?.padStart(5, "0")) throw require_main.toUsageFault(`"${text}" starts and ends at the same time; for no quiet hours write "off"`);
	if (from === void 0 || to === void 0) throw require_main.toUsageFault(`"${text}" is not a valid time range; write it as 22:00-07:00, or "off"`);
	return {
		from: from.padStart(5, "0"),
		to: to.padStart(5, "0")
	};
}

exports.quiet = quiet;