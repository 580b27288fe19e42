const require_shared = require("./shared.js");
const require_main = require("./main.js");
let node_readline = require("node:readline");

// src/cli/events-stdio.ts
const CODES = {
	parse: -32700,
	failed: -32603
};
async function serveEvents(client, input, output) {
	if (client === void 0) throw require_main.toUsageFault("say which client this is: sluice mcp --events --client <name>, as \"sluice access client add\" named it");
	await require_shared.startHub();
	const path = `/v1/clients/events/${encodeURIComponent(client)}/message`;
	const open = /* @__PURE__ */ new Map();
	const send = (message) => void output.write(`${JSON.stringify(message)}\n`);
	const carry = async (message) => {
		const left = new AbortController();
		const { id } = message;
		if (id !== void 0) open.set(id, left);
		let isAnswered = false;
		const fail = (why) => {
			if (id !== void 0 && !isAnswered && !left.signal.aborted) send({
				jsonrpc: "2.0",
				id,
				error: {
					code: CODES.failed,
					message: why
				}
			});
		};
		try {
			await require_shared.readStream({
				socket: require_main.locateSocket(process.env),
				path,
				body: { message },
				signal: left.signal,
				onMessage: (answer) => {
					isAnswered = isAnswered || isAnswerOf(answer, id);
					if (!left.signal.aborted) send(answer);
				}
			});
			fail("the hub ended before an answer; ask again");
		} catch (thrown) {
			fail(require_main.isSluiceError(thrown) ? thrown.message : require_main.toMessage(thrown));
		} finally {
			if (open.get(id) === left) open.delete(id);
		}
	};
	for await (const line of (0, node_readline.createInterface)({ input })) {
		if (line.trim() === "") continue;
		const message = parse(line);
		if (message === void 0) send({
			jsonrpc: "2.0",
			id: null,
			error: {
				code: CODES.parse,
				message: "not JSON"
			}
		});
		else if (isCancel(message)) open.get(message.params.requestId)?.abort();
		else carry(message);
	}
	for (const left of open.values()) left.abort();
}
function parse(line) {
	try {
		const value = JSON.parse(line);
		return typeof value === "object" && value !== null ? value : void 0;
	} catch {
		return;
	}
}
function isCancel(message) {
	const params = "params" in message ? message.params : void 0;
	return message.method === "notifications/cancelled" && typeof params === "object" && params !== null && "requestId" in params;
}
function isAnswerOf(answer, id) {
	return typeof answer === "object" && answer !== null && "id" in answer && answer.id === id && !("method" in answer);
}

exports.serveEvents = serveEvents;