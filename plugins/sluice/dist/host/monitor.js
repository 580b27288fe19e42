/**
 * A plugin monitor: a command whose stdout lines wake the session.
 *
 * Owns: the process, how lines become batches, what the client cuts and suppresses.
 * Never: the prompt that a batch becomes (channel-text.ts) or the turn it starts (session.ts).
 * https://code.claude.com/docs/en/plugins-reference#monitors
 */
import { readErrorCode } from "../sdk/errors.js";
import { spawn } from "node:child_process";
import { readLines } from "./link.js";
/** Observed: characters kept of a line, and the time within which lines become one batch. */
const MAX_LINE_CHARS = 495;
const BATCH_MS = 200;
/** Observed: one batch in two and a half seconds always passes; a faster stream is mostly suppressed. */
const REFILL_MS = 2_500;
const BURST_BATCHES = 5;
const KILL_AFTER_MS = 3_000;
export function openMonitor(options) {
    const { command, args, env, cwd } = options;
    // A group of its own: a shell command line leaves children behind when only the shell is ended.
    const settings = {
        cwd,
        env,
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
    };
    const child = args === undefined
        ? spawn(command, { ...settings, shell: true })
        : spawn(command, args, settings);
    const exited = new Promise((resolve) => {
        child.once("close", () => resolve());
        child.once("error", (error) => {
            options.onStderr(`the monitor could not be run: ${error.message}\n`);
            resolve();
        });
    });
    const allow = newBucket();
    let batch = [];
    let timer;
    const flush = () => {
        const lines = batch;
        batch = [];
        timer = undefined;
        if (lines.length === 0)
            return;
        if (allow(Date.now()))
            options.onBatch(lines);
        else
            options.onLost(lines);
    };
    readLines(child.stdout, (line) => {
        batch.push(line.slice(0, MAX_LINE_CHARS));
        timer ??= setTimeout(flush, BATCH_MS);
    });
    child.stderr?.setEncoding("utf8").on("data", options.onStderr);
    return {
        pid: child.pid,
        async close() {
            clearTimeout(timer);
            signalGroup(child.pid, "SIGTERM");
            const kill = setTimeout(() => signalGroup(child.pid, "SIGKILL"), KILL_AFTER_MS);
            await exited;
            clearTimeout(kill);
        },
    };
}
function newBucket() {
    let tokens = BURST_BATCHES;
    let filledAt = Date.now();
    return (now) => {
        tokens = Math.min(BURST_BATCHES, tokens + (now - filledAt) / REFILL_MS);
        filledAt = now;
        if (tokens < 1)
            return false;
        tokens -= 1;
        return true;
    };
}
function signalGroup(pid, signal) {
    if (pid === undefined)
        return;
    try {
        process.kill(process.platform === "win32" ? pid : -pid, signal);
    }
    catch (error) {
        // Already gone is what was wanted.
        if (readErrorCode(error) !== "ESRCH")
            throw error;
    }
}
