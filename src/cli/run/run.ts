/**
 * `sluice run`.
 *
 * Owns: reading the arguments, and the end of the process. Never: touches our standard streams while the command runs: opening one would
 * change it for the command.
 */
import { closeSync } from "node:fs";
import { isatty } from "node:tty";
import { type Command, defineCommand, flag, option } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { printNote } from "../output/print.ts";
import { type ChildEnd, runChild, toExitCode } from "./child.ts";
import { openOutput, type TailMode } from "./output.ts";
import { openReport } from "./report.ts";

const definition = defineCommand({
  description:
    "Runs a command as it is (input, output, signals, Ctrl-Z, exit code) and sends an event when it ends: how it ended, after how long, and the last lines that it printed. Output that goes to a terminal is not read, except with --tail, which uses a pipe instead. Typed in a session's shell, the event is for that session. Put options of sluice before --, and the command after it.",
  args: {
    session: option(
      "id or label",
      "Only for this session; this: the one in whose shell the command is typed (default there)",
    ),
    channel: option("name", "The channel that the event comes on (default: jobs)"),
    tail: flag("Read the last lines also when the output goes to a terminal"),
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
    const isOwn = args.session === undefined;
    const report = openReport({ command: positionals, session, isOwn, channel: args.channel });
    const end = await runChild(positionals, output);
    const note = await report.end(end, await output.ended());
    if (end.kind === "failed") printNote(end.reason);
    if (note !== undefined) printNote(note);
    leave(end);
  },
});

/** Flags of ours that take a value. */
const WITH_VALUE: ReadonlySet<string> = new Set(["--session", "--channel"]);

/** Every word from the command's name on is the command's own, its `--` too. */
export const run: Command = {
  ...definition,
  start: (name, rawArgs) => definition.start(name, toMarked(rawArgs)),
};

/** With `--` before the command, where it was left out. */
export function toMarked(rawArgs: readonly string[]): readonly string[] {
  for (let index = 0; index < rawArgs.length; index++) {
    const word = rawArgs[index] ?? "";
    if (word === "--") return rawArgs;
    if (WITH_VALUE.has(word)) index++;
    else if (!word.startsWith("-") || word === "-")
      return [...rawArgs.slice(0, index), "--", ...rawArgs.slice(index)];
  }
  return rawArgs;
}

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
