/**
 * Closes files in the home to other users, which an older version, a copy or an editor left open.
 *
 * Owns: the modes of files in the home. Never: opens or reads a file; above all not the lock (local/home.ts says why).
 *
 * CLOSE-1 Only permissions of other users are removed, and nobody else could reach these files before: the home itself was safe
 *    (local/safe-folder.ts).
 * CLOSE-2 Links are not followed, and a file with a second name is left alone: it may stand for a file elsewhere that is not ours to
 *    change.
 */
import { chmodSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { checkSafeFolder } from "../../local/safe-folder.js";
import { readErrorCode, SluiceError, toMessage } from "../../sdk/errors.js";
const FOR_OTHERS = 0o077;
/**
 * Closes what is open in a home, and says what that was; nothing where there is no home yet.
 * @throws SluiceError `unsafe_home` when another user could change the home.
 */
export function closeHome(home) {
    if (!checkSafeFolder(home.path))
        return [];
    return closeBelow(home.path);
}
function closeBelow(folder) {
    return unlessGone(() => readdirSync(folder), folder, []).flatMap((name) => {
        const path = join(folder, name);
        const stats = lstatSync(path, { throwIfNoEntry: false });
        if (stats === undefined || stats.uid !== process.getuid?.())
            return [];
        const closed = isOpen(stats) && unlessGone(() => close(path, stats), path, false) ? [path] : [];
        return stats.isDirectory() ? [...closed, ...closeBelow(path)] : closed;
    });
}
/** CLOSE-2. */
function isOpen(stats) {
    if (stats.isSymbolicLink() || (!stats.isDirectory() && stats.nlink > 1))
        return false;
    return (stats.mode & FOR_OTHERS) !== 0;
}
function close(path, stats) {
    chmodSync(path, stats.mode & 0o7777 & ~FOR_OTHERS);
    return true;
}
/** Commands run, and other hubs start, while this one looks: what they have removed is in order. */
function unlessGone(act, path, otherwise) {
    try {
        return act();
    }
    catch (thrown) {
        if (readErrorCode(thrown) === "ENOENT")
            return otherwise;
        throw new SluiceError("store_readonly", `${path} cannot be closed to other users (${toMessage(thrown)}); check its owner, mode and mount`, { cause: thrown });
    }
}
