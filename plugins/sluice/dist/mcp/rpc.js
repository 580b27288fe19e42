import { toMessage } from "../sdk/errors.js";
import { EventFault, isFields, LEGACY_VERSIONS, META_CAPABILITIES, META_VERSION, MODERN_VERSION, SUBSCRIPTION_ID, } from "./protocol.js";
/** Methods of the generation with a handshake alone. */
const LEGACY_ONLY = new Set(["initialize", "ping"]);
const MODERN_ONLY = new Set(["server/discover"]);
/** Answers one message, whole. Never rejects. */
export async function answerMessage(options, request) {
    const { message, headers, client } = request;
    if (!isFields(message) || message["jsonrpc"] !== "2.0")
        return sendFault(request, 400, null, toFault("invalidRequest", "one JSON-RPC message expected"));
    const { id, method, params = {} } = message;
    // Answers are to nothing that we ask; of notifications none asks for anything over HTTP.
    if (typeof method !== "string" || id === undefined)
        return accept(request);
    if (typeof id !== "string" && !(typeof id === "number" && Number.isFinite(id)))
        return sendFault(request, 400, null, toFault("invalidRequest", "id: a string or a number"));
    if (!isFields(params))
        return sendFault(request, 400, id, toFault("invalidRequest", "params: an object"));
    const era = toEra(method, params, headers);
    if (era instanceof EventFault)
        return sendFault(request, 400, id, era);
    const excluded = era === "modern" ? LEGACY_ONLY : MODERN_ONLY;
    const find = excluded.has(method) ? undefined : options.server.find(method);
    if (find === undefined) {
        const status = era === "modern" ? 404 : 200;
        return sendFault(request, status, id, toFault("noMethod", "Method not found"));
    }
    let answer;
    try {
        answer = await find({ client, params, id });
    }
    catch (thrown) {
        return sendFault(request, 200, id, toKnown(options, method, thrown));
    }
    if (answer.kind === "result")
        return sendMessage(request, 200, { id, result: answer.result });
    await runStream(options, request, id, answer.run);
}
function toFault(code, message, data) {
    return new EventFault(code, message, data);
}
/** RPC-2 */
function toKnown({ log }, method, thrown) {
    if (thrown instanceof EventFault)
        return thrown;
    log.error({ method, error: toMessage(thrown) }, "a client of MCP Events could not be answered");
    return toFault("internal", "Sluice could not answer; its log says why");
}
/** Which generation a request is of, or why it is of none (RPC-1). */
function toEra(method, params, headers) {
    const meta = isFields(params["_meta"]) ? params["_meta"] : {};
    const claimed = meta[META_VERSION];
    const said = headers?.["mcp-protocol-version"];
    const isModern = claimed !== undefined || said === MODERN_VERSION || method === "server/discover";
    if (!isModern) {
        const isKnown = said === undefined || LEGACY_VERSIONS.includes(String(said));
        return isKnown || method === "initialize" ? "legacy" : toUnsupported(String(said));
    }
    if (typeof claimed !== "string" || !isFields(meta[META_CAPABILITIES]))
        return toFault("invalidParams", `params._meta: "${META_VERSION}" and "${META_CAPABILITIES}" are needed in each request`);
    if (headers !== undefined) {
        if (said !== claimed)
            return toFault("headerMismatch", `the header MCP-Protocol-Version must be there and say "${META_VERSION}" of the body`);
        if (claimed === MODERN_VERSION && headers["mcp-method"] !== method)
            return toFault("headerMismatch", "the header Mcp-Method must be there and say the method");
    }
    if (claimed === MODERN_VERSION)
        return "modern";
    return toUnsupported(claimed);
}
function toUnsupported(requested) {
    return toFault("unsupportedVersion", "Unsupported protocol version", {
        supported: [MODERN_VERSION],
        requested: requested.slice(0, 64),
    });
}
async function runStream({ log, closing }, { outgoing }, id, run) {
    const gone = new AbortController();
    outgoing.once("close", () => gone.abort());
    if (outgoing.closed)
        gone.abort();
    openFrames(outgoing);
    const send = (message) => writeFrame(outgoing, message);
    try {
        await run({ send, signal: AbortSignal.any([gone.signal, closing]) });
        if (!gone.signal.aborted)
            await send({
                jsonrpc: "2.0",
                id,
                result: { resultType: "complete", _meta: { [SUBSCRIPTION_ID]: id } },
            });
    }
    catch (thrown) {
        // The client left while something was written to it: nobody is there who could be told.
        if (!gone.signal.aborted)
            log.error({ error: toMessage(thrown) }, "a stream of MCP Events ended by a fault");
    }
    finally {
        outgoing.end();
    }
}
function accept({ outgoing, headers }) {
    outgoing.writeHead(headers === undefined ? 200 : 202, {
        ...(headers === undefined ? { "content-type": "text/event-stream" } : {}),
        "content-length": "0",
    });
    outgoing.end();
}
function sendFault(request, status, id, fault) {
    sendMessage(request, status, { id, error: fault.toError() });
}
function sendMessage({ outgoing, headers }, status, rest) {
    const message = { jsonrpc: "2.0", ...rest };
    if (headers === undefined) {
        openFrames(outgoing);
        outgoing.end(toFrame(message));
        return;
    }
    const body = Buffer.from(JSON.stringify(message));
    outgoing.writeHead(status, {
        "content-type": "application/json",
        "content-length": body.length,
        "cache-control": "no-store",
    });
    outgoing.end(body);
}
function openFrames(outgoing) {
    outgoing.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-store, no-transform",
    });
    outgoing.flushHeaders();
}
function toFrame(message) {
    return `event: message\ndata: ${JSON.stringify(message)}\n\n`;
}
/** Resolves once there is room for more (EVENTSTREAM-1). */
function writeFrame(outgoing, message) {
    return new Promise((resolve, reject) => {
        if (outgoing.destroyed || outgoing.writableEnded)
            return reject(new Error("the client has gone"));
        if (outgoing.write(toFrame(message)))
            return resolve();
        const end = () => {
            outgoing.off("drain", end);
            outgoing.off("close", end);
            if (outgoing.destroyed)
                reject(new Error("the client has gone"));
            else
                resolve();
        };
        outgoing.on("drain", end);
        outgoing.on("close", end);
    });
}
