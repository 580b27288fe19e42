/**
 * Ends a process that a client spawned.
 *
 * Owns: its exit code, and one line on stderr for a fault. Never: waits for anything else that is still open.
 */
import { isSluiceError } from "../sdk/errors.ts";

/** EX_CONFIG of sysexits.h. */
const BAD_SETUP = 78;

/** Ends the process with `run`: 0, or 78 for what the user has to set up otherwise. */
export function exitAfter(run: Promise<void>): void {
  run.then(
    () => process.exit(0),
    (thrown: unknown) => {
      const isSetup = isSluiceError(thrown);
      process.stderr.write(`sluice: ${isSetup ? thrown.message : toStack(thrown)}\n`);
      process.exit(isSetup ? BAD_SETUP : 1);
    },
  );
}

/** The bug's place matters more than a neat line. */
function toStack(thrown: unknown): string {
  return thrown instanceof Error && thrown.stack !== undefined ? thrown.stack : String(thrown);
}
