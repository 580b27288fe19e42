/**
 * A client spawns this file as its MCP server: `shim.js [--plugin [--replace-older]]`.
 *
 * Owns: starting the shim and ending the process. SLUICE_NODE and SLUICE_CLI say how to start a hub.
 */
import { keepCompiledCode } from "../local/code-cache.ts";
import { closeUmask } from "../local/umask.ts";
import { exitAfter } from "./exit-after.ts";

closeUmask();
const { env } = process;
keepCompiledCode(env);
const { SLUICE_NODE: node, SLUICE_CLI: cli } = env;
// Only what is loaded from here on comes out of the cache. No top-level await: the bundle's other file shares code with this one, and
// would wait for it for ever.
exitAfter(
  import("./shim.ts").then(({ runShim }) =>
    runShim({
      env,
      plugin: process.argv.includes("--plugin"),
      replaceOlder: process.argv.includes("--replace-older"),
      entry: node === undefined || cli === undefined ? undefined : { node, cli },
    }),
  ),
);
