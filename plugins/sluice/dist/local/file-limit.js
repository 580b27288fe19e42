/**
 * How many files this process may have open, and how many of them connections may take.
 *
 * Owns: that limit and its division. Never: raises it.
 * Node raises the soft limit to the hard one by itself at its start (https://github.com/nodejs/node/blob/main/src/node.cc, PlatformInit);
 * the hard one only the system's administrator raises.
 *
 * FILES-1 Connections from outside never take so many files that the inbox, sessions and answers have none: beyond the limit the system
 *    refuses the newest connection without a word, whoever makes it.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
const FULL = { ingress: 512, page: 128 };
/** What a hub has open without anybody: the inbox and its threads, the log, sockets, Node's own. A third more than was counted. */
const OWN = 40;
const LEAST = { ingress: 4, page: 2 };
/** For sessions, whose shim has two connections each, for commands, for messages on their way out and for files. */
const OTHERS = 128;
/** With so many nothing is capped below what it would get anyway. */
export const ENOUGH_FILES = 1_024;
/** The limit of this process; undefined where there is none, or the system does not tell. */
export function readFileLimit() {
    const text = process.platform === "linux" ? readProcLimit() : readShellLimit();
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
/** FILES-1. */
export function toConnectionCaps(limit) {
    if (limit === undefined || limit >= FULL.ingress + FULL.page + OWN + OTHERS)
        return FULL;
    const free = Math.max(0, limit - OWN);
    return {
        ingress: Math.min(FULL.ingress, Math.max(LEAST.ingress, Math.floor(free / 2))),
        page: Math.min(FULL.page, Math.max(LEAST.page, Math.floor(free / 8))),
    };
}
/** Whether connections have to do with fewer than they would get. */
export function isLowLimit(limit) {
    return toConnectionCaps(limit) !== FULL;
}
function readProcLimit() {
    try {
        return /^Max open files\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    }
    catch {
        // No /proc: nothing is known.
        return undefined;
    }
}
/** A child has the limit of its parent. */
function readShellLimit() {
    try {
        return execFileSync("/bin/sh", ["-c", "ulimit -n"], {
            encoding: "utf8",
            timeout: 2_000,
            stdio: ["ignore", "pipe", "ignore"],
        }).trim();
    }
    catch {
        return undefined;
    }
}
