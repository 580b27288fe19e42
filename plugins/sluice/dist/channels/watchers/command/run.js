/**
 * Runs the command of a watcher once.
 *
 * Owns: its process group, its limits, and its output. Never: a shell; the command is a program and its arguments.
 *
 * RUN-1 It ends, with all that it started in its group, at its time limit, or when the channel or the hub ends.
 * RUN-2 Of its output a limited part is kept; the rest is read and left out.
 */
import { spawn } from "node:child_process";
import { SluiceError } from "../../../sdk/errors.js";
const KEPT_BYTES = 256 * 1024;
/** Between the polite signal and the other one. */
const GRACE_MS = 2_000;
const DRAIN_MS = 1_000;
/** @throws SluiceError `send_failed`, retryable, where it cannot be started, or was stopped with the channel. */
export function runCommand({ argv, cwd, timeoutMs, signal, isOutputOnly, }) {
    const [program = "", ...args] = argv;
    return new Promise((resolve, reject) => {
        // Its own group: what it starts ends with it.
        const child = spawn(program, args, {
            cwd,
            detached: true,
            stdio: ["ignore", "pipe", "pipe"],
        });
        const chunks = [];
        let kept = 0;
        let leftOut = 0;
        let isLate = false;
        let kill;
        const take = (chunk) => {
            const room = Math.max(0, KEPT_BYTES - kept);
            chunks.push(chunk.subarray(0, room));
            kept += Math.min(room, chunk.length);
            leftOut += Math.max(0, chunk.length - room);
        };
        const stop = () => {
            signalGroup(child.pid, "SIGTERM");
            kill = setTimeout(() => signalGroup(child.pid, "SIGKILL"), GRACE_MS);
        };
        const limit = setTimeout(() => {
            isLate = true;
            stop();
        }, timeoutMs);
        signal.addEventListener("abort", stop, { once: true });
        const end = (settle) => {
            clearTimeout(limit);
            clearTimeout(kill);
            signal.removeEventListener("abort", stop);
            settle();
        };
        const fail = (why, cause) => end(() => reject(new SluiceError("send_failed", why, { retryable: true, cause })));
        child.stdout.on("data", take);
        if (isOutputOnly === true)
            child.stderr.resume();
        else
            child.stderr.on("data", take);
        child.once("error", (fault) => fail(`${program} cannot be run (${fault.message})`, fault));
        child.once("exit", (code, killedBy) => {
            signalGroup(child.pid, "SIGKILL");
            const finish = () => {
                clearTimeout(drained);
                child.stdout.destroy();
                child.stderr.destroy();
                if (signal.aborted)
                    return fail(`${program} was stopped`);
                const late = `no end in ${Math.round(timeoutMs / 1_000)} s`;
                const status = isLate ? late : (killedBy ?? `exit ${code}`);
                const output = Buffer.concat(chunks).toString("utf8");
                end(() => resolve({ isOk: code === 0 && !isLate, status, output, leftOut }));
            };
            // What has left its group may hold the pipes for ever.
            const drained = setTimeout(finish, DRAIN_MS);
            child.once("close", finish);
        });
        if (signal.aborted)
            stop();
    });
}
function signalGroup(pid, signal) {
    if (pid === undefined)
        return;
    try {
        process.kill(-pid, signal);
    }
    catch {
        // ESRCH: nothing of it is left.
    }
}
