/**
 * `sluice attach <session>`: the conversation of an agent goes on in a terminal.
 *
 * Owns: that the agent has let go of it before. Never: resumes one that another process writes.
 */
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { locateHome } from "../../local/home.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { findClaude } from "../claude/claude-client.ts";
import { defineCommand, positional } from "../command.ts";
import { printNote, toLine } from "../output/print.ts";

const WAIT_MS = 60_000;
const LOOK_MS = 100;

export const attach = defineCommand({
  description:
    'Ends the agent of a session once it has let go, and goes on with its conversation in this terminal ("claude --resume"). "sluice sessions" shows the ids; the start of one is enough.',
  args: { session: positional("The session's id, or its start") },
  examples: ["sluice attach 679b6c33"],
  async run({ args: { session } }) {
    const { isRunning, listStates } = await import("../../agent/state.ts");
    const home = locateHome(process.env).path;
    const find = () => listStates(home).filter((one) => one.session.startsWith(session));
    const [found, other] = find();
    if (found === undefined)
      throw new SluiceError(
        "not_found",
        `no agent has had a session ${toLine(session)}; "sluice sessions" lists those that are open`,
      );
    if (other !== undefined)
      throw new SluiceError(
        "conflict",
        `several sessions begin with ${toLine(session)}; type more`,
      );
    const claude = await findClaude(process.env);
    if (claude === undefined)
      throw new SluiceError(
        "bad_config",
        "Claude Code was not found on PATH; install it, or set SLUICE_CLAUDE to it",
      );
    const { owner } = found;
    if (isRunning(owner)) {
      printNote(`the agent in process ${owner.pid} is told to end`);
      process.kill(owner.pid, "SIGTERM");
    }
    const isHeld = (): boolean =>
      find().some((one) => isRunning(one.owner) || isRunning(one.child));
    for (let waited = 0; isHeld(); waited += LOOK_MS) {
      if (waited >= WAIT_MS)
        throw new SluiceError(
          "conflict",
          "the agent has not ended; a conversation that two processes write would be damaged",
        );
      await sleep(LOOK_MS);
    }
    const child = spawn(claude.path, ["--resume", found.session], {
      cwd: found.cwd,
      stdio: "inherit",
    });
    process.exitCode = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 1));
    });
  },
});
