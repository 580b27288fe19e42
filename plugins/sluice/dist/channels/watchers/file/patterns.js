import { readdir, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import picomatch from "../../../vendor/picomatch.js";
import { SluiceError, toMessage } from "../../../sdk/errors.js";
import { isGoneFault } from "./gone.js";
const ALWAYS_IGNORED = ["**/node_modules/**", "**/.git/**"];
const MAX_FOLDERS = 20_000;
const MAX_DEPTH = 32;
const OPTIONS = { dot: false };
/** Of lines; an absolute path, a folder (all below it), or a glob. @throws SluiceError `bad_config`. */
export function parsePatterns(text, ignore = "") {
    const patterns = toLines(text);
    const stray = patterns.find((pattern) => !isAbsolute(pattern));
    if (stray !== undefined)
        throw new SluiceError("bad_config", `file: "${stray}" is no absolute path or pattern`);
    if (patterns.length === 0)
        throw new SluiceError("bad_config", "file: no path; sluice add file ./logs/*.log");
    const parts = patterns.map((pattern) => {
        const { base, isGlob } = picomatch.scan(pattern);
        const root = base === "" ? "/" : base;
        // A name may hold the signs of a pattern, where a shell has spelled it out.
        const isMatch = picomatch(pattern, OPTIONS);
        const isBelow = (path) => path === pattern || path.startsWith(toFolder(pattern));
        return isGlob
            ? { bases: [root, pattern], isMatch: (path) => path === pattern || isMatch(path) }
            : { bases: [pattern], isMatch: isBelow };
    });
    const ignored = picomatch([...ALWAYS_IGNORED, ...toLines(ignore).map(toIgnored)], { dot: true });
    return {
        bases: [...new Set(parts.flatMap(({ bases }) => bases))],
        isWanted: (path) => parts.some(({ isMatch }) => isMatch(path)),
        isIgnored: (path) => ignored(path) || ignored(`${path}/`),
    };
}
function toLines(text) {
    return text
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
}
/** `dist` and `*.tmp` are meant wherever they stand. */
function toIgnored(pattern) {
    return pattern.includes("/") ? pattern : `**/{${pattern},${pattern}/**}`;
}
function toFolder(path) {
    return path.endsWith("/") ? path : `${path}/`;
}
/** By path, in its order. @throws SluiceError `bad_config` where there are too many (PATTERN-1). */
export async function findFiles(patterns, maxFiles) {
    const found = new Map();
    let folders = 0;
    const todo = patterns.bases.map((path) => ({ path, depth: 0 }));
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
        const { path, depth } = next;
        const stats = await look(path);
        if (stats === undefined || found.has(path) || patterns.isIgnored(path))
            continue;
        if (stats.isFile() && patterns.isWanted(path)) {
            found.set(path, { path, stats });
            if (found.size > maxFiles)
                throw toTooMany(`more than ${maxFiles} files`);
        }
        if (!stats.isDirectory() || depth >= MAX_DEPTH)
            continue;
        if (++folders > MAX_FOLDERS)
            throw toTooMany(`more than ${MAX_FOLDERS} folders`);
        for (const { name, isLink, isFile } of await list(path)) {
            const inner = join(path, name);
            // A link to a folder could lead round in a circle.
            if (isFile ? patterns.isWanted(inner) : !isLink || patterns.isWanted(inner))
                todo.push({ path: inner, depth: isLink ? MAX_DEPTH : depth + 1 });
        }
    }
    return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
function toTooMany(what) {
    return new SluiceError("bad_config", `file: the patterns mean ${what}; remove the channel, and add it with narrower ones or --set ignore=...`);
}
/** Undefined where there is none, now. @throws SluiceError `send_failed` where it cannot be known. */
async function look(path) {
    try {
        return await stat(path);
    }
    catch (thrown) {
        if (isGoneFault(thrown))
            return undefined;
        throw toUnread(path, thrown);
    }
}
async function list(path) {
    try {
        const entries = await readdir(path, { withFileTypes: true });
        return entries.map((entry) => ({
            name: entry.name,
            isLink: entry.isSymbolicLink(),
            isFile: entry.isFile(),
        }));
    }
    catch (thrown) {
        if (isGoneFault(thrown))
            return [];
        throw toUnread(path, thrown);
    }
}
function toUnread(path, cause) {
    const why = toMessage(cause);
    return new SluiceError("send_failed", `${path} cannot be read (${why})`, {
        retryable: true,
        cause,
    });
}
