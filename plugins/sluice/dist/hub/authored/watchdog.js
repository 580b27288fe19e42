/**
 * Ends a channel's process whose hub was killed: a shell that waits for the end of a pipe, which only the hub holds.
 *
 * Owns: that shell. Never: ends a process while the hub lives (child.ts).
 *
 * WATCHDOG-1 A process that spins does not outlive its hub. It cannot see by itself that the pipe is closed; the shell can, and nothing
 *    that the channel's code could reach is opened for it: a thread inside of that process would need Node's leave for threads.
 */
import { spawn } from "node:child_process";
import { toMessage } from "../../sdk/errors.js";
/** Nothing is ever written to it: `read` ends with the hub. */
const SCRIPT = 'read -r line; kill -9 "$1" 2>/dev/null';
/** Before the process has anything to run. Call the result once the process has ended: its number may become another's. */
export function watchOver(pid, channel, log) {
    const shell = spawn("/bin/sh", ["-c", SCRIPT, "sluice-watchdog", String(pid)], {
        cwd: "/",
        env: {},
        stdio: ["pipe", "ignore", "ignore"],
        // What ends the hub's whole group leaves it to its work.
        detached: true,
    });
    // An honest process ends with its own pipe, and the next hub ends every other one.
    shell.once("error", (fault) => log.warn({ channel, error: toMessage(fault) }, "nothing watches over a channel's process"));
    shell.stdin.on("error", () => undefined); // It ends with its shell.
    shell.unref();
    return () => void shell.kill("SIGKILL");
}
