/**
 * Processes that a server has left behind: they went into a group of their own, so they do not end with it.
 *
 * Owns: finding them, by a mark in their environment. Linux only; elsewhere nothing is claimed. Never: ends one, it may be meant so.
 */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
/** What was just ended may still be there for so long. */
const DYING_MS = 300;
const SHOWN = 80;
/** Those whose environment holds `mark`, `NAME=value`. */
export async function findLeftBehind(mark) {
    const first = listMarked(mark);
    if (first.length === 0)
        return first;
    await sleep(DYING_MS);
    return listMarked(mark);
}
export function toLeftText({ pid, command }) {
    return `process ${pid} (${command}) was started by the server and did not end with it: what it listens on stays taken; kill ${pid} ends it`;
}
function listMarked(mark) {
    return listProcesses().flatMap((name) => {
        const pid = Number(name);
        if (!Number.isSafeInteger(pid) || !`\0${read(pid, "environ")}\0`.includes(`\0${mark}\0`))
            return [];
        return [{ pid, command: read(pid, "cmdline").replaceAll("\0", " ").trim().slice(0, SHOWN) }];
    });
}
function listProcesses() {
    try {
        return process.platform === "linux" ? readdirSync("/proc") : [];
    }
    catch {
        return []; // Not mounted.
    }
}
function read(pid, file) {
    try {
        return readFileSync(`/proc/${pid}/${file}`, "utf8");
    }
    catch {
        return ""; // Gone, or another user's.
    }
}
