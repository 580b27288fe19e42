/**
 * What a client spawns as its MCP server: `shim.js [--plugin]`.
 *
 * Owns: starting the shim and ending the process. SLUICE_NODE and SLUICE_CLI say how to start a hub.
 */
import { runShim } from "./shim.ts";

const { env } = process;
const { SLUICE_NODE: node, SLUICE_CLI: cli } = env;
await runShim({
  env,
  plugin: process.argv.includes("--plugin"),
  entry: node === undefined || cli === undefined ? undefined : { node, cli },
});
process.exit(0);
