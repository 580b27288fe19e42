const require_main = require("./main.js");
const require_claude_client = require("./claude-client.js");
const require_shared = require("./shared.js");
let node_timers_promises = require("node:timers/promises");
let node_child_process = require("node:child_process");

// src/cli/agent/attach.ts
const WAIT_MS = 6e4;
const LOOK_MS = 100;
const attach = require_shared.defineCommand({
	description: "Ends the agent of a session once it has let go, and goes on with its conversation in this terminal (\"claude --resume\"). \"sluice sessions\" shows the ids; the start of one is enough.",
	args: { session: require_shared.positional("The session's id, or its start") },
	examples: ["sluice attach 679b6c33"],
	async run({ args: { session } }) {
		const { isRunning, listStates } = await import("../../dist/agent/state.js");
		const home = require_main.locateHome(process.env).path;
		const find = () => listStates(home).filter((one) => one.session.startsWith(session));
		const [found, other] = find();
		if (found === void 0) throw new require_main.SluiceError("not_found", `no agent has had a session ${require_main.toLine(session)}; "sluice sessions" lists those that are open`);
		if (other !== void 0) throw new require_main.SluiceError("conflict", `several sessions begin with ${require_main.toLine(session)}; type more`);
		const claude = await require_claude_client.findClaude(process.env);
		if (claude === void 0) throw new require_main.SluiceError("bad_config", "Claude Code was not found on PATH; install it, or set SLUICE_CLAUDE to it");
		const { owner } = found;
		if (isRunning(owner)) {
			require_main.printNote(`the agent in process ${owner.pid} is told to end`);
			process.kill(owner.pid, "SIGTERM");
		}
		const isHeld = () => find().some((one) => isRunning(one.owner) || isRunning(one.child));
		for (let waited = 0; isHeld(); waited += LOOK_MS) {
			if (waited >= WAIT_MS) throw new require_main.SluiceError("conflict", "the agent has not ended; a conversation that two processes write would be damaged");
			await (0, node_timers_promises.setTimeout)(LOOK_MS);
		}
		const child = (0, node_child_process.spawn)(claude.path, ["--resume", found.session], {
			cwd: found.cwd,
			stdio: "inherit"
		});
		process.exitCode = await new Promise((resolve, reject) => {
			child.once("error", reject);
			child.once("close", (code) => resolve(code ?? 1));
		});
	}
});

exports.attach = attach;