/**
 * The command line's door: its process, before any command.
 *
 * Owns: the settings of the process (such as its umask) before anything is made or loaded. Never: knows a command.
 * Acts when loaded.
 */
import { keepThroughHangup } from "../local/hangup.ts";
import { closeUmask } from "../local/umask.ts";
import { leaveOutSqliteWarning } from "../local/warnings.ts";
import { runCommandLine } from "./command-line.ts";

keepThroughHangup();
closeUmask();
leaveOutSqliteWarning();
void runCommandLine(process.argv.slice(2));
