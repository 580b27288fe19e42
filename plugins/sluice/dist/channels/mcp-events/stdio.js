/**
 * An MCP server that this channel starts, over its standard input and output.
 *
 * Owns: its process group, lines, and which answer belongs to which request. Never: a shell.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { parseJson } from "../../sdk/json.js";
import { SluiceError } from "../../sdk/errors.js";
import { isFields, requireEvents, ServerFault, takeResult, toInitialize, toModernParams, } from "./server.js";
const VERSION = "1";
const ANSWER_MS = 30_000;
const GRACE_MS = 2_000;
const SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";
/** @throws SluiceError `unsupported` where it offers no events; `send_failed` where it cannot be started. */
export async function connectStdio(argv, signal) {
    const connection = new StdioConnection(argv, signal);
    const [program = ""] = argv;
    try {
        // Servers on stdio speak first of the handshake; one of the newer generation alone answers that it knows none.
        requireEvents(await connection.ask("initialize", toInitialize(VERSION)), program);
        connection.notify("notifications/initialized", {});
    }
    catch (thrown) {
        if (!(thrown instanceof ServerFault)) {
            await connection.close();
            throw thrown;
        }
        connection.isModern = true;
        try {
            requireEvents(await connection.ask("server/discover", {}), program);
        }
        catch (fault) {
            await connection.close();
            throw fault;
        }
    }
    return connection;
}
class StdioConnection {
    isModern = false;
    #program;
    #child;
    #waiting = new Map();
    #hearing = new Map();
    #ended;
    #fault;
    #nextId = 1;
    constructor(argv, signal) {
        const [program = "", ...args] = argv;
        this.#program = program;
        // Its own group: what it starts ends with it.
        this.#child = spawn(program, args, { detached: true, stdio: ["pipe", "pipe", "ignore"] });
        this.#ended = new Promise((resolve) => this.#child.once("close", () => resolve()));
        this.#child.on("error", ({ message }) => this.#end(`cannot be run (${message})`));
        this.#child.on("exit", (code, by) => this.#end(`ended (${by ?? `exit ${code}`})`));
        // One that ends before it has read: its exit says so.
        this.#child.stdin.on("error", () => undefined);
        createInterface({ input: this.#child.stdout }).on("line", (line) => this.#read(line));
        signal.addEventListener("abort", () => void this.close(), { once: true });
    }
    async ask(method, params) {
        const { answer } = this.#send(method, params, ANSWER_MS);
        return takeResult(await answer);
    }
    async stream(method, params, hear, signal) {
        const { id, answer } = this.#send(method, params);
        const broken = Promise.withResolvers();
        const one = {
            hear: (message) => hear(message).catch((thrown) => broken.reject(thrown)),
            last: Promise.resolve(),
        };
        this.#hearing.set(id, one);
        const stop = () => broken.reject(new SluiceError("send_failed", "stopped"));
        signal.addEventListener("abort", stop, { once: true });
        if (signal.aborted)
            stop();
        try {
            takeResult(await Promise.race([answer, broken.promise]));
            await one.last;
        }
        catch (thrown) {
            this.notify("notifications/cancelled", { requestId: id });
            throw thrown;
        }
        finally {
            signal.removeEventListener("abort", stop);
            this.#hearing.delete(id);
            this.#waiting.delete(id);
        }
    }
    notify(method, params) {
        this.#write({ jsonrpc: "2.0", method, params });
    }
    async close() {
        this.#end("was stopped");
        this.#child.stdin.end();
        const kill = setTimeout(() => signalGroup(this.#child.pid, "SIGKILL"), GRACE_MS);
        signalGroup(this.#child.pid, "SIGTERM");
        await this.#ended;
        clearTimeout(kill);
        signalGroup(this.#child.pid, "SIGKILL");
    }
    #send(method, params, limitMs) {
        const id = this.#nextId++;
        const { promise, resolve, reject } = Promise.withResolvers();
        if (this.#fault !== undefined)
            reject(this.#fault);
        const limit = limitMs === undefined
            ? undefined
            : setTimeout(() => {
                this.#waiting.delete(id);
                reject(this.#toFault(`gave no answer in ${limitMs / 1_000} s`));
            }, limitMs);
        this.#waiting.set(id, {
            settle: (message) => {
                clearTimeout(limit);
                resolve(message);
            },
            fail: (fault) => {
                clearTimeout(limit);
                reject(fault);
            },
        });
        promise.catch(() => undefined);
        const given = this.isModern ? toModernParams(params, VERSION) : params;
        this.#write({ jsonrpc: "2.0", id, method, params: given });
        return { id, answer: promise };
    }
    #write(message) {
        if (this.#fault === undefined)
            this.#child.stdin.write(`${JSON.stringify(message)}\n`);
    }
    #read(line) {
        const parsed = parseJson(line);
        // A server may log to its output: no message.
        const message = parsed.kind === "ok" ? parsed.value : undefined;
        if (!isFields(message))
            return;
        const { id, method, params } = message;
        if (typeof method !== "string") {
            if (typeof id !== "number")
                return;
            const waiting = this.#waiting.get(id);
            this.#waiting.delete(id);
            waiting?.settle(message);
            return;
        }
        if (id !== undefined) {
            // It asks something of us, which knows nothing.
            this.#write({ jsonrpc: "2.0", id, error: { code: -32_601, message: "Method not found" } });
            return;
        }
        const meta = isFields(params) && isFields(params["_meta"]) ? params["_meta"] : {};
        const hearing = this.#hearing.get(Number(meta[SUBSCRIPTION]));
        const heard = message;
        if (hearing !== undefined)
            hearing.last = hearing.last.then(() => hearing.hear(heard));
    }
    #end(why) {
        this.#fault ??= this.#toFault(why);
        for (const { fail } of this.#waiting.values())
            fail(this.#fault);
        this.#waiting.clear();
    }
    #toFault(why) {
        return new SluiceError("send_failed", `${this.#program} ${why}`, { retryable: true });
    }
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
