/**
 * Keeps compiled code from one process to the next, since a client waits for its servers, and a person for a command.
 *
 * Owns: the place where it is kept. Never: makes a home.
 */
import { lstatSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { locateHome, type Env } from "./home.ts";
import { checkSafeFolder, ensureInnerFolder } from "./safe-folder.ts";

const FOR_OTHERS = 0o077;

/** From here on, code that is loaded is kept in the home. Not where there is none yet, or where somebody else could have written it. */
export function keepCompiledCode(env: Env): void {
  try {
    const home = locateHome(env);
    if (!checkSafeFolder(home.path)) return;
    // One that is open waits for the next hub, which closes it and logs that.
    const stats = lstatSync(home.cacheDir, { throwIfNoEntry: false });
    if (stats !== undefined && (stats.mode & FOR_OTHERS) !== 0) return;
    // Not left to Node, which makes folders as the umask has it. Kept code is run: nobody else may put any there.
    ensureInnerFolder(home.cacheDir);
    enableCompileCache(home.cacheDir);
  } catch {
    // No place for it. Whatever needs the home says why, and what to do.
  }
}
