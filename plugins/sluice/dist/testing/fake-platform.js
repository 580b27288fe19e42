/**
 * A platform's half of the wire, on loopback: what a test's channel talks to in place of the real one.
 *
 * Owns: the port, the requests that came, and how the way breaks. Never: knows a platform; its answers are the test's.
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";
export class FakePlatform {
    /** `http://127.0.0.1:<port>`: what the channel takes for the platform. */
    root;
    /** All that came, refused ones too, oldest first. */
    requests = [];
    #server;
    #answer;
    #sockets;
    #armed = [];
    #mistake;
    constructor(server, answer, sockets) {
        this.#server = server;
        this.#answer = answer;
        this.#sockets = sockets;
        this.root = `http://127.0.0.1:${server.address().port}`;
        server.on("request", (request, response) => {
            this.#serve(request, response).catch((thrown) => {
                // A mistake in the test's own answers, which no channel must take for a fault of the platform.
                this.#mistake ??= thrown;
                response.destroy();
            });
        });
    }
    static async open(answer) {
        const server = createServer();
        const sockets = new Set();
        server.on("connection", (socket) => {
            sockets.add(socket);
            socket.once("close", () => sockets.delete(socket));
        });
        await new Promise((done) => server.listen(0, "127.0.0.1", done));
        return new FakePlatform(server, answer, sockets);
    }
    /** How many connections are open. */
    get openCount() {
        return this.#sockets.size;
    }
    /** The next requests that fit fare so, in the order of these calls. */
    fail(fault, requests = 1, fits = () => true) {
        for (let i = 0; i < requests; i++)
            this.#armed.push({ fault, fits });
    }
    /** Breaks what is open, and goes on listening. */
    cut() {
        for (const socket of this.#sockets)
            socket.destroy();
    }
    /** Goes away: nobody listens at its address any more. @throws what an answer of the test's threw. */
    async close() {
        if (this.#server.listening) {
            const closed = new Promise((done) => this.#server.close(done));
            this.cut();
            await closed;
        }
        const mistake = this.#mistake;
        this.#mistake = undefined;
        if (mistake !== undefined)
            throw mistake;
    }
    [Symbol.asyncDispose]() {
        return this.close();
    }
    #takeFault({ method = "", url = "/" }) {
        const [path = ""] = url.split("?");
        const armed = this.#armed.find(({ fits }) => fits({ method, path }));
        this.#armed = this.#armed.filter((one) => one !== armed);
        return armed?.fault;
    }
    async #serve(incoming, response) {
        const fault = this.#takeFault(incoming);
        if (fault?.kind === "reset")
            return void response.destroy();
        const request = await readRequest(incoming);
        if (request === undefined)
            return;
        this.requests.push(request);
        if (fault?.kind === "status") {
            const { status, retryAfterSeconds: seconds } = fault;
            response.writeHead(status, seconds === undefined ? {} : { "retry-after": String(seconds) });
            return void response.end();
        }
        const { status = 200, headers = {}, json, text } = await this.#answer(request);
        assert.ok(json === undefined || text === undefined, "an answer has json or text, not both");
        if (fault?.kind === "break")
            return void response.destroy();
        if (fault?.kind === "hang")
            return;
        const type = json === undefined ? {} : { "content-type": "application/json" };
        response.writeHead(status, { ...type, ...headers });
        response.end(json === undefined ? text : JSON.stringify(json));
    }
}
/** Undefined where the sender left in the middle of it. */
async function readRequest(incoming) {
    const chunks = [];
    try {
        for await (const chunk of incoming)
            chunks.push(chunk);
    }
    catch {
        return undefined;
    }
    const { pathname, searchParams } = new URL(`http://fake${incoming.url}`);
    const body = Buffer.concat(chunks);
    return {
        method: incoming.method ?? "",
        path: pathname,
        query: searchParams,
        headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
        body,
        json: () => JSON.parse(body.toString("utf8")),
    };
}
