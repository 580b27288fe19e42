/**
 * One run of a program that opens a tunnel, from its start to its end.
 *
 * Owns: its process group, and reading what it prints. Never: starts it again (tunnel.ts).
 */
import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { readErrorCode, toMessage } from "../../sdk/errors.js";
const TAIL_LINES = 12;
const MAX_LINE = 1_000;
const STOP_MS = 3_000;
const RUN_MS = 10_000;
export class ToolProcess {
    pid;
    ended;
    #child;
    #start;
    #tail = [];
    constructor(start) {
        this.#start = start;
        const { program, args, env, tool, wish } = start;
        this.#child = spawn(program, args, {
            cwd: "/",
            env: toToolEnvironment(env, tool, wish),
            stdio: ["ignore", "pipe", "pipe"],
            // A group of its own: Ctrl-C at a hub in the foreground is for the hub, and a wrapper goes with what it has started.
            detached: true,
            windowsHide: true,
        });
        this.pid = this.#child.pid;
        const { stdout, stderr } = this.#child;
        for (const input of [stdout, stderr])
            if (input !== null)
                createInterface({ input }).on("line", (line) => this.#read(line));
        this.ended = new Promise((resolve) => {
            this.#child.once("error", (fault) => resolve({
                reason: `${tool.name} does not start (${toMessage(fault)}); look at ${program}`,
                isKnown: true,
            }));
            // "close" and not "exit": its last lines say why, and may come later.
            this.#child.once("close", (code, signal) => resolve(this.#toEnding(code, signal)));
        });
    }
    /** Resolves once it is gone. */
    async stop() {
        this.#signal("SIGTERM");
        const cut = setTimeout(() => this.#signal("SIGKILL"), STOP_MS);
        await this.ended;
        clearTimeout(cut);
    }
    #read(line) {
        const { tool, wish, onWord } = this.#start;
        const text = line.slice(0, MAX_LINE);
        this.#tail = [...this.#tail, text].slice(-TAIL_LINES);
        const word = tool.read(text, wish);
        if (word !== undefined)
            onWord(word);
    }
    #toEnding(code, signal) {
        const { tool } = this.#start;
        const known = tool.explain(this.#tail.join("\n"));
        if (known !== undefined)
            return { reason: known, isKnown: true };
        const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
        const last = this.#tail.findLast((line) => line.trim() !== "");
        const words = last === undefined ? "" : `; its last line: ${toPlainLine(last)}`;
        return { reason: `${tool.name} ended ${how}${words}`, isKnown: false };
    }
    #signal(signal) {
        const { pid } = this.#child;
        if (pid === undefined)
            return;
        signalGroup(pid, signal);
    }
}
/** The process and what it has started. */
export function signalGroup(pid, signal) {
    try {
        process.kill(-pid, signal);
    }
    catch (thrown) {
        // Gone already; of one that nobody has waited for yet macOS says EPERM.
        const code = readErrorCode(thrown);
        if (code !== "ESRCH" && code !== "EPERM")
            throw thrown;
    }
}
export function toRunTool(program, env) {
    return (args) => new Promise((resolve, reject) => {
        const options = { cwd: "/", env: { ...env }, timeout: RUN_MS, windowsHide: true };
        execFile(program, [...args], options, (fault, stdout) => fault === null ? resolve(stdout) : reject(fault));
    });
}
function toToolEnvironment(env, { dropsVariable }, wish) {
    const kept = Object.entries(env).filter(([name]) => dropsVariable?.(name, wish) !== true);
    return Object.fromEntries(kept);
}
/** Without the time and the level that a log puts in front, and on one line. */
function toPlainLine(line) {
    return line
        .replace(/^\d{4}-\d\d-\d\dT\S+ (?:[A-Z]{3} )?/, "")
        .replace(/\s+/g, " ")
        .trim()
        .slice(0, 300);
}
