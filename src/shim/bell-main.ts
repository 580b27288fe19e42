/**
 * What the plugin's monitor runs: `bell.js`.
 *
 * Owns: starting the bell and ending the process.
 */
import { runBell } from "./bell.ts";
import { exitAfter } from "./exit-after.ts";

exitAfter(runBell(process.env));
