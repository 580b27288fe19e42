/**
 * The plugin's monitor runs this file: `bell.js`.
 *
 * Owns: starting the bell and ending the process.
 */
import { runBell } from "./bell.ts";
import { exitAfter } from "./exit-after.ts";

exitAfter(runBell(process.env));
