/**
 * Asks git itself, where it is installed, for the remotes and the branch of a project.
 *
 * Owns: the program, its arguments and its environment. Never: waits in the hub's own turn, or lets a repository run anything.
 *
 * ASKGIT-1 Nothing that a repository's configuration names is started: no hook, alias, core.fsmonitor, core.sshCommand, credential
 *    helper, filter, textconv or pager.
 * ASKGIT-2 Git gets two seconds and may say 256 KiB: an `include` of a pipe or of a huge file ends with no answer.
 *
 * The first holds since only three commands are used:
 * - `config --get-regexp` prints keys and values. It follows `include` and `includeIf`, which name files and no programs.
 * - `symbolic-ref HEAD` prints what HEAD stands for. It reads no index (so no fsmonitor), no object and no work tree.
 * - `ls-remote --get-url` prints a remote's address after `insteadOf`, and ends before it would connect: no ssh, helper or credential.
 * An alias cannot replace a command of git's own, and a pager needs a terminal. `safe.directory` is left as the user has it: of a
 * repository that is another user's, git says nothing, and its files are read as text (git-files.ts).
 */
import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join, relative } from "node:path";
import { toOrdered, toProject } from "./project.js";
const TIMEOUT_MS = 2_000;
const MAX_BYTES = 256 * 1024;
const AT_ONCE = 4;
/** Of so many remotes, with origin the first, the address is asked for where the configuration rewrites addresses; the others' is as written. */
const REWRITTEN_MAX = 8;
const KEYS = String.raw `^(remote\..+\.(url|pushurl)|url\..*\.insteadof)$`;
/** Beside what the header says: nothing of this is used by the three commands, and here it could not be. */
const SWITCHED_OFF = ["core.fsmonitor=false", "core.hooksPath=/dev/null", "protocol.allow=never"];
/** What may say where the user's own configuration is. Every other GIT_ variable may be about another repository. */
const KEPT = [
    "HOME",
    "XDG_CONFIG_HOME",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
];
/** macOS has a git that only asks its user to install one; these are what it would start. */
const APPLE_STUB = "/usr/bin/git";
const APPLE_GITS = [
    "/Library/Developer/CommandLineTools/usr/bin/git",
    "/Applications/Xcode.app/Contents/Developer/usr/bin/git",
];
export class Git {
    #env;
    #stop = new AbortController();
    #waiting = [];
    #running = 0;
    constructor(env) {
        this.#env = env;
    }
    /** Undefined where git is not installed, refuses or is too slow. Never rejects. */
    async read({ top }, folder) {
        const path = findGit(this.#env, top);
        if (path === undefined)
            return undefined;
        const ask = (...args) => this.#ask(path, folder, args);
        const [config, head] = await Promise.all([
            ask("config", "--null", "--get-regexp", KEYS),
            ask("symbolic-ref", "--quiet", "HEAD"),
        ]);
        if (config.kind === "failed" || head.kind === "failed")
            return undefined;
        const { remotes, isRewritten } = parseConfig(config.kind === "said" ? config.text : "");
        const ordered = toOrdered(remotes);
        const asked = isRewritten ? ordered.slice(0, REWRITTEN_MAX) : [];
        const addressed = await Promise.all(asked.map(readAddress));
        const all = [...addressed, ...ordered.slice(asked.length)];
        return toProject(all, head.kind === "said" ? head.text.trim() : undefined);
        async function readAddress(remote) {
            const url = await ask("ls-remote", "--get-url", "--", remote.name);
            if (url.kind !== "said")
                return remote;
            const [, ...others] = remote.addresses;
            return { ...remote, addresses: [url.text.replace(/\n$/, ""), ...others] };
        }
    }
    /** Ends what runs. */
    close() {
        this.#stop.abort();
    }
    async #ask(git, folder, args) {
        while (this.#running >= AT_ONCE)
            await new Promise((resolve) => this.#waiting.push(resolve));
        this.#running++;
        try {
            return await run(git, folder, args, toEnvironment(this.#env), this.#stop.signal);
        }
        finally {
            this.#running--;
            this.#waiting.shift()?.();
        }
    }
}
/** In `/`, so that neither a relative path nor a version manager's shim looks into the repository for what to run. */
function run(git, folder, args, env, signal) {
    return new Promise((resolve) => {
        const off = SWITCHED_OFF.flatMap((setting) => ["-c", setting]);
        // One that cannot even be killed, on a disk that hangs, is not waited for.
        const given = setTimeout(() => resolve({ kind: "failed" }), 2 * TIMEOUT_MS);
        given.unref();
        execFile(git, ["--no-pager", ...off, "-C", folder, ...args], {
            cwd: "/",
            env,
            signal,
            timeout: TIMEOUT_MS,
            killSignal: "SIGKILL",
            maxBuffer: MAX_BYTES,
            encoding: "utf8",
        }, (error, stdout) => {
            clearTimeout(given);
            if (error === null)
                resolve({ kind: "said", text: stdout });
            // Git's answer "there is none"; any other code is a refusal, and no code a fault of the start.
            else
                resolve({ kind: error.code === 1 ? "nothing" : "failed" });
        });
    });
}
/** Each entry is a key, a newline and a value, or a key alone. */
function parseConfig(text) {
    const found = new Map();
    let isRewritten = false;
    for (const entry of text.split("\0")) {
        const end = entry.indexOf("\n");
        const [key, value] = end === -1 ? [entry, ""] : [entry.slice(0, end), entry.slice(end + 1)];
        isRewritten ||= key.startsWith("url.");
        const [, name, what] = /^remote\.(.+)\.(url|pushurl)$/s.exec(key) ?? [];
        if (name === undefined || value === "")
            continue;
        const addresses = found.get(name) ?? { url: [], pushurl: [] };
        addresses[what === "url" ? "url" : "pushurl"].push(value);
        found.set(name, addresses);
    }
    const remotes = [...found].map(([name, { url, pushurl }]) => ({
        name,
        addresses: [...url, ...pushurl],
    }));
    return { remotes, isRewritten };
}
/** The first on PATH that no project has brought: neither the one that is asked about, nor a package in a `node_modules`. */
function findGit(env, top) {
    for (const folder of toFolders(env)) {
        const isInside = !relative(top, folder).startsWith("..");
        if (isInside || /\/node_modules\/\.bin\/?$/.test(folder))
            continue;
        const path = join(folder, "git");
        if (process.platform === "darwin" && path === APPLE_STUB)
            return APPLE_GITS.find((one) => existsSync(one));
        if (isProgram(path))
            return path;
    }
    return undefined;
}
function toEnvironment(env) {
    const kept = KEPT.flatMap((name) => {
        const value = env[name];
        return value === undefined ? [] : [[name, value]];
    });
    return {
        ...Object.fromEntries(kept),
        PATH: toFolders(env).join(delimiter),
        LC_ALL: "C",
        GIT_OPTIONAL_LOCKS: "0",
        GIT_TERMINAL_PROMPT: "0",
    };
}
function toFolders(env) {
    return (env["PATH"] ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
}
function isProgram(path) {
    try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
    }
    catch {
        // Not there, or not to be run: the next folder may have one.
        return false;
    }
}
