/**
 * Checks a large file later that was opened unread at the start, in a thread of its own: the hub's thread goes on meanwhile.
 *
 * Owns: that check. Never: changes the file; decides what follows.
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { toMessage } from "../../sdk/errors.js";
import { checkDatabase } from "./database-file.js";
const TASK = "sluice-check";
/** Rejects where no thread could be had. */
export function checkLater(path) {
    const task = { task: TASK, path };
    const worker = new Worker(new URL(import.meta.url), { workerData: task });
    const done = new Promise((resolve, reject) => {
        // Only run below sends one.
        worker.once("message", (checked) => resolve(checked));
        worker.once("error", reject);
        worker.once("exit", () => resolve({ kind: "broken-off" }));
    });
    worker.unref();
    return { done, cancel: () => void worker.terminate() };
}
function run({ path }) {
    let checked = { kind: "sound" };
    try {
        checkDatabase(path);
    }
    catch (thrown) {
        checked = { kind: "damaged", fault: toMessage(thrown) };
    }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    parentPort?.postMessage(checked);
}
// The thread is this very file, loaded again: the hub has no other name for it that holds in src and in dist.
if (!isMainThread && isTask(workerData))
    run(workerData);
function isTask(data) {
    return typeof data === "object" && data !== null && "task" in data && data.task === TASK;
}
