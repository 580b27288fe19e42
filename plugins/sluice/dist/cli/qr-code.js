const require_main = require("./main.js");

// src/cli/output/access-lines.ts
function renderAccess(view, now) {
	const section = (title, lines) => lines.length === 0 ? [] : [
		"",
		require_main.paint("bold", title),
		...lines
	];
	const table = (title, head, items, toRow) => section(title, items.length === 0 ? [] : require_main.renderTable(head, items.map(toRow)));
	return [
		...renderState(view),
		...table("People", [
			"CHANNEL",
			"ID",
			"ROLES",
			"NAME",
			"SINCE",
			"BY"
		], view.senders, (one) => [
			require_main.toLine(one.channel),
			require_main.toLine(one.id),
			one.roles.length === 0 ? require_main.paint("red", "blocked") : one.roles.map(require_main.toLine).join(", "),
			require_main.toLine(one.name) || "-",
			require_main.toAgo(one.addedAt, now),
			require_main.toLine(one.addedBy)
		]),
		...table("One person in several places", [
			"PERSON",
			"CHANNEL",
			"ID",
			"MAY",
			"TOLD HERE"
		], view.persons.toSorted((a, b) => a.person.localeCompare(b.person)), (one) => [
			require_main.toLine(one.person),
			require_main.toLine(one.channel),
			require_main.toLine(one.id),
			one.counts.map(require_main.toLine).join(", ") || require_main.paint("red", "blocked"),
			one.preferred ? "yes" : "-"
		]),
		...table("Groups", [
			"CHANNEL",
			"GROUP",
			"MENTION",
			"WORDS",
			"WHO"
		], view.groups, (one) => [
			require_main.toLine(one.channel),
			require_main.toLine(one.id),
			one.requireMention ? "needed" : "not needed",
			one.patterns.map(require_main.toLine).join(", ") || "-",
			one.senders.map(require_main.toLine).join(", ") || "nobody"
		]),
		...table("Contacts, to whom a session may write first", [
			"CHANNEL",
			"CHAT",
			"NAME"
		], view.contacts, (one) => [
			require_main.toLine(one.channel),
			require_main.toLine(one.chatId),
			require_main.toLine(one.name) || "-"
		]),
		...table("People who asked for a code: \"sluice access pair <code>\", with the code they tell you", [
			"CHANNEL",
			"ID",
			"NAME",
			"ASKED"
		], view.pairings, (one) => [
			require_main.toLine(one.channel),
			require_main.toLine(one.id),
			require_main.toLine(one.name) || "-",
			require_main.toAgo(one.createdAt, now)
		]),
		...table("Changes that wait for you: \"sluice access confirm <n>\" or \"reject <n>\"", [
			"N",
			"ASKED",
			"BY",
			"CHANGE"
		], view.requests, (one) => [
			String(one.number),
			require_main.toAgo(one.createdAt, now),
			require_main.toLine(one.origin),
			require_main.toLine(one.summary)
		]),
		...section("Invites that wait to be sent", view.invites.map((one) => `${require_main.toLine(one.channel)}: as ${one.roles.map(require_main.toLine).join(", ")}, ${require_main.toDuration(one.expiresAt - now)} left`))
	];
}
function renderOutcome(outcome, now) {
	switch (outcome.kind) {
		case "done": return [require_main.toLine(outcome.summary)];
		case "pending": return [`nothing was changed: ${require_main.toLine(outcome.summary)}`, `It waits as ${outcome.number}. Its owner confirms it in a terminal of their own: sluice access confirm ${outcome.number}`];
		case "invited": return [`${require_main.toLine(outcome.summary)}: ${require_main.paint("bold", require_main.toLine(outcome.code))}  ${require_main.paint("yellow", "(shown only now)")}`, renderInvite(outcome, Math.ceil((outcome.expiresAt - now) / 6e4))];
		default: return outcome;
	}
}
function renderInvite({ account, code }, minutes) {
	if (account === void 0) return `Send it to the channel's account (for telegram, a direct message to your bot) within ${minutes} minutes. It works once.`;
	const link = account.codeLink === void 0 ? "" : `, or open ${require_main.toLine(account.codeLink + code)}`;
	return `Send it to ${require_main.toLine(account.name)} within ${minutes} minutes${link}. It works once.`;
}
function renderAudit(rows) {
	if (rows.length === 0) return ["access was never changed"];
	return require_main.renderTable([
		"N",
		"WHEN",
		"BY",
		"ACTION",
		"WHAT"
	], rows.map((row) => [
		String(row.seq),
		new Date(row.at).toISOString(),
		require_main.toLine(row.actor),
		require_main.toLine(row.action),
		require_main.toLine(row.detail)
	]));
}
function renderState({ state, reason, channels, audit, senders }) {
	const alarm = state === "damaged" ? [require_main.paint("red", `Access is damaged (${require_main.toLine(reason ?? "")}): nobody is admitted to a chat.`), "Look at \"sluice access log\", then run \"sluice access restore\" for the last good copy."] : [];
	const broken = audit.damage === void 0 ? [] : [require_main.paint("red", `The audit is broken: ${require_main.toLine(audit.damage)}.`)];
	const isStatic = state === "static" ? ["static: nothing changes at run time (\"access\" in config.json)"] : [];
	const policies = channels.map(({ name, policy }) => `${require_main.toLine(name)} ${require_main.toLine(policy)}`).join(", ");
	const notes = [...channels.some(({ policy }) => policy === "page") ? ["page: its one user, signed in with \"sluice open\"; nobody else can be let in"] : [], ...channels.some(({ policy }) => policy === "source") ? ["source: no people; the holder of the channel's secret"] : []];
	const hasPlatform = channels.some(({ policy }) => policy !== "page" && policy !== "source");
	const nobody = senders.length === 0 && state !== "damaged" && (hasPlatform || channels.length === 0) ? ["Nobody may speak yet. \"sluice access invite <channel>\" makes a code for yourself."] : [];
	return [
		...alarm,
		...broken,
		...isStatic,
		`Policies: ${policies || "no channels"}`,
		...notes,
		...nobody
	];
}

// src/cli/output/qr-code.ts
async function printInviteCode(outcome) {
	const link = outcome.kind === "invited" ? outcome.account?.codeLink : void 0;
	if (link === void 0 || outcome.kind !== "invited" || process.stdout.isTTY !== true) return;
	const lines = await toQrCode(link + outcome.code);
	if ((lines[0]?.length ?? 0) <= require_main.readColumns()) require_main.printLines(lines);
}
async function toQrCode(text) {
	const { renderUnicodeCompact } = await Promise.resolve().then(() => require("./dist.js"));
	return renderUnicodeCompact(text, { border: 2 }).split("\n").map((line) => require_main.paint(["whiteBright", "bgBlack"], line));
}

Object.defineProperty(exports, "printInviteCode", {
  enumerable: true,
  get: function () {
    return printInviteCode;
  }
});
Object.defineProperty(exports, "renderAccess", {
  enumerable: true,
  get: function () {
    return renderAccess;
  }
});
Object.defineProperty(exports, "renderAudit", {
  enumerable: true,
  get: function () {
    return renderAudit;
  }
});
Object.defineProperty(exports, "renderOutcome", {
  enumerable: true,
  get: function () {
    return renderOutcome;
  }
});