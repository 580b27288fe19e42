/**
 * Finds a project's git folder, and reads its own files as text.
 *
 * Owns: the places of these files, and what may be read of them. Never: runs git, or waits for a file: one that is no plain file, or
 * too large, is not read at all.
 *
 * GITFILES-1 Nothing in a repository can hold the hub up by being read: a pipe, a device or a huge file in place of one of git's is
 *    passed over.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, statSync, } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { parseRemotes } from "./git-config.js";
import { toProject } from "./project.js";
const PARENTS_MAX = 32;
const CONFIG_MAX_BYTES = 1024 * 1024;
/** HEAD, `.git` and `commondir` hold one path. */
const LINE_MAX_BYTES = 8 * 1024;
/** The git folder that a folder belongs to, by where it really is, as git takes it. */
export function findGitPlace(folder) {
    if (!isAbsolute(folder))
        return undefined;
    let top = toRealPath(folder);
    for (let level = 0; level < PARENTS_MAX; level++) {
        const entry = join(top, ".git");
        const found = look(entry);
        if (found?.isDirectory())
            return toPlace(top, entry, entry);
        if (found?.isFile()) {
            const [, target] = /^gitdir: (.+)$/m.exec(readText(entry, LINE_MAX_BYTES) ?? "") ?? [];
            return target === undefined ? undefined : toPlace(top, entry, resolve(top, target.trim()));
        }
        if (dirname(top) === top)
            return undefined;
        top = dirname(top);
    }
    return undefined;
}
/** What git's own files say, by themselves: without what a configuration includes, and without the user's own. */
export function readProjectFiles({ git, common }) {
    const config = readText(join(common, "config"), CONFIG_MAX_BYTES) ?? "";
    const head = readText(join(git, "HEAD"), LINE_MAX_BYTES) ?? "";
    return toProject(parseRemotes(config), /^ref: (.+?)\s*$/m.exec(head)?.[1]);
}
/** True where nothing in git's place would hold up a program that reads it, as far as can be seen from outside. */
export function isReadable({ git, common }) {
    const files = [
        [join(git, "HEAD"), LINE_MAX_BYTES],
        [join(common, "config"), CONFIG_MAX_BYTES],
        [join(git, "config.worktree"), CONFIG_MAX_BYTES],
    ];
    return files.every(([path, maxBytes]) => {
        const found = look(path);
        return found === undefined || (found.isFile() && found.size <= maxBytes);
    });
}
/** Changes when the branch does, when the configuration does, or the user's own. */
export function toStamp({ entry, git, common }, userFiles) {
    const files = [
        entry,
        join(git, "HEAD"),
        join(common, "config"),
        join(git, "config.worktree"),
        // Where a repository with reftable keeps HEAD.
        join(git, "reftable", "tables.list"),
        ...userFiles,
    ];
    return files
        .map((path) => {
        const found = look(path);
        return found === undefined ? "-" : `${found.ino}:${found.size}:${found.ctimeMs}`;
    })
        .join(" ");
}
function toPlace(top, entry, git) {
    const common = readText(join(git, "commondir"), LINE_MAX_BYTES)?.trim();
    return { top, entry, git, common: common === undefined ? git : resolve(git, common) };
}
/** As it is named, where it is gone or cannot be looked at. */
function toRealPath(folder) {
    try {
        return realpathSync(folder);
    }
    catch {
        // Then nothing is found in it either, and a parent may still tell.
        return folder;
    }
}
function look(path) {
    try {
        return statSync(path, { throwIfNoEntry: false });
    }
    catch {
        // A folder that lets nobody in, or links that go in a circle: a client that stands there gets its events all the same.
        return undefined;
    }
}
/** GITFILES-1. */
function readText(path, maxBytes) {
    let file;
    try {
        // Without waiting: opening a pipe would last until somebody writes into it.
        file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
        const stats = fstatSync(file);
        return stats.isFile() && stats.size <= maxBytes ? readFileSync(file, "utf8") : undefined;
    }
    catch {
        // Not there or not readable: then this project has no repository that we could know.
        return undefined;
    }
    finally {
        if (file !== undefined)
            closeSync(file);
    }
}
