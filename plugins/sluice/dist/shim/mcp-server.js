import { toMessage } from "../sdk/errors.js";
/** The newest first. */
const VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", "2024-10-07"];
/** A hook brings a tool's whole input. What is longer ends the connection. */
const LINE_MAX_BYTES = 64 * 1024 * 1024;
const NEWLINE = 10;
const CODES = { invalidRequest: -32_600, noMethod: -32_601, badParams: -32_602, failed: -32_603 };
/** An answer that is an error of the protocol. */
export class McpFault extends Error {
    code;
    constructor(code, message) {
        super(message);
        this.code = CODES[code];
    }
}
export class McpServer {
    #info;
    #instructions;
    #requests = new Map();
    #notifications = new Map();
    /** Requests without an answer yet, by their id. */
    #open = new Map();
    #output;
    #client;
    #version;
    oninitialized = () => { };
    onclose = () => { };
    constructor(info, instructions) {
        this.#info = info;
        this.#instructions = instructions;
        this.onRequest("initialize", (params) => this.#initialize(params));
        this.onRequest("ping", () => ({}));
        this.onNotification("notifications/initialized", () => this.oninitialized());
        this.onNotification("notifications/cancelled", ({ requestId, reason }) => this.#open.get(requestId)?.abort(reason));
    }
    onRequest(method, answer) {
        this.#requests.set(method, answer);
    }
    onNotification(method, take) {
        this.#notifications.set(method, take);
    }
    /** Asked for while the client's `initialize` is answered. */
    getCapabilities() {
        return { tools: {} };
    }
    /** What the client said of itself; undefined before it did. */
    getClientVersion() {
        return this.#client;
    }
    getNegotiatedProtocolVersion() {
        return this.#version;
    }
    connect(input, output) {
        this.#output = output;
        const lines = new Lines();
        const close = () => this.#close();
        input.on("data", (chunk) => {
            for (const line of lines.take(chunk))
                this.#read(line);
            if (lines.isOver)
                close();
        });
        for (const event of ["end", "close", "error"])
            input.on(event, close);
        output.on("error", close);
    }
    /** Resolves when it is handed on; rejects where the client has gone. */
    notification(message) {
        return this.#send(message);
    }
    #initialize(params) {
        const { protocolVersion, clientInfo } = params;
        const { name, version } = isObject(clientInfo) ? clientInfo : {};
        const isWhole = typeof protocolVersion === "string" &&
            typeof name === "string" &&
            typeof version === "string";
        if (!isWhole)
            throw new McpFault("badParams", "initialize needs protocolVersion and clientInfo");
        this.#client = { name, version };
        this.#version = VERSIONS.find((known) => known === protocolVersion) ?? VERSIONS[0];
        return {
            protocolVersion: this.#version,
            capabilities: this.getCapabilities(),
            serverInfo: this.#info,
            instructions: this.#instructions,
        };
    }
    #read(line) {
        const message = parse(line);
        if (!isObject(message) || message["jsonrpc"] !== "2.0")
            return;
        const { id, method, params = {} } = message;
        // Answers are to nothing that we ask.
        if (typeof method !== "string")
            return;
        if (id === undefined) {
            if (isObject(params))
                this.#take(method, params);
        }
        else if (typeof id === "string" || typeof id === "number") {
            void this.#answer(id, method, params);
        }
    }
    #take(method, params) {
        try {
            this.#notifications.get(method)?.(params);
        }
        catch (thrown) {
            // Nobody waits for an answer, and the next message is none the worse.
            process.stderr.write(`sluice: ${method}: ${toMessage(thrown)}\n`);
        }
    }
    async #answer(id, method, params) {
        const left = new AbortController();
        this.#open.set(id, left);
        let answer;
        try {
            if (!isObject(params))
                throw new McpFault("invalidRequest", "params are not an object");
            const find = this.#requests.get(method);
            if (find === undefined)
                throw new McpFault("noMethod", "Method not found");
            answer = { result: await find(params, left.signal) };
        }
        catch (thrown) {
            const code = thrown instanceof McpFault ? thrown.code : CODES.failed;
            answer = { error: { code, message: toMessage(thrown) } };
        }
        if (this.#open.get(id) === left)
            this.#open.delete(id);
        // MCP-2. A broken pipe ends the connection by itself.
        if (!left.signal.aborted)
            await this.#send({ id, ...answer }).catch(() => undefined);
    }
    #send(message) {
        const output = this.#output;
        if (output === undefined)
            return Promise.reject(new Error("the client has gone"));
        const line = `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;
        return new Promise((resolve, reject) => {
            output.write(line, (error) => (error ? reject(error) : resolve()));
        });
    }
    #close() {
        if (this.#output === undefined)
            return;
        this.#output = undefined;
        this.onclose();
        const gone = new Error("the client has gone");
        for (const left of this.#open.values())
            left.abort(gone);
    }
}
/** Cuts what comes in into lines, without looking at a byte twice. */
class Lines {
    #rest = [];
    #bytes = 0;
    /** A line grew too long. */
    get isOver() {
        return this.#bytes > LINE_MAX_BYTES;
    }
    *take(chunk) {
        let from = 0;
        for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
            this.#rest.push(chunk.subarray(from, end));
            const line = Buffer.concat(this.#rest).toString("utf8");
            this.#rest = [];
            this.#bytes = 0;
            from = end + 1;
            yield line;
        }
        this.#rest.push(chunk.subarray(from));
        this.#bytes += chunk.length - from;
    }
}
function parse(line) {
    try {
        return JSON.parse(line);
    }
    catch {
        // MCP-1: something else that was written to us.
        return undefined;
    }
}
export function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
