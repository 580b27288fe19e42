/**
 * The command line's door: its process, before any command.
 *
 * Owns: the settings of the process (such as its umask) before anything is made or loaded. Never: knows a command.
 * Acts when loaded.
 */
import { keepCompiledCode } from "../local/code-cache.ts";
import { keepThroughHangup } from "../local/hangup.ts";
import { closeUmask } from "../local/umask.ts";

keepThroughHangup();
closeUmask();
keepCompiledCode(process.env);
// Only what is loaded from here on comes out of the cache.
const { runCommandLine } = await import("./command-line.ts");
await runCommandLine(process.argv.slice(2));
