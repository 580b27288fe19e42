/**
 * Whether SIGHUP ends this process: whether there is a terminal that it could lose.
 *
 * Owns: that decision. Never: ends anything.
 *
 * nohup starts a program with SIGHUP ignored, and Node undoes that before any script runs: it sets every signal back to its default, so
 * /proc/self/status says nothing of how it was. What nohup leaves to see is that no standard stream is a terminal any more.
 *
 * HANGUP-1 A process without a terminal on its standard streams goes on when a terminal closes.
 */
import { isatty } from "node:tty";
/** Outside of Linux nohup leaves standard input as it is. */
const STREAMS = process.platform === "linux" ? [0, 1, 2] : [1, 2];
/** True where a terminal closes with SIGHUP, and what runs in it is to end. */
export function hasTerminal() {
    return STREAMS.some((stream) => isatty(stream));
}
/** HANGUP-1, from now on. */
export function keepThroughHangup() {
    if (!hasTerminal())
        process.on("SIGHUP", () => { });
}
