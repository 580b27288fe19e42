/**
 * `GET /out/<channel>`: a channel's replies as server-sent events, for the holder of its listen token.
 *
 * Owns: the token's check, resuming, heartbeats, and cutting off a listener that does not read. Never: which replies there are.
 * A token counts as long as its channel has it: once it is revoked, its open streams end as well.
 * Format: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { toMessage } from "../sdk/errors.js";
import { NOT_FOUND, sendAnswer, toError, toOnly, UNAUTHORIZED } from "./answer.js";
const HEARTBEAT_MS = 15_000;
/** What a listener may leave unread before it is cut off; it resumes by its last id. */
const MAX_UNREAD_BYTES = 256 * 1024;
const MAX_STALL_MS = 30_000;
const MAX_STREAMS = 64;
const HEADERS = [
    ["Content-Type", "text/event-stream"],
    ["Cache-Control", "no-store"],
    ["X-Content-Type-Options", "nosniff"],
    // Nginx would hold events back until its buffer is full.
    ["X-Accel-Buffering", "no"],
].flat();
export function openStreamer(options, { heartbeatMs } = { heartbeatMs: HEARTBEAT_MS }) {
    // Compared where there is no token, so that the answer takes as long.
    const noToken = randomBytes(32).toString("base64url");
    let streams = 0;
    return async ({ name, path }, env) => {
        const { incoming, outgoing } = env;
        if (incoming.method !== "GET")
            return sendAnswer(incoming, outgoing, toOnly("GET"));
        if (name === "" || path !== "")
            return sendAnswer(incoming, outgoing, NOT_FOUND);
        const channel = options.channels.get(name);
        const token = channel?.listenToken;
        const isRight = isBearer(incoming, token?.reveal() ?? noToken);
        if (channel === undefined || token === undefined || !isRight) {
            options.count(channel?.name ?? "-", "bad_listen_token");
            return sendAnswer(incoming, outgoing, UNAUTHORIZED);
        }
        if (streams >= MAX_STREAMS) {
            options.count(name, "too_many_streams");
            return sendAnswer(incoming, outgoing, toError(503, "rate_limited", { retryAfterMs: 5000 }));
        }
        const afterId = readLastId(incoming);
        if (afterId === undefined) {
            return sendAnswer(incoming, outgoing, toError(400, "bad_input", { reason: "last-event-id must be a number" }));
        }
        env.proven();
        streams++;
        try {
            const held = token.reveal();
            await pump({ replies: options.replies, heartbeatMs }, name, afterId, env, () => options.channels.get(name)?.listenToken?.reveal() === held);
        }
        catch (error) {
            options.log.warn({ channel: name, error: toMessage(error) }, "ingress: a reply stream broke off; its listener resumes");
            outgoing.destroy();
        }
        finally {
            streams--;
        }
    };
}
/** Writes what a channel replies until the listener goes, the port closes, or its token is no longer held. */
async function pump({ replies, heartbeatMs }, name, afterId, { outgoing, closing }, isHeld) {
    const gone = new AbortController();
    outgoing.once("close", () => gone.abort());
    const signal = AbortSignal.any([gone.signal, closing]);
    outgoing.writeHead(200, HEADERS);
    outgoing.write("retry: 2000\n\n");
    const heartbeat = setInterval(() => {
        if (!isHeld())
            gone.abort();
        else if (!outgoing.writableNeedDrain)
            outgoing.write(": still here\n\n");
    }, heartbeatMs);
    try {
        for await (const { id, data } of replies(name, afterId, signal)) {
            if (signal.aborted || !isHeld())
                break;
            // JSON.stringify escapes line breaks, so one `data:` line holds it all.
            const isFlushed = outgoing.write(`id: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
            if (!isFlushed && !(await isDrained(outgoing, signal)))
                break;
        }
    }
    finally {
        clearInterval(heartbeat);
    }
    // A polite end when the listener closes; a listener that does not read would hold even that up.
    if (outgoing.writableNeedDrain)
        outgoing.destroy();
    else
        outgoing.end();
}
/** Waits for a slow reader, within bounds; false once it is to be cut off, or gone. */
async function isDrained(outgoing, signal) {
    if (outgoing.writableLength > MAX_UNREAD_BYTES)
        return false;
    try {
        await once(outgoing, "drain", {
            signal: AbortSignal.any([signal, AbortSignal.timeout(MAX_STALL_MS)]),
        });
        return true;
    }
    catch {
        return false; // Aborted or timed out, or the socket broke: each ends the stream.
    }
}
/** Digests are compared: they are of one length whatever was sent. */
function isBearer(incoming, token) {
    const values = incoming.headersDistinct["authorization"] ?? [];
    const sent = /^Bearer +(\S+)$/i.exec(values[0] ?? "")?.[1] ?? "";
    const isEqual = timingSafeEqual(toDigest(sent), toDigest(token));
    return isEqual && values.length === 1;
}
function toDigest(text) {
    return createHash("sha256").update(text).digest();
}
/** Without one: from the oldest reply that is kept. */
function readLastId(incoming) {
    const values = incoming.headersDistinct["last-event-id"] ?? [];
    if (values.length === 0)
        return 0;
    return values.length === 1 && /^\d{1,15}$/.test(values[0] ?? "") ? Number(values[0]) : undefined;
}
