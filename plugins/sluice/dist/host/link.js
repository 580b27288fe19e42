/**
 * What lines travel by: the stdio of a child process, or the memory of this one.
 *
 * Owns: starting the other side, its lines, and its end. Never: reads a line.
 */
import { spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import { toMessage } from "../sdk/errors.js";
const KILL_AFTER_MS = 3_000;
export function openProcessLink(start, { onLine, onStderr, onEnd }) {
    const { command, args, env, cwd } = start;
    const child = spawn(command, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
    const exited = new Promise((resolve) => {
        const end = (reason) => {
            onEnd(reason);
            resolve();
        };
        child.once("error", (error) => end(`could not be run: ${error.message}`));
        // `close`, not `exit`: the last lines of stdout may still be in the pipe when the process is gone.
        child.once("close", (code, signal) => end(signal === null ? `exited with ${code}` : `killed by ${signal}`));
    });
    // A write to a dead server fails here; its `close` tells the whole story, so there is nothing to add.
    child.stdin.on("error", () => { });
    readLines(child.stdout, onLine);
    child.stderr.setEncoding("utf8").on("data", onStderr);
    return {
        pid: child.pid,
        write(line) {
            if (child.stdin.writable)
                child.stdin.write(`${line}\n`);
        },
        async close(how) {
            if (how === "sigint")
                child.kill("SIGINT");
            else
                child.stdin.end();
            const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
            await exited;
            clearTimeout(timer);
        },
    };
}
/** Messages pass as the text that a pipe would carry, so what JSON does not know is lost here too. */
export function openMemoryLink({ connect }, { onLine, onEnd }) {
    let isOpen = true;
    let isStarted = false;
    const early = [];
    const end = (reason) => {
        if (!isOpen)
            return;
        isOpen = false;
        transport.onclose?.();
        onEnd(reason);
    };
    const hand = (line) => void setImmediate(() => {
        if (!isOpen)
            return;
        try {
            transport.onmessage?.(JSON.parse(line));
        }
        catch (thrown) {
            // A process would have died of it; this one is the test's.
            end(`threw: ${toMessage(thrown)}`);
        }
    });
    const transport = {
        start() {
            isStarted = true;
            for (const line of early.splice(0))
                hand(line);
            return Promise.resolve();
        },
        async send(message) {
            if (!isOpen)
                throw new Error("the session has closed this connection");
            const line = JSON.stringify(message);
            if (line === undefined)
                throw new TypeError("what was to be sent is no message");
            setImmediate(() => {
                if (isOpen)
                    onLine(line);
            });
        },
        close() {
            end("closed by itself");
            return Promise.resolve();
        },
    };
    // A server that is made by a function of its author may throw in it.
    void (async () => connect(transport))().catch((thrown) => end(`could not be run: ${toMessage(thrown)}`));
    return {
        pid: undefined,
        write(line) {
            if (isStarted)
                hand(line);
            else
                early.push(line);
        },
        close() {
            end("closed");
            return Promise.resolve();
        },
    };
}
/** Calls `take` for each whole line of a stream. The last line counts with or without its end. */
export function readLines(stream, take) {
    const decoder = new StringDecoder("utf8");
    // Pieces of the unfinished line, joined once: a message of megabytes arrives in many chunks.
    let pieces = [];
    stream?.on("data", (chunk) => {
        const lines = decoder.write(chunk).split("\n");
        const last = lines.pop() ?? "";
        for (const line of lines) {
            take(pieces.join("") + line);
            pieces = [];
        }
        if (last !== "")
            pieces.push(last);
    });
    stream?.on("end", () => {
        const rest = pieces.join("") + decoder.end();
        if (rest !== "")
            take(rest);
    });
}
