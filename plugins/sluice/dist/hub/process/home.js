/**
 * Makes the home folder and makes it safe; and the socket's place in it.
 *
 * Owns: creating and refusing. Never: the places themselves (local/home.ts), nor what is kept in them.
 */
import { accessSync, constants, existsSync, lstatSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { locateHome, toSocketPath } from "../../local/home.js";
import { ensureInnerFolder, ensureSafeFolder } from "../../local/safe-folder.js";
import { SluiceError, toMessage } from "../../sdk/errors.js";
import { findNetworkDisk } from "./disk-kind.js";
import { removePrivateFile, writePrivateFile } from "../settings/private-file.js";
/**
 * Makes the home and its folders, all 0700.
 * @throws SluiceError `unsafe_home` when another user could change something on the way, or it lies on a network file system;
 * `store_readonly` when it cannot be made or written.
 */
export function openHome(env, findNetwork = findNetworkDisk) {
    const home = locateHome(env);
    requireLocalDisk(home.path, findNetwork(home.path));
    for (const folder of [home.secretsDir, home.logDir, home.cacheDir, home.claudeDir])
        ensureInnerFolder(folder);
    requireWritable(home.path);
    return home;
}
/** Locks and the inbox's log hold on one machine only: a second hub elsewhere would write into the same file. */
function requireLocalDisk(path, network) {
    if (network === undefined)
        return;
    throw new SluiceError("unsafe_home", `home ${path} lies on ${network}, where neither locks nor the inbox's log can be relied on; set SLUICE_HOME to a folder on a disk of this machine`);
}
/** Said once for all, before the log, the lock and the inbox each find it out. */
function requireWritable(path) {
    try {
        accessSync(path, constants.W_OK);
    }
    catch (thrown) {
        throw new SluiceError("store_readonly", `home ${path} cannot be written (${toMessage(thrown)}); check its owner, mode and mount`, { cause: thrown });
    }
}
/**
 * The path to listen on: its folder made, its place recorded, and what a killed hub left there removed.
 * Takes the lock as proof: only its holder may unlink a socket, since any other might be cutting off a hub that answers.
 */
export function prepareSocket(home, env, _lock) {
    const socket = toSocketPath(home, env);
    removePrivateFile(home.socketRecord);
    keepSocketPlace(home, socket);
    const found = lstatSync(socket, { throwIfNoEntry: false });
    if (found === undefined)
        return socket;
    if (!found.isSocket() || found.uid !== process.getuid?.()) {
        throw new SluiceError("conflict", `${socket} is not a socket of yours; move it aside`);
    }
    rmSync(socket, { force: true });
    return socket;
}
/** The folder of a socket that does not fit into the home, and the record of its place; made where they are missing. */
export function keepSocketPlace(home, socket) {
    if (dirname(socket) === home.path)
        return;
    ensureSafeFolder(dirname(socket));
    if (!existsSync(home.socketRecord))
        writePrivateFile(home.socketRecord, `${socket}\n`);
}
