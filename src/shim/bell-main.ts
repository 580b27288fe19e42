/**
 * What the plugin's monitor runs: `bell.js`.
 *
 * Owns: starting the bell and ending the process.
 */
import { runBell } from "./bell.ts";

await runBell(process.env);
process.exit(0);
