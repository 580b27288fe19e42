/**
 * Folders that no other user can change.
 *
 * Owns: the walk from the root to a folder, and making it 0700. Never: knows the files in it.
 *
 * FOLDER-1 Every folder on the way is owned by this user or root, and not writable by others unless sticky (as /tmp is).
 * FOLDER-2 A symbolic link on the way must be owned by this user or root, and its target is walked by the same rule; the folder itself
 *    is never a link.
 * FOLDER-3 The folder is this user's and 0700. A folder that others could write, or that they could enter and write something in, is
 *    refused, not repaired: they may have planted something already.
 * FOLDER-4 Files inside a safe folder were out of reach of others, whatever their own modes say: those modes are corrected.
 * FOLDER-5 Permissions of the group give nobody else access where the group is this user's alone (private-group.ts), as with a umask of
 *    002.
 */
import { chmodSync, lstatSync, mkdirSync, readdirSync, readlinkSync } from "node:fs";
import { dirname, isAbsolute, join, parse, sep } from "node:path";
import { readErrorCode, SluiceError, toMessage } from "../sdk/errors.js";
import { toShellWord } from "../sdk/shell-word.js";
import { hasAccessList, isPrivateGroup } from "./private-group.js";
const MAX_LINKS = 40;
const FOR_OTHERS = 0o077;
const ENTERABLE = 0o011;
const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;
/**
 * Makes sure that `path` is a private folder, and creates it and missing parents 0700.
 * @throws SluiceError `unsafe_home` when S1-S3 do not hold, `store_readonly` when it cannot be made.
 */
export function ensureSafeFolder(path) {
    if (!isAbsolute(path))
        throw new SluiceError("internal", `folder "${path}" must be an absolute path`);
    walk(dirname(path), "create");
    makeFolder(path);
    const stats = readOwnFolder(path);
    if (isOpen(stats))
        closeFolder(path, stats);
}
/**
 * The same for a folder in a private one, which is made as well (FOLDER-4).
 * @throws SluiceError as `ensureSafeFolder`.
 */
export function ensureInnerFolder(path) {
    ensureSafeFolder(dirname(path));
    makeFolder(path);
    if (isOpen(readOwnFolder(path)))
        chmodSync(path, 0o700);
}
/** The same without creating anything. True when the folder is there and safe, false when it is missing; unsafe throws. */
export function checkSafeFolder(path) {
    if (!walk(dirname(path), "look"))
        return false;
    if (look(path) === undefined)
        return false;
    const stats = readOwnFolder(path);
    if (isOpen(stats))
        closeFolder(path, stats);
    return true;
}
/** FOLDER-3, but for the mode. */
function readOwnFolder(path) {
    const stats = look(path);
    if (stats === undefined)
        throw new SluiceError("unsafe_home", `${path} vanished while it was checked; try again`);
    if (stats.isSymbolicLink()) {
        throw new SluiceError("unsafe_home", `${path} is a symbolic link; set SLUICE_HOME to the folder that it points to`);
    }
    if (!stats.isDirectory())
        throw new SluiceError("unsafe_home", `${path} is not a folder; move it aside`);
    requireOurs(path, stats);
    return stats;
}
function isOpen(stats) {
    return (stats.mode & FOR_OTHERS) !== 0;
}
/** FOLDER-3: closing it is enough where nothing can have been planted. */
function closeFolder(path, stats) {
    if (isWritableByOthers(stats) || isShared(path, stats))
        throw toWritableFault(path, stats);
    if ((stats.mode & ENTERABLE) !== 0)
        requireUntouched(path);
    chmodSync(path, 0o700);
}
/** FOLDER-3, of all that is in a folder which others could enter until now. */
function requireUntouched(folder) {
    for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        const path = join(folder, entry);
        const stats = look(path);
        // A link says nothing of itself, and who can write its folder is looked at. What has gone meanwhile is nobody's.
        if (stats === undefined || stats.isSymbolicLink())
            continue;
        requireOurs(path, stats);
        if (isWritableByOthers(stats))
            throw toWritableFault(path, stats);
    }
}
function requireOurs(path, stats) {
    const uid = readUid();
    if (stats.uid !== uid) {
        throw new SluiceError("unsafe_home", `${path} belongs to uid ${stats.uid}, not to you (uid ${uid}); use a folder of your own`);
    }
}
/** FOLDER-5. */
function isWritableByOthers(stats) {
    if ((stats.mode & WRITABLE_BY_ALL) !== 0)
        return true;
    return (stats.mode & WRITABLE_BY_GROUP) !== 0 && !isPrivateGroup(stats.gid, readUid());
}
/** The group's bits may also stand for users who were named one by one. */
function isShared(path, stats) {
    return (stats.mode & WRITABLE_BY_GROUP) !== 0 && hasAccessList(path);
}
/** FOLDER-1 and FOLDER-2, from the root down. False when a part is missing and may not be created. */
function walk(path, missing) {
    const root = parse(path).root;
    const rest = path.slice(root.length).split(sep);
    let here = root;
    let links = 0;
    checkParent(here, lstatSync(here));
    for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
        if (part === "" || part === ".")
            continue;
        if (part === "..") {
            here = dirname(here);
            continue;
        }
        const next = join(here, part);
        let stats = look(next);
        if (stats === undefined) {
            if (missing === "look")
                return false;
            makeFolder(next);
            stats = lstatSync(next);
        }
        checkParent(next, stats);
        if (stats.isSymbolicLink()) {
            if (++links > MAX_LINKS)
                throw new SluiceError("unsafe_home", `${path} leads through more than ${MAX_LINKS} symbolic links`);
            const target = readlinkSync(next);
            rest.unshift(...target.split(sep));
            if (isAbsolute(target))
                here = root;
        }
        else {
            here = next;
        }
    }
    return true;
}
function makeFolder(path) {
    try {
        mkdirSync(path, { mode: 0o700 });
    }
    catch (thrown) {
        // Another starter was quicker: what it made is checked like any other.
        if (readErrorCode(thrown) !== "EEXIST")
            throw toFolderFault(thrown, path);
    }
}
function checkParent(path, stats) {
    const uid = readUid();
    if (stats.uid !== uid && stats.uid !== 0) {
        throw new SluiceError("unsafe_home", `${path} belongs to uid ${stats.uid}, a user who could replace everything below it; set SLUICE_HOME to a folder below your own`);
    }
    // The mode of a link says nothing; its folder and its target are checked.
    if (stats.isSymbolicLink())
        return;
    if (!stats.isDirectory())
        throw new SluiceError("unsafe_home", `${path} is not a folder; set SLUICE_HOME to another place`);
    if ((stats.mode & STICKY) !== 0)
        return;
    if (isWritableByOthers(stats) || isShared(path, stats))
        throw toWritableFault(path, stats);
}
function toWritableFault(path, stats) {
    const mode = (stats.mode & 0o7777).toString(8);
    const toDo = stats.uid === readUid()
        ? `run "chmod go-w ${toShellWord(path)}" after a look inside`
        : "set SLUICE_HOME to a folder below your own";
    return new SluiceError("unsafe_home", `${path} can be written by other users (mode ${mode}, gid ${stats.gid}); ${toDo}`);
}
function toFolderFault(thrown, path) {
    return new SluiceError("store_readonly", `folder ${path} cannot be made (${toMessage(thrown)}); check its parent's owner, mode and mount`, { cause: thrown });
}
function look(path) {
    try {
        return lstatSync(path, { throwIfNoEntry: false });
    }
    catch (thrown) {
        throw new SluiceError("unsafe_home", `${path} cannot be looked at (${toMessage(thrown)}); set SLUICE_HOME to another place`, { cause: thrown });
    }
}
function readUid() {
    const uid = process.getuid?.();
    if (uid === undefined)
        throw new SluiceError("unsupported", `Sluice does not run on ${process.platform} yet; use WSL, Linux or macOS`);
    return uid;
}
