/**
 * JSON-RPC with an MCP server: how a session talks to one.
 *
 * Owns: which answer belongs to which question, and what a line is. Never: what a message means (connect.ts, session.ts), or by what the
 * lines travel (link.ts).
 *
 * Own code and not @modelcontextprotocol/client, for three reasons: its version probe starts a second, short-lived server while
 * the client we stand in for asks the one it keeps; it discards malformed notifications, which are what a host must show; and it brings
 * an OAuth stack that a program speaking over stdio has no use for.
 * Framing: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio
 */
import { isDeeper, parseObject, toObject } from "../sdk/json.js";
import { openMemoryLink, openProcessLink } from "./link.js";
/** Of an answer: the MCP SDK's clients read an id that comes back as text, too. */
export function toAskedId(id) {
    return typeof id === "number" || typeof id === "string" ? Number(id) : Number.NaN;
}
const METHOD_NOT_FOUND = -32601;
/** Whoever writes a value as text again exhausts the stack at about 10,000. */
export const MAX_MESSAGE_DEPTH = 1_000;
export class Wire {
    #link;
    #options;
    #waiting = new Map();
    #nextId = 0;
    #gone;
    constructor(options) {
        this.#options = options;
        const events = {
            onLine: (line) => this.#take(line),
            onStderr: (text) => options.onStderr(text),
            onEnd: (reason) => this.#end(reason),
        };
        this.#link =
            "connect" in options ? openMemoryLink(options, events) : openProcessLink(options, events);
    }
    /** Process id of the server; undefined when it could not be started, and where it lives in this process. */
    get pid() {
        return this.#link.pid;
    }
    /** Why the server is gone; undefined while it lives. */
    get gone() {
        return this.#gone;
    }
    request(method, params, { timeoutMs, signal } = {}) {
        if (this.#gone !== undefined)
            return Promise.resolve({ kind: "gone", reason: this.#gone });
        if (signal?.aborted === true)
            return Promise.resolve({ kind: "aborted" });
        const id = ++this.#nextId;
        return new Promise((resolve) => {
            let timer;
            const settle = (answer) => {
                clearTimeout(timer);
                signal?.removeEventListener("abort", abort);
                this.#waiting.delete(id);
                resolve(answer);
            };
            const giveUp = (answer, reason) => {
                settle(answer);
                this.notify("notifications/cancelled", { requestId: id, reason });
            };
            const abort = () => giveUp({ kind: "aborted" }, "interrupted");
            this.#waiting.set(id, settle);
            if (timeoutMs !== undefined && timeoutMs !== Infinity)
                timer = setTimeout(() => giveUp({ kind: "timeout" }, "timed out"), timeoutMs);
            signal?.addEventListener("abort", abort, { once: true });
            this.#send({ jsonrpc: "2.0", id, method, params });
        });
    }
    notify(method, params) {
        this.#send(params === undefined ? { jsonrpc: "2.0", method } : { jsonrpc: "2.0", method, params });
    }
    /**
     * Asks the server to leave, by the end of its stdin or by the SIGINT that Claude Code sends, and waits.
     * One that does not leave within three seconds is killed.
     */
    close(how = "stdin") {
        return this.#link.close(how);
    }
    [Symbol.asyncDispose]() {
        return this.close();
    }
    #send(message) {
        if (this.#gone === undefined)
            this.#link.write(JSON.stringify(message));
    }
    #take(line) {
        if (line.trim() === "")
            return;
        const message = isDeeper(line, MAX_MESSAGE_DEPTH) ? undefined : parseObject(line);
        if (message === undefined)
            return this.#options.onGarbage(line);
        const { id, method, error } = message;
        const params = toObject(message["params"]);
        if (typeof method === "string") {
            if (id === undefined)
                return this.#options.onNotification(method, params);
            return this.#answer(id, method, params);
        }
        const settle = this.#waiting.get(toAskedId(id));
        if (settle === undefined)
            return; // The late answer to a request that was given up.
        if (error === undefined)
            return settle({ kind: "result", result: toObject(message["result"]) });
        const { code, message: text } = toObject(error);
        settle({ kind: "error", code: typeof code === "number" ? code : 0, message: String(text) });
    }
    #answer(id, method, params) {
        const result = this.#options.onRequest(method, params);
        if (result !== undefined)
            return this.#send({ jsonrpc: "2.0", id, result });
        this.#send({
            jsonrpc: "2.0",
            id,
            error: { code: METHOD_NOT_FOUND, message: `${method} is not supported` },
        });
    }
    #end(reason) {
        if (this.#gone !== undefined)
            return;
        this.#gone = reason;
        for (const settle of this.#waiting.values())
            settle({ kind: "gone", reason });
        this.#options.onExit(reason);
    }
}
