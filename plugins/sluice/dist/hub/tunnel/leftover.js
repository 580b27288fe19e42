/**
 * The program of a tunnel that a killed hub left behind.
 *
 * Owns: the note of which process it is, and ending it. Never: signals a process that only has its pid.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "../../vendor/zod.js";
import { isAlive, readProcess } from "../../local/process.js";
import { toMessage } from "../../sdk/errors.js";
import { readPrivateFile, removePrivateFile, writePrivateFile } from "../settings/private-file.js";
import { signalGroup } from "./tool-process.js";
const note = z.strictObject({ pid: z.int().positive(), startTime: z.string().min(1) });
const POLL_MS = 50;
const TERM_MS = 2_000;
const KILL_MS = 1_000;
export function keepProcess(home, pid) {
    const startTime = readProcess(pid)?.startTime;
    // Gone already: nothing is left behind.
    if (startTime !== undefined)
        writePrivateFile(toPath(home), `${JSON.stringify({ pid, startTime })}\n`);
}
export function forgetProcess(home) {
    removePrivateFile(toPath(home));
}
/** TUNNEL-3. */
export async function endLeftover(home, log) {
    const left = readNote(home, log);
    if (left === undefined)
        return;
    const { pid, startTime } = left;
    for (const [signal, waitMs] of [
        ["SIGTERM", TERM_MS],
        ["SIGKILL", KILL_MS],
    ]) {
        if (!isAlive(pid, startTime))
            break;
        log.info({ pid, signal }, "ending the tunnel that an earlier hub left behind");
        signalGroup(pid, signal);
        for (let waited = 0; waited < waitMs && isAlive(pid, startTime); waited += POLL_MS)
            await sleep(POLL_MS);
    }
    forgetProcess(home);
}
function readNote(home, log) {
    try {
        const text = readPrivateFile(toPath(home));
        return text === undefined ? undefined : note.parse(JSON.parse(text));
    }
    catch (thrown) {
        // It names a process; one that cannot be read names none, and the next one takes its place.
        log.warn({ error: toMessage(thrown) }, "the note of the last tunnel cannot be read");
        return undefined;
    }
}
function toPath(home) {
    return join(home.path, "tunnel.json");
}
