/**
 * The ingress port: a node server with limits that hold against slow, huge, ambiguous and too many requests.
 *
 * Owns: the socket, TLS, timeouts, connections, and refusing ambiguous requests that node lets pass (two Hosts, absolute targets, silently
 * dropped headers). Never: routes or answers of the app.
 *
 * LISTENER-1 Connections are capped. At the cap the oldest idle one that has proved nothing is closed, so that idle ones cannot keep the
 *    next honest sender out; then the oldest idle one, then the oldest that has proved nothing. A verified request is never broken off.
 */
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { SluiceError } from "../sdk/errors.js";
import { sendAnswer, toError } from "./answer.js";
import { readPortHolder } from "./port-holder.js";
/** Node's own defaults are 60 s, 300 s, a check every 30 s, and no cap on connections. */
export const LISTENER_LIMITS = Object.freeze({
    headersTimeoutMs: 5000,
    requestTimeoutMs: 15_000,
    keepAliveTimeoutMs: 5000,
    checkIntervalMs: 1000,
    maxConnections: 512,
});
const MAX_HEADERS = 100;
const MAX_HEADER_BYTES = 16 * 1024;
const HANDSHAKE_TIMEOUT_MS = 5000;
const CLOSING_RETRY_MS = 5000;
const IDLE_SWEEP_MS = 50;
/** @throws SluiceError `port_taken`, with the holder's name where it can be found; `bad_config` for what cannot be bound or read. */
export async function listenIngress(app, options) {
    const limits = { ...LISTENER_LIMITS, ...options.limits };
    const closing = new AbortController();
    const connections = new Connections(limits.maxConnections, options.crowdedOut);
    const server = openServer(options, limits);
    server.maxHeadersCount = MAX_HEADERS + 1; // One more than allowed, or node would hide that there were more.
    const condemned = new WeakSet();
    const onRequest = (incoming, outgoing) => {
        // Bytes behind an ambiguous request may be its body: node parses them before the connection is down.
        if (condemned.has(incoming.socket))
            return;
        if (closing.signal.aborted) {
            outgoing.shouldKeepAlive = false;
            return sendAnswer(incoming, outgoing, toError(503, "hub_stopping", { retryAfterMs: CLOSING_RETRY_MS }));
        }
        const headers = readHeaders(incoming);
        const flaw = findFlaw(incoming, headers);
        if (flaw !== undefined) {
            // Two readers of an ambiguous request may disagree where the next one begins: this connection has no next one.
            condemned.add(incoming.socket);
            outgoing.shouldKeepAlive = false;
            return sendAnswer(incoming, outgoing, toError(400, "bad_input", { reason: flaw }));
        }
        const { socket } = incoming;
        connections.use(socket, outgoing);
        const proven = () => connections.keep(socket);
        app({ incoming, outgoing, headers, proven, closing: closing.signal });
    };
    server.on("request", onRequest);
    // Without this node would invite every body; the app does so once it wants one.
    server.on("checkContinue", onRequest);
    server.on("connection", (socket) => connections.add(socket));
    await bind(server, options.host ?? "127.0.0.1", options.port);
    // A connection that broke before it was accepted (accept(2) then gives that network's error): it is gone, and the port listens on.
    server.on("error", () => { });
    // A server that listens on a TCP port has an AddressInfo.
    const { port } = server.address();
    return {
        port,
        async close(graceMs) {
            closing.abort();
            const closed = new Promise((resolve) => server.close(() => resolve()));
            const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
            const cut = setTimeout(() => connections.destroyAll(), graceMs);
            await closed;
            clearInterval(sweep);
            clearTimeout(cut);
        },
    };
}
function openServer({ tls, clientCa }, limits) {
    if (clientCa !== undefined && tls === undefined) {
        throw new SluiceError("bad_config", "client certificates need TLS; give a certificate and a key as well");
    }
    const options = {
        headersTimeout: limits.headersTimeoutMs,
        requestTimeout: limits.requestTimeoutMs,
        keepAliveTimeout: limits.keepAliveTimeoutMs,
        connectionsCheckingInterval: limits.checkIntervalMs,
        maxHeaderSize: MAX_HEADER_BYTES,
        insecureHTTPParser: false, // Whatever NODE_OPTIONS say.
    };
    if (tls === undefined)
        return createServer(options);
    const trust = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
    try {
        return createTlsServer({
            ...options,
            ...tls,
            ...trust,
            minVersion: "TLSv1.2",
            handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
        });
    }
    catch (cause) {
        throw new SluiceError("bad_config", "the TLS certificate, key or client CA cannot be read; give PEM files that belong together", { cause });
    }
}
/** A name or an address, and a port (RFC 3986, 3.2.2). */
const HOST = /^(?:\[[0-9a-f:.]+\]|[\w.~!$&'()*+,;=%-]+)(?::\d{0,5})?$/i;
/**
 * Reads them once. Node has joined them already, and has dropped some that came twice: where there are as many names as headers, none
 * came twice, and nothing was joined or dropped. Only else are they taken apart anew, which costs as much as a request's proof.
 */
function readHeaders(incoming) {
    const { headers, rawHeaders } = incoming;
    let names = 0;
    for (const _name in headers)
        names++;
    // Node gives set-cookie as a list, even of one.
    if (2 * names === rawHeaders.length && headers["set-cookie"] === undefined) {
        Object.setPrototypeOf(headers, null);
        const single = headers; // Only set-cookie is ever a list.
        return { all: single, single };
    }
    const all = incoming.headersDistinct;
    const single = Object.create(null);
    for (const name in all) {
        const [value, ...more] = all[name] ?? [];
        if (value !== undefined && more.length === 0)
            single[name] = value;
    }
    return { all, single };
}
/** Why a request is refused unread with 400, or undefined. Depends on no channel, so the answer tells nothing. */
function findFlaw(incoming, { all, single }) {
    // Checked before any other header: node keeps the first ones and drops the rest without a word.
    if (incoming.rawHeaders.length > 2 * MAX_HEADERS)
        return `more than ${MAX_HEADERS} headers`;
    const { host } = single;
    // HTTP/1.0 knows none (RFC 9112, 3.2).
    const mayLack = incoming.httpVersion === "1.0" && all["host"] === undefined;
    if (host === undefined && !mayLack)
        return "the header host must be there once";
    if (host !== undefined && !HOST.test(host))
        return "the header host is no name and no address";
    if (all["content-type"] !== undefined && single["content-type"] === undefined)
        return "the header content-type is repeated";
    const coding = incoming.headers["transfer-encoding"];
    // Node's parser refuses both of these today; a proxy in front may have read the body the other way.
    if (coding !== undefined && all["content-length"] !== undefined)
        return "the length is given twice";
    if (coding !== undefined && coding.toLowerCase() !== "chunked")
        return "the transfer coding is not chunked";
    return isPlainTarget(incoming.url ?? "") ? undefined : "the request target is not a plain path";
}
/** Origin-form (RFC 9112, 3.2.1) in printable ASCII, without a fragment, a backslash or dot segments. */
function isPlainTarget(url) {
    return /^\/[\x21\x22\x24-\x5b\x5d-\x7e]*$/.test(url) && !/\/(?:\.|%2e){1,2}(?:[/?]|$)/i.test(url);
}
async function bind(server, host, port) {
    try {
        await new Promise((resolve, reject) => {
            server.once("error", reject);
            server.listen({ host, port }, () => {
                server.off("error", reject);
                resolve();
            });
        });
    }
    catch (cause) {
        throw await toBindError(host, port, cause);
    }
}
async function toBindError(host, port, cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    if (code !== "EADDRINUSE") {
        return new SluiceError("bad_config", `ingress cannot listen on ${host}:${port} (${code}); choose another address or port`, { cause });
    }
    const holder = await readPortHolder(port);
    const by = holder === undefined ? "another program" : `${holder.command} (pid ${holder.pid})`;
    return new SluiceError("port_taken", `ingress port ${port} is held by ${by}; end that program, or take another port: sluice up --port <n>`, { cause });
}
/** The open connections, oldest first (LISTENER-1). */
class Connections {
    #maxConnections;
    #open = new Map();
    /** By the sockets of requests: a connection brings many. */
    #bySocket = new WeakMap();
    #crowdedOut;
    constructor(maxConnections, crowdedOut) {
        this.#maxConnections = maxConnections;
        this.#crowdedOut = crowdedOut;
    }
    add(socket) {
        const end = toRemoteEnd(socket);
        const added = { end, socket, isProven: false, latest: undefined };
        // A new one is the newest, also where the system has given it an end whose close was not told yet.
        this.#open.delete(end);
        this.#open.set(end, added);
        socket.once("close", () => this.#forget(added));
        if (this.#open.size <= this.#maxConnections)
            return;
        const chosen = this.#chooseToClose(added);
        this.#forget(chosen);
        chosen.socket.destroy();
        this.#crowdedOut?.();
    }
    /** LISTENER-1. The newest itself where all the others are needed. */
    #chooseToClose(newest) {
        let idle;
        let unproven;
        for (const one of this.#open.values()) {
            if (one === newest)
                continue;
            const isIdle = !isBusy(one);
            if (isIdle && !one.isProven)
                return one;
            if (isIdle)
                idle ??= one;
            if (!one.isProven)
                unproven ??= one;
        }
        return idle ?? unproven ?? newest;
    }
    use(socket, outgoing) {
        const connection = this.#find(socket);
        if (connection !== undefined)
            connection.latest = outgoing;
    }
    keep(socket) {
        const connection = this.#find(socket);
        if (connection !== undefined)
            connection.isProven = true;
    }
    destroyAll() {
        for (const { socket } of this.#open.values())
            socket.destroy();
    }
    #find(socket) {
        let found = this.#bySocket.get(socket);
        if (found !== undefined)
            return found;
        found = this.#open.get(toRemoteEnd(socket));
        if (found !== undefined)
            this.#bySocket.set(socket, found);
        return found;
    }
    #forget(connection) {
        // The system may have given the same port to a newer connection before this one's close was told.
        if (this.#open.get(connection.end) === connection)
            this.#open.delete(connection.end);
    }
}
/** A request of it is being answered. */
function isBusy({ latest }) {
    return latest !== undefined && !latest.writableFinished && !latest.destroyed;
}
function toRemoteEnd({ remoteAddress, remotePort }) {
    return `${remoteAddress} ${remotePort}`;
}
