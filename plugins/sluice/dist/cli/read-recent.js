const require_shared = require("./shared.js");

// src/api/client/read-recent.ts
async function readRecent(api, { query, limit, from = 0 }) {
	let events = [];
	while (events.length < limit) {
		const [first] = events;
		const before = first === void 0 ? {} : { before: first.id };
		const left = String(limit - events.length);
		const json = {
			...query,
			limit: left,
			...before
		};
		const page = await require_shared.read(api.events.$get({ query: json }));
		const wanted = page.filter((event) => event.receivedAt >= from);
		events = [...wanted, ...events];
		if (wanted.length < page.length || page.length === 0) break;
	}
	return events;
}

Object.defineProperty(exports, "readRecent", {
  enumerable: true,
  get: function () {
    return readRecent;
  }
});