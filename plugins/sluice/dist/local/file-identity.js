/**
 * Which file a path leads to.
 *
 * Owns: telling a file from another one that was put in its place. Never: opens it.
 * Device and inode are enough while the first file is held open, or its socket listened on: until then its number is given to no other.
 */
import { lstatSync, statSync } from "node:fs";
import { readErrorCode, toMessage } from "../sdk/errors.js";
/** Undefined where there is none. @throws what the system says. */
export function readIdentity(path) {
    return toIdentity(statSync(path, { bigint: true, throwIfNoEntry: false }));
}
/** The same of the name itself: a link in the place of a socket is no socket. */
export function readOwnIdentity(path) {
    return toIdentity(lstatSync(path, { bigint: true, throwIfNoEntry: false }));
}
/** Never throws. */
export function compareFile(path, known, read = readIdentity) {
    try {
        const found = read(path);
        if (found === undefined)
            return "none";
        return found === known ? "same" : "other";
    }
    catch (thrown) {
        // A folder on the way became a file: what was there is gone.
        return readErrorCode(thrown) === "ENOTDIR" ? "none" : { unclear: toMessage(thrown) };
    }
}
function toIdentity(stats) {
    return stats && `${stats.dev}:${stats.ino}`;
}
