/**
 * The command line.
 *
 * Owns: which command was meant, help, version, and how the process ends. Never: what a command does.
 * What is imported here is read at each start, for the first page of help as well: no more than that page needs.
 */
import { keepCompiledCode } from "../local/code-cache.ts";
import { VERSION } from "../local/version.ts";
import { COMMANDS, type CommandEntry, findCommand } from "./commands.ts";
import { endQuietlyOnClosedPipe, EXIT_USAGE, toExit, toUsageFault } from "./exit.ts";
import { renderCommandHelp, renderHelp } from "./output/help.ts";
import { printError, printLine } from "./output/print.ts";
import { toHint } from "./suggest.ts";

/** Runs what was typed. A fault is one line on stderr and the exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  endQuietlyOnClosedPipe();
  try {
    await run(argv);
  } catch (thrown) {
    const { code, message } = toExit(thrown);
    printError(`sluice: ${message}`);
    process.exitCode = code;
  }
}

async function run(argv: readonly string[]): Promise<void> {
  const at = argv.findIndex((arg) => !arg.startsWith("-"));
  const leading = at === -1 ? argv : argv.slice(0, at);
  // "sluice --json status" means "sluice status --json"; no other flag stands before the command.
  const unknown = leading.find(
    (flag) => !["--help", "-h", "--version", "-v", "--json"].includes(flag),
  );
  if (unknown !== undefined) {
    throw toUsageFault(
      `unknown flag ${unknown} before the command; "sluice --help" lists what there is`,
    );
  }
  if (leading.includes("--version") || leading.includes("-v")) return printLine(VERSION);
  const name = argv[at];
  const rest = at === -1 ? [] : argv.slice(at + 1);
  if (name === undefined) return printHelp(leading);
  if (name === "help")
    return rest[0] === undefined ? printHelp(["--help"]) : printCommandHelp(find(rest[0]));
  const entry = find(name);
  // Only what is loaded from here on comes out of the cache.
  keepCompiledCode(process.env);
  const own = rest.includes("--") ? rest.slice(0, rest.indexOf("--")) : rest;
  if ([...leading, ...own].some((arg) => arg === "--help" || arg === "-h"))
    return printCommandHelp(entry);
  const command = await entry.load();
  await command.start(entry.name, [...leading, ...rest]);
}

function find(name: string): CommandEntry {
  const entry = findCommand(name);
  if (entry !== undefined) return entry;
  const hint = toHint(
    name,
    COMMANDS.map((known) => known.name),
    "sluice ",
  );
  throw toUsageFault(
    `unknown command "${name}"${hint === "" ? '; "sluice --help" lists them' : hint}`,
  );
}

function printHelp(leading: readonly string[]): void {
  printLine(renderHelp());
  // "sluice --json" asked for something, and help is not it.
  if (leading.includes("--json") && !leading.includes("--help")) process.exitCode = EXIT_USAGE;
}

async function printCommandHelp(entry: CommandEntry): Promise<void> {
  printLine(renderCommandHelp(entry.name, await entry.load()));
}
