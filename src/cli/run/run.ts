/**
 * `sluice run`.
 *
 * Owns: reading the arguments, and the end of the process. Never: touches our standard streams while the command runs: opening one would
 * change it for the command.
 */
import { closeSync } from "node:fs";
import { isatty } from "node:tty";
import { defineCommand, flag, option } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { printNote } from "../output/print.ts";
import { type ChildEnd, runChild, toExitCode } from "./child.ts";
import { openOutput, type TailMode } from "./output.ts";
import { openReport } from "./report.ts";

export const run = defineCommand({
  description:
    "Runs a command as it is (input, output, signals, Ctrl-Z, exit code) and makes its end an event: how it ended, after how long, and the last lines that it printed. What it prints to a terminal is not read, but with --tail, which makes a pipe of it. Typed in a session's shell, the event is for that session. Flags of sluice stand before --, the command behind it.",
  args: {
    session: option(
      "id or label",
      "Only for this session; this: the one in whose shell the command is typed (default there)",
    ),
    channel: option("name", "The channel that the event comes on (default: jobs)"),
    tail: flag("Read the last lines also where they go to a terminal"),
    "no-tail": flag("Read nothing of what the command prints"),
  },
  rest: "-- <command>",
  examples: [
    "sluice run -- npm test",
    "sluice run --session reports -- make nightly",
    "sluice run --tail -- ./deploy.sh staging",
  ],
  async run({ args, positionals }) {
    if (positionals.length === 0)
      throw toUsageFault("the command is missing: sluice run -- npm test");
    const session = toSession(args.session);
    const output = openOutput(toTailMode(args));
    const report = openReport({ command: positionals, session, channel: args.channel });
    const end = await runChild(positionals, output);
    const lines = await output.ended();
    const note = await report.end(end, lines);
    if (end.kind === "failed") printNote(end.reason);
    if (note !== undefined) printNote(note);
    leave(end);
  },
});

function toSession(given: string | undefined): string | undefined {
  const own = process.env["CLAUDE_CODE_SESSION_ID"];
  if (given === undefined) return own === "" ? undefined : own;
  if (given !== "this") return given;
  if (own !== undefined && own !== "") return own;
  throw toUsageFault(
    "--session this is for a session's own shell, and this is none; name one: sluice sessions lists them",
  );
}

function toTailMode(args: {
  tail?: boolean | undefined;
  "no-tail"?: boolean | undefined;
}): TailMode {
  if (args.tail === true && args["no-tail"] === true)
    throw toUsageFault("give --tail or --no-tail, not both");
  return args.tail === true ? "always" : args["no-tail"] === true ? "never" : "auto";
}

/** A shell's loop ends by Ctrl-C only where its command ended by that signal, and not by a number that says so. */
function leave(end: ChildEnd): void {
  const isKeyed = end.kind === "signal" && end.signal === "SIGINT" && isatty(0);
  // Node would set a terminal back to how it found it, and `stty` would have done nothing.
  for (const fd of [0, 1, 2]) {
    try {
      closeSync(fd);
    } catch {
      // It was closed when we came.
    }
  }
  if (isKeyed) process.kill(process.pid, "SIGINT");
  process.exit(toExitCode(end));
}
