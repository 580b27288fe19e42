/**
 * Small files that only this user may read; each is replaced as a whole or not at all.
 *
 * Owns: opening, checking and replacing such a file. Never: its content.
 * Only the holder of the hub's lock writes, synchronously: two writes cannot interleave, and the temporary name may be a fixed one.
 */
import { closeSync, constants, fchmodSync, fstatSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, } from "node:fs";
import { dirname } from "node:path";
import { readErrorCode, SluiceError, toMessage } from "../../sdk/errors.js";
const MAX_BYTES = 1024 * 1024;
const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;
/**
 * The text of a private file; undefined when there is none.
 * @throws SluiceError `bad_config` when it is a link, no plain file, another user's, open to others, or too large.
 */
export function readPrivateFile(path) {
    let fd;
    try {
        // O_NONBLOCK: a planted FIFO must not stop the hub.
        fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    }
    catch (thrown) {
        const code = readErrorCode(thrown);
        if (code === "ENOENT")
            return undefined;
        if (code === "ELOOP")
            throw new SluiceError("bad_config", `${path} is a symbolic link; put the file itself there`);
        throw new SluiceError("bad_config", `${path} cannot be read (${toMessage(thrown)}); check its owner and mode`, { cause: thrown });
    }
    try {
        check(fd, path);
        return readFileSync(fd, "utf8");
    }
    finally {
        closeSync(fd);
    }
}
/**
 * Puts `text` in the place of the file, 0600. After it returns the text survives a power cut; before, the old text does.
 * @throws SluiceError `store_readonly` or `store_full`; then the old file is untouched.
 */
export function writePrivateFile(path, text) {
    const temporary = `${path}.tmp`;
    try {
        // What a crash left behind. Removed, not reused: O_EXCL then proves that the new one is ours.
        rmSync(temporary, { force: true });
        const fd = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
        try {
            fchmodSync(fd, 0o600);
            writeFileSync(fd, text);
            fsyncSync(fd);
        }
        finally {
            closeSync(fd);
        }
        renameSync(temporary, path);
        syncFolder(dirname(path));
    }
    catch (thrown) {
        throw toWriteFault(thrown, path);
    }
}
/** Removes it for good. False when there was none. */
export function removePrivateFile(path) {
    try {
        rmSync(path);
        syncFolder(dirname(path));
        return true;
    }
    catch (thrown) {
        if (readErrorCode(thrown) === "ENOENT")
            return false;
        throw toWriteFault(thrown, path);
    }
}
function check(fd, path) {
    const stats = fstatSync(fd);
    const refuse = (what) => {
        throw new SluiceError("bad_config", `${path} ${what}`);
    };
    if (!stats.isFile())
        refuse("is not a plain file; move it aside");
    if (stats.uid !== process.getuid?.())
        refuse(`belongs to uid ${stats.uid}, not to you; put a file of your own there`);
    // A second name in another folder may be how somebody else reads or keeps it.
    if (stats.nlink > 1)
        refuse("has a second name (hard link); remove it and write the file anew");
    if ((stats.mode & 0o077) !== 0)
        refuse(`is open to other users (mode ${(stats.mode & 0o777).toString(8)}); run "chmod 600 ${path}"`);
    if (stats.size > MAX_BYTES)
        refuse(`holds ${stats.size} bytes, more than ${MAX_BYTES}; move it aside`);
}
/** A rename is on disk only when its folder is. */
function syncFolder(path) {
    const fd = openSync(path, O_RDONLY);
    try {
        fsyncSync(fd);
    }
    finally {
        closeSync(fd);
    }
}
function toWriteFault(thrown, path) {
    const code = readErrorCode(thrown);
    if (code === "ENOSPC" || code === "EDQUOT") {
        return new SluiceError("store_full", `${path} cannot be written: the disk is full; free some space, the old file is kept`, { cause: thrown, retryable: true });
    }
    return new SluiceError("store_readonly", `${path} cannot be written (${toMessage(thrown)}); check its owner, mode and mount`, { cause: thrown });
}
