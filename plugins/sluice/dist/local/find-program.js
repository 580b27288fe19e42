/**
 * Where a program of this machine is.
 *
 * Owns: looking through PATH, and through places that a hub's own PATH may lack. Never: starts it.
 */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
/** Homebrew and snap install there; a service of the system has neither on its PATH. */
const PLACES = ["/usr/local/bin", "/opt/homebrew/bin", "/snap/bin", "/usr/bin"];
/** The absolute path of `name`; undefined where there is none. `more`: whole paths where else it may be. */
export function findProgram(name, env, more = []) {
    // An empty part of PATH means the working folder: whoever makes files there would choose what runs.
    const folders = (env["PATH"] ?? "").split(delimiter).filter(isAbsolute);
    const paths = [...folders, ...PLACES].map((folder) => join(folder, name));
    return [...paths, ...more].find(isProgram);
}
export function isProgram(path) {
    try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
    }
    catch {
        // Not there, or not ours to start.
        return false;
    }
}
