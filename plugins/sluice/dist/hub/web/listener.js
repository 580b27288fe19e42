/**
 * The browser's port: a literal loopback address, never the ingress port, with its guard in front.
 *
 * Owns: the socket, limits of size and time, refusals before any route. Never: the answers to a page (app.ts).
 *
 * PAGEPORT-1 Only 127.0.0.1 is bound, by number: a name may stand for one address family only, and we never ask for another address.
 * PAGEPORT-2 If the port is taken, a free one is used: nobody outside knows the port, except a tunnel of the owner, who is then told
 *    (web.ts).
 */
import { createServer } from "node:http";
import { getRequestListener } from "../../vendor/hono-node-server.js";
import { readFileLimit, toConnectionCaps } from "../../local/file-limit.js";
import { SluiceError, toMessage } from "../../sdk/errors.js";
import { SECURITY_HEADERS, toMaxBytes } from "./app.js";
import { findRefusal } from "./guard.js";
const HOST = "127.0.0.1";
const DEFAULT_PORT = 8787;
export class WebListener {
    #log;
    #wanted;
    #readRemote;
    #maxConnections = toConnectionCaps(readFileLimit()).page;
    #view;
    #server;
    /** @throws SluiceError `bad_config` for a SLUICE_WEB_PORT that is none. */
    constructor(env, log, readRemote = () => undefined) {
        this.#log = log;
        this.#readRemote = readRemote;
        this.#wanted = readPort(env);
        this.#view = { state: "off", host: HOST, port: this.#wanted };
    }
    get view() {
        return this.#view;
    }
    /** The port that was wanted is another program's, which a tunnel may still lead to. */
    get hasMoved() {
        return this.#view.state === "up" && this.#wanted !== 0 && this.#view.port !== this.#wanted;
    }
    get url() {
        return `http://${HOST}:${this.#view.port}`;
    }
    /** A fault is kept in the view, not thrown: the hub works without a page. */
    async open(app) {
        const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
        const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 120_000 });
        server.maxConnections = this.#maxConnections;
        server.on("request", (incoming, outgoing) => {
            if (this.#refuse(incoming, outgoing))
                return;
            void listener(incoming, outgoing);
        });
        try {
            await listen(server, this.#wanted).catch(async (thrown) => {
                this.#log.warn({ port: this.#wanted, reason: toMessage(thrown) }, "the page takes another port");
                await listen(server, 0);
            });
            // A server that listens on a TCP port has an AddressInfo.
            const { port } = server.address();
            this.#server = server;
            this.#view = { state: "up", host: HOST, port };
        }
        catch (thrown) {
            this.#view = { ...this.#view, state: "down", reason: toMessage(thrown) };
            this.#log.error({ reason: toMessage(thrown) }, "the page is down");
        }
    }
    async close() {
        const server = this.#server;
        if (server === undefined)
            return;
        this.#server = undefined;
        const closed = new Promise((resolve) => server.close(() => resolve()));
        server.closeAllConnections();
        await closed;
    }
    #refuse(incoming, outgoing) {
        for (const [name, value] of Object.entries(SECURITY_HEADERS))
            outgoing.setHeader(name, value);
        const refusal = findRefusal(incoming, this.#view.port, this.#readRemote());
        if (refusal !== undefined)
            return end(outgoing, refusal.status, refusal.reason);
        const length = Number(incoming.headers["content-length"] ?? Number.NaN);
        const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
        // Every client of this page says how long its body is; node holds it to that.
        if (hasBody && !Number.isSafeInteger(length))
            return end(outgoing, 411, "length");
        if (hasBody && length > toMaxBytes(incoming.url ?? ""))
            return end(outgoing, 413, "length");
        return false;
    }
}
function end(outgoing, status, reason) {
    outgoing.writeHead(status, { "Content-Type": "application/json", Connection: "close" });
    outgoing.end(JSON.stringify({
        error: { code: "bad_input", message: `refused: ${reason}`, retryable: false },
    }));
    return true;
}
function listen(server, port) {
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen({ host: HOST, port }, () => {
            server.off("error", reject);
            resolve();
        });
    });
}
function readPort(env) {
    const wanted = env["SLUICE_WEB_PORT"];
    if (wanted === undefined || wanted === "")
        return DEFAULT_PORT;
    const port = Number(wanted);
    if (!Number.isSafeInteger(port) || port < 0 || port > 65_535) {
        throw new SluiceError("bad_config", `SLUICE_WEB_PORT is "${wanted}"; give a port from 0 to 65535`);
    }
    return port;
}
