/**
 * Checkpoints in a thread of their own: they move the content of the log into the file while the hub's thread goes on.
 *
 * Owns: their times, and ending the thread before the owner closes the file. Never: writes a row.
 *
 * SQLite's own automatic checkpoint runs inside a COMMIT, and costs it two flushes and the copying of a thousand pages: 10 ms and more,
 * many times a second under load. A passive one from another connection never makes a writer wait
 * (https://www.sqlite.org/c3ref/wal_checkpoint_v2.html).
 * Without a thread, and after a pass that failed, the owner of the connection does the work, as SQLite would.
 *
 * CHECKPOINT-1 The log stays bounded: with a writer that never pauses, the thread is always a little behind, and the log begins anew
 *    only when nothing in it is left to move. So beyond LONG_LOG_PAGES the owner moves the rest itself, between two transactions.
 * CHECKPOINT-2 Checkpoints in a thread are not used with a SQLite in which two connections that checkpoint can damage the file
 *    (https://www.sqlite.org/wal.html#walresetbug).
 */
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
const TASK = "sluice-checkpoint";
const MIN_COMMITS = 64;
const MIN_PAUSE_MS = 500;
/** 64 MiB of 4 KiB pages: read in a fifth of a second after a crash. */
const LONG_LOG_PAGES = 16_384;
/** SQLite's own number of pages: for the case that no thread works. */
const ALONE_COMMITS = 1_000;
const CLOSE_WAIT_MS = 10_000;
/** Shared with the thread: whether it is in the file, and whether it may go there. */
const IN_FILE = 0;
const CLOSED = 1;
/** Where the bug of CHECKPOINT-2 is mended. Node brings its own SQLite, and an older Node an older one. */
const MENDED = [3, 51, 3];
/** CHECKPOINT-2. */
export function canShareFile(version = process.versions["sqlite"]) {
    const parts = (version ?? "").split(".").map(Number);
    for (const [index, least] of MENDED.entries()) {
        const part = parts[index] ?? Number.NaN;
        if (part !== least)
            return part > least;
    }
    return true;
}
export class Checkpoints {
    #path;
    #moved;
    #flags = new Int32Array(new SharedArrayBuffer(8));
    #worker;
    #hasThread = true;
    #isRunning = false;
    #isLong = false;
    #commits = 0;
    #lastAt = 0;
    /** `moved` is called when a pass is over and the thread is out of the file. */
    constructor(path, moved) {
        this.#path = path;
        this.#moved = moved;
    }
    /** Call after each COMMIT. True when the owner has to move the rest of the log now (CHECKPOINT-1). */
    committed() {
        this.#commits++;
        if (this.#isLong || (!this.#hasThread && this.#commits >= ALONE_COMMITS)) {
            this.#isLong = false;
            this.#commits = 0;
            return true;
        }
        if (this.#isRunning || !this.#hasThread || this.#commits < MIN_COMMITS)
            return false;
        const now = performance.now();
        if (now - this.#lastAt < MIN_PAUSE_MS)
            return false;
        this.#lastAt = now;
        this.#commits = 0;
        this.#isRunning = true;
        this.#worker ??= this.#start();
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        this.#worker.postMessage("pass");
        return false;
    }
    /** Returns when the thread is out of the file for good: the last connection to close is then the owner's. */
    close() {
        Atomics.store(this.#flags, CLOSED, 1);
        if (Atomics.load(this.#flags, IN_FILE) === 1)
            Atomics.wait(this.#flags, IN_FILE, 1, CLOSE_WAIT_MS);
        void this.#worker?.terminate();
    }
    #start() {
        const task = { task: TASK, path: this.#path, flags: this.#flags };
        const worker = new Worker(new URL(import.meta.url), {
            workerData: task,
            // It holds one connection and a few numbers.
            resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
            execArgv: [],
        });
        worker.unref();
        // Only run below sends one.
        worker.on("message", ({ pages }) => {
            this.#isRunning = false;
            this.#isLong = pages === undefined || pages >= LONG_LOG_PAGES;
            if (Atomics.load(this.#flags, CLOSED) === 0)
                this.#moved();
        });
        const alone = () => {
            this.#hasThread = false;
            // It may have ended in the middle of a pass: nobody else would say that it is out.
            Atomics.store(this.#flags, IN_FILE, 0);
        };
        worker.once("error", alone).once("exit", alone);
        return worker;
    }
}
/** One pass. If it fails, the owner tries next, and the fault shows at the owner's COMMIT. */
function pass({ path, flags }) {
    Atomics.store(flags, IN_FILE, 1);
    try {
        if (Atomics.load(flags, CLOSED) === 1)
            return { pages: 0 };
        // SQLite would make an empty one, which the next start takes for a damaged inbox.
        if (!existsSync(path))
            return { pages: undefined };
        const db = new DatabaseSync(path);
        try {
            db.exec("PRAGMA busy_timeout = 2000");
            if (process.platform === "darwin")
                db.exec("PRAGMA checkpoint_fullfsync = ON");
            const row = db.prepare("PRAGMA wal_checkpoint(PASSIVE)").get();
            return { pages: Number(row?.["log"]) };
        }
        finally {
            db.close();
        }
    }
    catch {
        return { pages: undefined };
    }
    finally {
        Atomics.store(flags, IN_FILE, 0);
        Atomics.notify(flags, IN_FILE);
    }
}
function run(task) {
    parentPort?.on("message", () => {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        parentPort?.postMessage(pass(task));
    });
}
// The thread is this very file, loaded again: the hub has no other name for it that holds in src and in dist.
if (!isMainThread && isTask(workerData))
    run(workerData);
function isTask(data) {
    return typeof data === "object" && data !== null && "task" in data && data.task === TASK;
}
