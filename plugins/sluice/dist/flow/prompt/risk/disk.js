/**
 * Looks at the disk for the facts about a call, before people are asked.
 *
 * Owns: real paths, kinds of files, secrets in a folder, what git is configured to run. Never: judges (assess.ts); reads a file's contents.
 * It is a look, not a lock: a link that changes between the look and the call is not noticed (SECURITY.md).
 *
 * DISK-1 A path that cannot be looked at, or not in time, is not known: undefined, and the caller asks for the code.
 */
import { readErrorCode } from "../../../sdk/errors.js";
import { execFile } from "node:child_process";
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { isInside } from "./paths.js";
import { isSecretPath } from "./secret-names.js";
const ENTRIES_MAX = 20_000;
const GIT_TIMEOUT_MS = 2_000;
/** The index of some 200,000 files. */
const GIT_MAX_BYTES = 32_000_000;
const run = promisify(execFile);
export const realDisk = { readRealPath, readFacts, findSecret, findGitProgram };
async function readRealPath(path) {
    try {
        return await realpath(path);
    }
    catch (thrown) {
        if (!isMissing(thrown) || dirname(path) === path)
            return undefined;
        // A link whose target is missing is there, and writing would make its target.
        if (await isLink(path))
            return undefined;
        const parent = await readRealPath(dirname(path));
        return parent === undefined ? undefined : join(parent, basename(path));
    }
}
async function isLink(path) {
    try {
        return (await lstat(path)).isSymbolicLink();
    }
    catch (thrown) {
        if (isMissing(thrown))
            return false;
        throw thrown;
    }
}
async function readFacts(path) {
    try {
        const found = await stat(path);
        return {
            isFile: found.isFile(),
            isFolder: found.isDirectory(),
            isExecutable: (found.mode & 0o111) !== 0,
            links: found.nlink,
        };
    }
    catch (thrown) {
        if (isMissing(thrown))
            return undefined;
        throw thrown;
    }
}
async function findSecret(folder, skips) {
    // Behind a link, too: the login of a remote stands in .git/config.
    const real = await realpath(folder);
    if (real.toLowerCase().split("/").includes(".git"))
        return folder;
    const open = [folder];
    let seen = 0;
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
        const facts = next === folder ? await readFacts(folder) : undefined;
        if (facts?.isFile === true)
            return isSecretPath(basename(folder)) ? folder : "none";
        for (const entry of await readdir(next, { withFileTypes: true })) {
            if (++seen > ENTRIES_MAX)
                return undefined;
            if (skips(entry.name))
                continue;
            const path = join(next, entry.name);
            // What a package brings along is published, and no secret of this user.
            if (entry.isDirectory() && entry.name !== "node_modules")
                open.push(path);
            if (isSecretPath(path.slice(folder.length + 1)) && !entry.isDirectory())
                return path;
        }
    }
    return "none";
}
/** Keys of git's configuration that make a command which only reads run something: https://git-scm.com/docs/git-config */
const PROGRAM_KEYS = /^(?:core\.(?:fsmonitor|hookspath|worktree|sshcommand|gitproxy|alternaterefscommand)|diff\.external|diff\..*\.(?:command|textconv)|filter\..*\.(?:clean|smudge|process)|gpg\..*program|gpg\.program|log\.showsignature|remote\..*\.(?:promisor|partialclonefilter|uploadpack|vcs)|extensions\.partialclone)$/;
/** The one filter that nearly every machine has, as its installer writes it. */
const LARGE_FILES = /^filter\.lfs\.(?:clean\ngit-lfs clean -- %f|smudge\ngit-lfs smudge -- %f|process\ngit-lfs filter-process)$/;
async function findGitProgram(cwd, folder) {
    const root = await findRepository(cwd, folder);
    if (root === undefined)
        return "no git repository begins inside the session's folder";
    for (const entry of (await runGit(cwd, ["config", "--list", "-z"])).split("\0")) {
        const [key = "", value = ""] = split(entry);
        if (!PROGRAM_KEYS.test(key) || LARGE_FILES.test(entry))
            continue;
        if (/^(?:core\.fsmonitor|log\.showsignature)$/.test(key) && /^(?:false|0|no|off)?$/.test(value))
            continue;
        return `git is configured to run something here (${key})`;
    }
    if (await isThere(join(root, ".gitmodules")))
        return "git looks into submodules here";
    // Without .gitmodules as well: a repository in this one has a configuration of its own.
    if (/^160000 /m.test(await runGit(root, ["ls-files", "--stage"])))
        return "git looks into a repository inside of this one";
    // The hooks of a worktree are those of its repository.
    const hook = (await runGit(cwd, ["rev-parse", "--git-path", "hooks/post-index-change"])).trim();
    return (await isThere(resolve(cwd, hook)))
        ? "git runs a hook here (post-index-change)"
        : "nothing";
}
/** Only for commands that run nothing, whatever is configured. */
async function runGit(cwd, words) {
    const { env } = process;
    const { stdout } = await run("git", words, {
        cwd,
        timeout: GIT_TIMEOUT_MS,
        maxBuffer: GIT_MAX_BYTES,
        env: { PATH: env["PATH"] ?? "", HOME: env["HOME"] ?? "", GIT_TERMINAL_PROMPT: "0" },
    });
    return stdout;
}
/** The nearest folder with a .git, not above the session's own. */
async function findRepository(cwd, folder) {
    for (let at = cwd; isInside(at, folder); at = dirname(at)) {
        if (await isThere(join(at, ".git")))
            return at;
        if (dirname(at) === at)
            return undefined;
    }
    return undefined;
}
async function isThere(path) {
    return (await readFacts(path)) !== undefined;
}
function split(entry) {
    const at = entry.indexOf("\n");
    return at === -1
        ? [entry.toLowerCase()]
        : [entry.slice(0, at).toLowerCase(), entry.slice(at + 1)];
}
function isMissing(thrown) {
    return /^(?:ENOENT|ENOTDIR)$/.test(String(readErrorCode(thrown)));
}
