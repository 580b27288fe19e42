/**
 * One connection to Codex's app-server: JSON-RPC over a WebSocket over its Unix socket.
 *
 * Owns: the handshake, matching answers to calls, and telling an answer that never came from one that refused. Never: knows a thread.
 * https://developers.openai.com/codex/app-server
 */
import { connect as connectSocket } from "node:net";
import { WebSocket } from "../../vendor/ws.js";
import { SluiceError, toMessage } from "../../sdk/errors.js";
import { parseObject, toObject } from "../../sdk/json.js";
/** The server has answered that it will not. What it was asked for has not happened. */
export class ServerRefusal extends Error {
    code;
    constructor(method, code, message) {
        super(`${method}: ${message}`);
        this.code = code;
    }
}
const HANDSHAKE_MS = 5_000;
const CALL_MS = 20_000;
/** A thread that is resumed comes with what it holds. */
const MAX_PAYLOAD_BYTES = 128 * 1024 * 1024;
/** "Server overloaded; retry later." */
const OVERLOADED = -32_001;
const RETRIES = 5;
const RETRY_MS = 200;
/** Notifications by the token, and of no use here. */
const UNHEARD = [
    "item/agentMessage/delta",
    "item/reasoning/summaryTextDelta",
    "item/reasoning/textDelta",
    "item/plan/delta",
    "item/commandExecution/outputDelta",
    "item/fileChange/outputDelta",
    "turn/diff/updated",
    "thread/tokenUsage/updated",
];
export class AppServer {
    #socket;
    #waiting = new Map();
    /** What it says of itself: `codex-tui/0.171.0 (…)`. */
    agent = "";
    #lastId = 0;
    #isClosed = false;
    #isOpen = false;
    constructor(socket, events) {
        this.#socket = socket;
        let reason = "the app-server has closed the connection";
        socket.on("message", (data) => this.#read(String(data), events));
        socket.on("error", (cause) => (reason = toMessage(cause)));
        socket.on("close", () => {
            this.#isClosed = true;
            for (const { reject } of this.#waiting.values())
                reject(new Error(reason));
            this.#waiting.clear();
            if (this.#isOpen)
                events.closed(reason);
        });
    }
    /** @throws SluiceError `hub_unreachable` where nothing listens; `unsupported` where what listens is no app-server. */
    static async open(path, version, events) {
        const socket = new WebSocket("ws://localhost/", {
            createConnection: () => connectSocket(path),
            handshakeTimeout: HANDSHAKE_MS,
            maxPayload: MAX_PAYLOAD_BYTES,
            perMessageDeflate: false,
        });
        const server = new AppServer(socket, events);
        await new Promise((resolve, reject) => {
            socket.once("open", resolve);
            socket.once("error", reject);
        });
        try {
            const answer = await server.call("initialize", {
                clientInfo: { name: "sluice", title: "Sluice", version },
                capabilities: { experimentalApi: true, optOutNotificationMethods: UNHEARD },
            });
            server.agent = String(answer["userAgent"] ?? "");
            server.#send({ method: "initialized", params: {} });
            server.#isOpen = true;
            return server;
        }
        catch (cause) {
            server.close();
            throw new SluiceError("unsupported", `no app-server answers on ${path}: ${toMessage(cause)}`, {
                cause,
            });
        }
    }
    /**
     * Resolves with the server's result. A server that is overloaded is asked again.
     * @throws ServerRefusal where the server answers that it will not; any other error: nobody knows whether it did.
     */
    async call(method, params) {
        for (let retry = 1;; retry++) {
            try {
                return await this.callOnce(method, params);
            }
            catch (thrown) {
                const isBusy = thrown instanceof ServerRefusal && thrown.code === OVERLOADED;
                if (!isBusy || retry > RETRIES)
                    throw thrown;
                await new Promise((resolve) => setTimeout(resolve, RETRY_MS * 2 ** retry).unref());
            }
        }
    }
    /** The same, for what must happen now or not at all: an overloaded server refuses it. */
    callOnce(method, params) {
        if (this.#isClosed)
            return Promise.reject(new Error(`${method}: the connection is closed`));
        const id = ++this.#lastId;
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => {
                this.#waiting.delete(id);
                reject(new Error(`${method}: no answer in ${CALL_MS / 1_000} s`));
            }, CALL_MS);
            timer.unref();
            const end = () => clearTimeout(timer);
            this.#waiting.set(id, {
                resolve: (result) => (end(), resolve(result)),
                reject: (cause) => (end(), reject(cause)),
            });
            this.#send({ id, method, params });
        });
    }
    /** Answers a request of the server. Whether it was the first answer is told by nobody. False: there is no connection any more. */
    answer(id, result) {
        if (!this.#isClosed)
            this.#send({ id, result });
        return !this.#isClosed;
    }
    close() {
        this.#socket.terminate();
    }
    #send(message) {
        // A connection that breaks here says so by `close`.
        this.#socket.send(JSON.stringify(message), () => { });
    }
    #read(text, events) {
        const message = parseObject(text);
        if (message === undefined)
            return;
        const { id, method } = message;
        const params = toObject(message["params"]);
        if (typeof method === "string") {
            if (typeof id === "string" || typeof id === "number")
                events.asked(id, method, params);
            else
                events.notified(method, params);
            return;
        }
        if (typeof id !== "number")
            return;
        const waiting = this.#waiting.get(id);
        this.#waiting.delete(id);
        if (waiting === undefined)
            return;
        const { error } = message;
        if (error === undefined)
            return waiting.resolve(toObject(message["result"]));
        const { code, message: said } = toObject(error);
        waiting.reject(new ServerRefusal("the app-server refuses", Number(code), String(said)));
    }
}
