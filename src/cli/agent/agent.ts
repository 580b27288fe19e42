/**
 * `sluice agent`: a session without a person, in the foreground.
 *
 * Owns: the command and its defaults. Never: runs one (src/agent).
 */
import { randomUUID } from "node:crypto";
import { realpathSync, statSync } from "node:fs";
import { locateHome, locateSocket } from "../../local/home.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, option } from "../command.ts";
import { parseDuration } from "../duration.ts";
import { toUsageFault } from "../exit.ts";
import { ask, startHub } from "../hub.ts";
import { printLine, toLine } from "../output/print.ts";
import { requireSdk } from "./install-sdk.ts";

export const agent = defineCommand({
  description:
    "Runs a Claude session without a person for a folder, in the foreground; Ctrl-C ends it. It is given the events of the channels that you name, while no session of yours may have them, and never what a stranger wrote. Harmless reading is allowed; for everything else your rules decide, else you are asked.",
  args: {
    cwd: option("folder", "The folder that it works in (default: this one)"),
    channel: option("name", "A channel whose events it is given; may be given more than once"),
    model: option("name", "The model (default: the agent's own)"),
    turns: option("n", "Turns a day at most, all agents together (default: 50)"),
    tokens: option("n", "Tokens a day at most, all agents together (default: 2000000)"),
    dollars: option("n", "Dollars a day at most, all agents together (default: 5)"),
    idle: option("time", "End after so long without an event, as 30m (default: 8h)"),
    parallel: option("n", "How many agents may run at once (default: 2)"),
  },
  repeatable: ["channel"],
  examples: [
    "sluice agent --cwd ~/app --channel github",
    "sluice agent --channel deploys --turns 20 --dollars 1",
  ],
  async run({ args, repeated }) {
    const cwd = toFolder(args.cwd ?? process.cwd());
    const channels = [...new Set(repeated("channel"))];
    if (channels.length === 0)
      throw toUsageFault(
        "name the channels whose events may start a turn: --channel NAME, once for each",
      );
    const limits = {
      turns: parseCount("--turns", args.turns ?? "50", 100_000),
      tokens: parseCount("--tokens", args.tokens ?? "2000000", 1_000_000_000_000),
      dollars: parseDollars(args.dollars ?? "5"),
    };
    const most = parseCount("--parallel", args.parallel ?? "2", 16);
    const idleMs = parseDuration("--idle", args.idle ?? "8h");
    const home = locateHome(process.env).path;
    await requireSdk(home, process.env);
    await requireChannels(channels);
    const [{ runAgent }, { StateFile }, { ClaudeSession }, { loadSdk }] = await Promise.all([
      import("../../agent/run.ts"),
      import("../../agent/state.ts"),
      import("../../agent/claude.ts"),
      import("../../agent/sdk.ts"),
    ]);
    const sdk = await loadSdk(home);
    const state = StateFile.open(home, cwd, "claude", randomUUID());
    const stop = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.once(signal, () => stop.abort());
    log(`session ${state.state.session} in ${cwd}; events of ${channels.join(", ")}`);
    log(
      `at most ${limits.turns} turns, ${limits.tokens} tokens and $${limits.dollars} a day, all agents together`,
    );
    const { model } = args;
    const env = process.env;
    await runAgent({
      state,
      agent: { channels, limits },
      most,
      idleMs,
      readCaller: readCallerFacts,
      open: (help) => new ClaudeSession({ sdk, state, env, help, model }),
      locate: () => locateSocket(process.env),
      ensure: startHub,
      stop: stop.signal,
      log,
    });
  },
});

function log(line: string): void {
  const now = new Date();
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
  printLine(`${time} ${toLine(line)}`);
}

/** @throws SluiceError `bad_input`. */
function toFolder(given: string): string {
  try {
    const folder = realpathSync(given);
    if (statSync(folder).isDirectory()) return folder;
  } catch {
    // Said below: it is not there, or not to be seen.
  }
  throw toUsageFault(`--cwd ${given} is no folder`);
}

/** A name that was mistyped would bring no event, and no word of it. @throws SluiceError `bad_input`. */
async function requireChannels(names: readonly string[]): Promise<void> {
  const { channels } = await ask((api) => api.status.$get());
  const missing = names.find((name) => !channels.some((one) => one.name === name));
  if (missing === undefined) return;
  const known = channels.map(({ name }) => name).join(", ");
  throw toUsageFault(
    `there is no channel "${missing}"; ${known === "" ? '"sluice add" adds one' : `there are: ${known}`}`,
  );
}

function parseCount(flag: string, text: string, max: number): number {
  if (/^[1-9]\d{0,12}$/.test(text) && Number(text) <= max) return Number(text);
  throw toUsageFault(`${flag} ${text} is not a number from 1 to ${max}`);
}

function parseDollars(text: string): number {
  const dollars = /^\d{1,6}(?:\.\d{1,4})?$/.test(text) ? Number(text) : 0;
  if (dollars > 0) return dollars;
  throw toUsageFault(`--dollars ${text} is no amount; write it like 5 or 0.5`);
}
