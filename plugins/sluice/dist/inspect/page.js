/**
 * The inspector's page: a loopback port that shows what happens, and takes what a person asks.
 *
 * Owns: the port, who may ask, what goes over it. Never: how it looks (src/web/inspector).
 *
 * It can call the tools of a process, so it is as strict as the hub's page, with the hub's own guard (src/hub/web/guard.ts), and has no
 * cookie: nothing of a browser's own accord carries the right to ask.
 *
 * INSPECTPAGE-1 Only 127.0.0.1 is bound. A request whose Host, Origin or Sec-Fetch-Site is another's is refused before it is routed.
 * INSPECTPAGE-2 What happens and what can be done needs the token, in a header. It stands behind the # of the link, so no server, log or
 *    referrer sees it, and it ends with the process.
 * INSPECTPAGE-3 A reader that does not read is cut off before it costs memory.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { findRefusal } from "../hub/web/guard.js";
import { isSluiceError, SluiceError, toMessage } from "../sdk/errors.js";
import { doCommand, readPageCommand } from "./commands.js";
import { toLines } from "./lines.js";
const HOST = "127.0.0.1";
const MAX_BODY = 1_000_000;
const MAX_UNREAD = 8_000_000;
/** Of what was, so that a page that is opened late is not cut off by it. */
const MAX_ROWS_CHARS = 2_000_000;
const MAX_TOOLS = 100;
const MAX_TOOLS_CHARS = 2_000_000;
const MAX_STREAMS = 8;
const BEAT_MS = 1_000;
const TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
};
const HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
};
/** @throws SluiceError `port_taken`. */
export async function openPage({ inspector, port, fixtures }) {
    const token = randomBytes(32).toString("base64url");
    const assets = readAssets();
    const streams = new Set();
    const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 30_000 });
    server.maxConnections = 64;
    await listen(server, port);
    // A server that listens on a TCP port has an AddressInfo.
    const { port: bound } = server.address();
    server.on("request", (request, response) => {
        for (const [name, value] of Object.entries(HEADERS))
            response.setHeader(name, value);
        const refusal = findRefusal(request, bound); // INSPECTPAGE-1
        if (refusal !== undefined)
            return end(response, refusal.status, refusal.reason);
        const path = (request.url ?? "").split("?", 1)[0] ?? "";
        if (!path.startsWith("/v1/"))
            return serveAsset(assets, request, response, path);
        if (!hasToken(request, token))
            return end(response, 401, "the token is missing or wrong");
        if (path === "/v1/stream" && request.method === "GET")
            return openStream(inspector, streams, response);
        if (path === "/v1/do" && request.method === "POST")
            return void takeCommand(inspector, fixtures, request, response);
        return end(response, 404, "there is nothing here");
    });
    return {
        url: `http://${HOST}:${bound}/#${token}`,
        async close() {
            const closed = new Promise((resolve) => server.close(() => resolve()));
            server.closeAllConnections();
            await closed;
        },
    };
}
/** INSPECTPAGE-2. Compared by digest: neither length nor a common beginning shows in time. */
function hasToken({ headers }, token) {
    const digest = (text) => createHash("sha256").update(text).digest();
    return timingSafeEqual(digest(headers.authorization ?? ""), digest(`Bearer ${token}`));
}
function openStream(inspector, streams, response) {
    if (streams.size >= MAX_STREAMS)
        return end(response, 429, "too many pages are open");
    streams.add(response);
    response.writeHead(200, { "Content-Type": "application/x-ndjson" });
    const write = (line) => {
        if (response.writableLength > MAX_UNREAD)
            response.destroy(); // INSPECTPAGE-3
        else
            response.write(`${JSON.stringify(line)}\n`);
    };
    const { name, command, args } = inspector.options;
    let { tools } = inspector;
    let state = toStateKey(inspector);
    write({
        page: "hello",
        name,
        command: [command, ...args].join(" "),
        rows: toNewestRows(inspector.past),
        state: toState(inspector),
    });
    const stop = inspector.observe((happening) => {
        if (isShown(happening))
            write({ page: "row", row: toRow(happening) });
    });
    const timer = setInterval(() => {
        const now = toStateKey(inspector);
        if (now === state && tools === inspector.tools)
            return void response.write("\n");
        state = now;
        tools = inspector.tools;
        write({ page: "state", state: toState(inspector) });
    }, BEAT_MS);
    response.on("error", () => { });
    response.on("close", () => {
        stop();
        clearInterval(timer);
        streams.delete(response);
    });
}
/** The list of checks has a place of its own, and the page's address is known to who reads it. */
function isShown({ kind }) {
    return kind !== "why" && kind !== "page" && kind !== "tools";
}
function toRow(happening) {
    const { seq, at, kind } = happening;
    const event = kind === "event" || kind === "dropped" ? { event: happening.event } : {};
    return { seq, at, kind, ...event, lines: toLines(happening, true) };
}
function toNewestRows(past) {
    const rows = past.filter(isShown).map(toRow);
    const from = rows.length - countFitting(rows.toReversed(), MAX_ROWS_CHARS);
    return rows.slice(from);
}
function toState(inspector) {
    const { isRunning, tally, tools: all } = inspector;
    const first = all.slice(0, MAX_TOOLS);
    const tools = first.slice(0, countFitting(first, MAX_TOOLS_CHARS));
    const leftOut = all.length - tools.length;
    return { isRunning, tally, tools, leftOut, checks: inspector.why() };
}
/** All but the tools, which are a new list where they have changed. */
function toStateKey(inspector) {
    const { isRunning, tally } = inspector;
    return JSON.stringify([isRunning, tally, inspector.why()]);
}
/** How many of the first fit into so many characters. */
function countFitting(values, max) {
    let left = max;
    const over = values.findIndex((value) => (left -= JSON.stringify(value).length) < 0);
    return over === -1 ? values.length : over;
}
async function takeCommand(inspector, fixtures, request, response) {
    try {
        const command = readPageCommand(await readBody(request));
        const done = doCommand(inspector, command, fixtures);
        // A tool may take for ever; its result is told when it comes.
        if (command.do === "call" || command.do === "restart") {
            await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 200))]);
            done.catch((thrown) => inspector.tell({ kind: "notice", text: toMessage(thrown) }));
        }
        else
            await done;
        end(response, 200);
    }
    catch (thrown) {
        if (isSluiceError(thrown))
            end(response, 400, thrown.message);
        else
            end(response, 500, toMessage(thrown));
    }
}
async function readBody(request) {
    const chunks = [];
    let size = 0;
    for await (const chunk of request) {
        size += chunk.length;
        if (size > MAX_BODY)
            throw new SluiceError("too_large", `a body has ${MAX_BODY} bytes at most`);
        chunks.push(chunk);
    }
    try {
        return JSON.parse(Buffer.concat(chunks).toString("utf8"));
    }
    catch {
        throw new SluiceError("bad_input", "the body is no JSON");
    }
}
function end(response, status, message) {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(message === undefined ? {} : { message }));
}
/** Read once, by name: no path from a request reaches the file system. */
function readAssets() {
    // From dist/inspect and from src/inspect alike.
    const folder = fileURLToPath(new URL("../../dist/inspector-page/", import.meta.url));
    const assets = new Map();
    let names = [];
    try {
        names = readdirSync(folder);
    }
    catch {
        // A checkout that was not built: the page says so.
    }
    for (const name of names) {
        const type = TYPES[extname(name)];
        if (type === undefined)
            continue;
        assets.set(name === "index.html" ? "/" : `/${name}`, {
            type,
            bytes: readFileSync(`${folder}${name}`),
        });
    }
    return assets;
}
function serveAsset(assets, { method }, response, path) {
    const asset = assets.get(path);
    if (method !== "GET" && method !== "HEAD")
        return end(response, 405, "GET only");
    if (asset === undefined)
        return end(response, 404, assets.size === 0 ? "the page is not built: npm run build" : "there is nothing here");
    response.writeHead(200, { "Content-Type": asset.type });
    response.end(asset.bytes);
}
function listen(server, port) {
    return new Promise((resolve, reject) => {
        server.once("error", (error) => reject(new SluiceError("port_taken", `the page's port ${port} cannot be had (${error.message}); leave --port out for a free one`)));
        server.listen({ host: HOST, port }, resolve);
    });
}
