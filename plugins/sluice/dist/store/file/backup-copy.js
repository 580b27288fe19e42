/**
 * Makes one backup, in a thread of its own: the hub's thread goes on meanwhile.
 *
 * Owns: the copy, which gets its name only once it is whole. Never: decides when; deletes a good one.
 * https://www.sqlite.org/lang_vacuum.html#vacuuminto
 */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { stampCopy } from "./restored.js";
const TASK = "sluice-backup";
/** Copies the inbox `from` to `to`, 0600. Rejects, and leaves nothing under that name, when it could not or the copy is not sound. */
export function copyDatabase(from, to) {
    const task = { task: TASK, from, to };
    const worker = new Worker(new URL(import.meta.url), { workerData: task });
    const done = new Promise((resolve, reject) => {
        worker.once("error", reject);
        worker.once("exit", (code) => {
            // A thread that is ended before it began exits with 0, too.
            if (code === 0 && existsSync(to))
                resolve();
            else
                reject(new Error("the copy was broken off"));
        });
    });
    // No reason to stay: a hub that ends leaves a draft behind, which the next backup clears away.
    worker.unref();
    return { done, cancel: () => void worker.terminate() };
}
function copy({ from, to }) {
    const draft = `${to}.new`;
    rmSync(draft, { force: true });
    // Made by us, empty: so it is 0600 from its first byte.
    closeSync(openSync(draft, "wx", 0o600));
    const source = new DatabaseSync(from, { readOnly: true });
    try {
        source.exec("PRAGMA busy_timeout = 5000");
        source.prepare("VACUUM INTO ?").run(draft);
    }
    finally {
        source.close();
    }
    const copied = new DatabaseSync(draft);
    try {
        stampCopy(copied);
        const verdict = copied.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
        if (verdict !== "ok")
            throw new Error(`the copy is not sound (${String(verdict)})`);
    }
    finally {
        copied.close();
    }
    sync(draft);
    renameSync(draft, to);
    sync(dirname(to));
}
function sync(path) {
    const fd = openSync(path, "r");
    try {
        fsyncSync(fd);
    }
    finally {
        closeSync(fd);
    }
}
// The thread is this very file, loaded again: the hub has no other name for it that holds in src and in dist.
if (!isMainThread && isTask(workerData))
    copy(workerData);
function isTask(data) {
    return typeof data === "object" && data !== null && "task" in data && data.task === TASK;
}
