/**
 * How a command ends: one line on stderr and an exit code.
 *
 * Owns: which fault gives which code. Never: prints on stdout.
 */
import { type ErrorCode, isSluiceError, SluiceError, toMessage } from "../sdk/errors.ts";
import { printNote, sanitize } from "./output/print.ts";

const EXIT_OK = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
/** EX_CONFIG of sysexits.h. */
const EXIT_SETUP = 78;

const SETUP_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "bad_config",
  "unsafe_home",
  "store_newer",
  "store_corrupt",
  "store_readonly",
  "unsupported",
]);

export type Exit = { code: number; message: string };

/** A command that was typed wrongly. */
export function toUsageFault(message: string): SluiceError {
  return new SluiceError("bad_input", message);
}

export function toExit(thrown: unknown): Exit {
  if (isSluiceError(thrown))
    return { code: toExitCode(thrown.code), message: sanitize(thrown.message) };
  // The bug's place matters more than a neat line.
  const where =
    thrown instanceof Error && thrown.stack !== undefined ? thrown.stack : toMessage(thrown);
  return { code: EXIT_FAILED, message: `internal fault, please report it: ${sanitize(where)}` };
}

function toExitCode(code: ErrorCode): number {
  if (code === "bad_input") return EXIT_USAGE;
  return SETUP_CODES.has(code) ? EXIT_SETUP : EXIT_FAILED;
}

/** `sluice inbox | head -1`: the reader has what it wanted, which is no failure. A command that failed stays one that failed. */
export function endQuietlyOnClosedPipe(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? EXIT_OK);
    printNote(`the output cannot be written (${error.message})`);
    process.exit(EXIT_FAILED);
  });
}
