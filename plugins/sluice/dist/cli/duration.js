const require_main = require("./main.js");

// src/cli/duration.ts
const UNITS = {
	s: 1e3,
	m: 6e4,
	h: 36e5,
	d: 864e5
};
function toDurationMs(text) {
	const [, count, unit = ""] = /^(\d{1,6})\s?([smhd])$/.exec(text) ?? [];
	return count === void 0 ? void 0 : Number(count) * (UNITS[unit] ?? 0);
}
function parseDuration(flag, text) {
	const ms = text === "0" ? 0 : toDurationMs(text);
	if (ms !== void 0) return ms;
	throw require_main.toUsageFault(`${flag} ${text} is not a length of time; write it like 30s, 90m, 36h or 2d`);
}
function parseTime(flag, text, now) {
	const ago = toDurationMs(text);
	if (ago !== void 0) return now - ago;
	const at = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
	if (/^\d{4}-\d{2}-\d{2}/.test(text) && Number.isFinite(at) && at >= 0) return at;
	throw require_main.toUsageFault(`${flag} ${text} is no point of time; write it like 2h (ago), 2026-01-31 or 2026-01-31T09:00`);
}

Object.defineProperty(exports, "parseDuration", {
  enumerable: true,
  get: function () {
    return parseDuration;
  }
});
Object.defineProperty(exports, "parseTime", {
  enumerable: true,
  get: function () {
    return parseTime;
  }
});