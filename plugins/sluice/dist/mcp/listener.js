/**
 * The port for MCP clients: a literal loopback address, one path, a bearer token in each request.
 *
 * Owns: the socket, its limits, and every refusal before a message is read. Never: the answers (rpc.ts).
 *
 * EVENTSPORT-1 Only 127.0.0.1 is bound. A request under another name, or of a web page, is refused: a page whose name an attacker's DNS
 *    points here would otherwise speak as a program of this machine.
 * EVENTSPORT-2 A request without the token of a client gets one 401, whatever is wrong with it, and its body is not read.
 */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { CODES } from "./protocol.js";
import { answerMessage } from "./rpc.js";
const HOST = "127.0.0.1";
export const EVENTS_PATH = "/mcp";
const MAX_BODY_BYTES = 256 * 1024;
const MAX_CONNECTIONS = 256;
/** The hash under which a token is kept. */
export function hashToken(token) {
    return createHash("sha256").update(token).digest("hex");
}
/** Rejects where the port cannot be had. */
export async function listenEvents(options) {
    const server = createServer({
        maxHeaderSize: 16 * 1024,
        headersTimeout: 5_000,
        requestTimeout: 15_000,
        connectionsCheckingInterval: 1_000,
    });
    server.maxConnections = MAX_CONNECTIONS;
    let port = 0;
    server.on("request", (incoming, outgoing) => {
        void answer(options, port, incoming, outgoing);
    });
    await listen(server, options.port);
    // A server that listens on a TCP port has an AddressInfo.
    ({ port } = server.address());
    return {
        port,
        async close() {
            const closed = new Promise((resolve) => server.close(() => resolve()));
            server.closeIdleConnections();
            // Streams end by themselves when the hub stops; who does not read their end is not waited for.
            const cut = setTimeout(() => server.closeAllConnections(), 1_000);
            await closed;
            clearTimeout(cut);
        },
    };
}
async function answer(options, port, incoming, outgoing) {
    outgoing.on("error", () => {
        // The client has gone; whoever writes to it hears of the close.
    });
    const refusal = findRefusal(incoming, port);
    if (refusal !== undefined)
        return refuse(outgoing, ...refusal);
    const client = findCaller(options, incoming);
    // EVENTSPORT-2
    if (client === undefined)
        return refuse(outgoing, 401, "a bearer token of a client is needed", {
            "www-authenticate": 'Bearer realm="sluice"',
        });
    if (incoming.method !== "POST")
        return refuse(outgoing, 405, "only POST is answered here", { allow: "POST" });
    const type = (incoming.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase();
    if (type !== "application/json")
        return refuse(outgoing, 415, "content-type must be application/json");
    const body = await readMessage(incoming);
    if (body === undefined)
        return refuse(outgoing, 413, "the body is too large, or broke off");
    let message;
    try {
        message = JSON.parse(body.toString("utf8"));
    }
    catch {
        return refuse(outgoing, 400, "the body is not JSON", {}, CODES.parse);
    }
    await answerMessage(options, { client, message, headers: incoming.headers, outgoing });
}
/** EVENTSPORT-1 */
function findRefusal(incoming, port) {
    const hosts = incoming.headersDistinct["host"] ?? [];
    const names = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
    const [host = ""] = hosts;
    if (hosts.length !== 1 || !names.includes(host.toLowerCase()))
        return [403, "this port answers under this machine's own name alone"];
    const origins = incoming.headersDistinct["origin"] ?? [];
    if (origins.some((origin) => origin !== `http://${host}`))
        return [403, "no web page is answered here"];
    if ((incoming.url ?? "").split("?", 1)[0] !== EVENTS_PATH)
        return [404, "not here"];
    return undefined;
}
function findCaller({ findClient }, incoming) {
    const given = incoming.headersDistinct["authorization"] ?? [];
    const token = given.length === 1 ? /^Bearer +(\S{16,512}) *$/i.exec(given[0] ?? "")?.[1] : undefined;
    return token === undefined ? undefined : findClient(hashToken(token));
}
/** Undefined where it is too large, or the client left. */
async function readMessage(incoming) {
    const chunks = [];
    let size = 0;
    try {
        for await (const chunk of incoming) {
            const bytes = chunk; // No encoding is set.
            size += bytes.length;
            if (size > MAX_BODY_BYTES)
                return undefined;
            chunks.push(bytes);
        }
    }
    catch {
        // It broke off: there is nobody to answer.
        return undefined;
    }
    return Buffer.concat(chunks);
}
function refuse(outgoing, status, message, headers = {}, code = CODES.invalidRequest) {
    const body = JSON.stringify({ jsonrpc: "2.0", id: null, error: { code, message } });
    outgoing.writeHead(status, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        connection: "close",
        ...headers,
    });
    outgoing.end(body);
}
function listen(server, port) {
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen({ host: HOST, port }, () => {
            server.off("error", reject);
            // Of a connection that broke before it was accepted: the port listens on.
            server.on("error", () => { });
            resolve();
        });
    });
}
