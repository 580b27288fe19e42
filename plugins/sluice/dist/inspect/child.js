/**
 * The server under inspection, as a process: its lines, its end, and what it does to a reader.
 *
 * Owns: starting and stopping it with all that it started, and how much of a line is held. Never: what a line means (tap.ts).
 *
 * PROCESSBELOW-1 What a server writes costs no more memory than one longest line, however much it writes and whether or not a line ends.
 * PROCESSBELOW-2 A new server is not started before the old one, and all that it started, has ended: they would fight for a port.
 */
import { spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import { withUsualUmask } from "../local/umask.js";
import { toMessage } from "../sdk/errors.js";
/** Characters. A tool's result may hold pictures. */
const MAX_LINE = 16_000_000;
const SHOWN_OF_LONG = 2_000;
/** A line that goes on for this long without an end is told of. */
const LONG_LINE = 1_000_000;
const TERM_AFTER_MS = 1_000;
const KILL_AFTER_MS = 3_000;
/** How long the last lines may take once the process is gone: what it started may hold the pipe for ever. */
const DRAIN_MS = 300;
const PIECE_AFTER_MS = 200;
export function startChild(start, events) {
    let child;
    try {
        child = spawnServer(start);
    }
    catch (thrown) {
        // Of a name that is none, or a list of words that is too long, Node does not wait to tell.
        setImmediate(() => events.onEnd(`could not be run: ${toMessage(thrown)}`));
        return NO_PROCESS;
    }
    const { promise: ended, resolve } = Promise.withResolvers();
    const signal = (name) => {
        if (child.pid === undefined)
            return;
        try {
            process.kill(-child.pid, name);
        }
        catch {
            // Nobody is left in the group.
        }
    };
    watchEnd(child, (reason) => {
        events.onEnd(reason);
        resolve();
    });
    // A write to a dead server fails here; its end tells the whole story.
    child.stdin.on("error", () => { });
    child.stdout.on("error", () => { });
    readBounded(child.stdout, events);
    readPieces(child.stderr.setEncoding("utf8"), (text) => events.onStderr(text));
    child.stderr.on("error", () => { });
    const stop = async () => {
        const timers = [
            setTimeout(() => signal("SIGTERM"), TERM_AFTER_MS),
            setTimeout(() => signal("SIGKILL"), KILL_AFTER_MS),
        ];
        signal("SIGINT");
        child.stdin.end();
        child.stdout.resume();
        await ended;
        for (const timer of timers)
            clearTimeout(timer);
        // PROCESSBELOW-2
        signal("SIGKILL");
    };
    let stopping;
    return {
        pid: child.pid,
        write(line) {
            if (child.stdin.writable)
                child.stdin.write(`${line}\n`);
        },
        setReading(on) {
            if (on)
                child.stdout.resume();
            else
                child.stdout.pause();
        },
        stop: () => (stopping ??= stop()),
        kill: () => signal("SIGKILL"),
    };
}
function spawnServer({ command, args, env, cwd }) {
    // A group of its own: what it starts (a shell, npx, a watcher of its own) ends with it.
    // Its files are its own business: a client starts it under the user's umask.
    return withUsualUmask(() => spawn(command, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"], detached: true }));
}
const NO_PROCESS = {
    pid: undefined,
    write: () => { },
    setReading: () => { },
    stop: () => Promise.resolve(),
    kill: () => { },
};
function watchEnd(child, end) {
    let isOver = false;
    const once = (reason) => {
        if (isOver)
            return;
        isOver = true;
        child.stdout.destroy();
        child.stderr.destroy();
        end(reason);
    };
    child.once("error", (error) => once(`could not be run: ${error.message}`));
    child.once("exit", (code, signal) => {
        const reason = signal === null ? `exited with ${code}` : `was killed by ${signal}`;
        child.once("close", () => once(reason));
        setTimeout(() => once(reason), DRAIN_MS);
    });
}
/** PROCESSBELOW-1 */
function readBounded(stream, { onLine, onLongLine }) {
    const decoder = new StringDecoder("utf8");
    let pieces = [];
    let length = 0;
    let start = "";
    let isTold = false;
    const add = (piece) => {
        length += piece.length;
        if (start.length < SHOWN_OF_LONG)
            start += piece.slice(0, SHOWN_OF_LONG - start.length);
        if (length <= MAX_LINE)
            pieces.push(piece);
        else
            pieces = [];
        if (length < LONG_LINE || isTold)
            return;
        isTold = true;
        onLongLine(start, length, false);
    };
    const finish = () => {
        if (length > MAX_LINE)
            onLongLine(start, length, true);
        else
            onLine(pieces.join(""));
        pieces = [];
        length = 0;
        start = "";
        isTold = false;
    };
    stream.on("data", (chunk) => {
        const parts = decoder.write(chunk).split("\n");
        const last = parts.pop() ?? "";
        for (const part of parts) {
            add(part);
            finish();
        }
        if (last !== "")
            add(last);
    });
    stream.on("end", () => {
        const rest = decoder.end();
        if (rest !== "")
            add(rest);
        if (length > 0)
            finish();
    });
}
/** Whole lines together, where they come; a piece of a line where its end keeps us waiting. */
function readPieces(stream, take) {
    let held = "";
    let timer;
    const flush = () => {
        clearTimeout(timer);
        if (held !== "")
            take(held);
        held = "";
    };
    stream.on("data", (text) => {
        clearTimeout(timer);
        const end = text.lastIndexOf("\n");
        if (end !== -1) {
            take(held + text.slice(0, end));
            held = "";
        }
        held += text.slice(end + 1);
        if (held.length > SHOWN_OF_LONG)
            flush();
        else if (held !== "")
            timer = setTimeout(flush, PIECE_AFTER_MS).unref();
    });
    stream.on("close", flush);
}
