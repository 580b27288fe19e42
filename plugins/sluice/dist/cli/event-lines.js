const require_shared = require("./shared.js");
const require_main = require("./main.js");

// src/sdk/show/event-headline.ts
const WRITTEN = /\nmessage: ([^]*)/;
function toHeadline({ text, kind }) {
	const line = ((kind === "message" ? WRITTEN.exec(text)?.[1] : void 0) ?? text).replaceAll(/\s+/g, " ").trim();
	return line === "" ? kind : line;
}

// src/cli/output/event-lines.ts
function renderEvents(events, now) {
	const rows = events.map((event) => [
		event.id,
		require_main.toAgo(event.receivedAt, now),
		require_main.toLine(event.channel),
		renderState(event),
		require_main.toLine(toHeadline(event))
	]);
	return require_main.renderTable([
		"EVENT",
		"WHEN",
		"CHANNEL",
		"STATE",
		"TEXT"
	], rows);
}
function renderEventLine(event) {
	const time = new Date(event.receivedAt).toTimeString().slice(0, 8);
	const head = `${require_main.paint("dim", time)} ${event.id} ${require_main.paint("cyan", require_main.toLine(event.channel))} ${renderState(event)} `;
	return require_main.cut(`${head}${require_main.toLine(toHeadline(event))}`, require_main.readColumns());
}
function renderState({ state, answer }) {
	return `${require_shared.paintState(state)}${answer === void 0 ? "" : `, answer ${require_shared.paintState(answer)}`}`;
}
function renderTrace({ event, steps, copies = [], takenBy = [] }, now, labels) {
	const name = event.sender.name === void 0 ? "" : ` "${require_main.toLine(event.sender.name)}"`;
	const [first] = steps;
	const rows = steps.map((step) => [
		first === void 0 ? "" : toOffset(step.at - first.at),
		require_shared.paintState(step.stage),
		require_main.toLine(describeStep(step, labels))
	]);
	return [
		`${require_main.paint("bold", event.id)}  ${renderState(event)}, ${require_main.toAgo(event.receivedAt, now)}`,
		`channel  ${require_main.toLine(event.channel)}, ${require_main.toLine(event.kind)}`,
		`sender   ${require_main.toLine(event.sender.id)}${name}, ${require_main.toLine(event.sender.role)}`,
		...event.entity === void 0 ? [] : [`entity   ${require_main.toLine(event.entity)}`],
		...event.stateOf === void 0 ? [] : [`state of ${require_main.toLine(event.stateOf)}`],
		...event.copyOf === void 0 ? [] : [`copy of  ${event.copyOf}`],
		...copies.map((copy) => `copy     ${describeCopy(copy, labels)}`),
		...takenBy.map(({ client, name, at }) => `taken by ${require_main.toLine(client)} (${require_main.toLine(name)}), ${require_main.toAgo(at, now)} at the latest; no session has read it by that`),
		...require_main.sanitize(event.text).split("\n").map((line) => require_main.paint("dim", `  ${line}`.trimEnd())),
		"",
		...require_main.renderTable([
			"AT",
			"STEP",
			"WHY"
		], rows)
	];
}
function describeCopy({ id, session, state, attempts }, labels) {
	const whose = session === void 0 ? "one that subscribed" : toSession(session, labels);
	const tries = attempts === 0 ? "" : `, ${require_main.toCount(attempts, "attempt")}`;
	return `${id} for ${require_main.toLine(whose)}: ${require_shared.paintState(state)}${tries}`;
}
function toSession(session, labels) {
	return labels.get(session) ?? `session ${session}`;
}
function describeStep({ session, lane, attempt, reason, copy }, labels) {
	return [
		...copy === void 0 ? [] : [`copy ${copy.slice(-4)}`],
		...lane === void 0 ? [] : [`by ${lane}`],
		...session === void 0 ? [] : [`to ${toSession(session, labels)}`],
		...attempt === void 0 ? [] : [`attempt ${attempt}`],
		...reason === void 0 ? [] : [reason]
	].join(", ");
}
function toOffset(ms) {
	return ms < 1e3 ? `+${Math.max(0, ms)} ms` : `+${require_main.toDuration(ms)}`;
}

Object.defineProperty(exports, "renderEventLine", {
  enumerable: true,
  get: function () {
    return renderEventLine;
  }
});
Object.defineProperty(exports, "renderEvents", {
  enumerable: true,
  get: function () {
    return renderEvents;
  }
});
Object.defineProperty(exports, "renderTrace", {
  enumerable: true,
  get: function () {
    return renderTrace;
  }
});