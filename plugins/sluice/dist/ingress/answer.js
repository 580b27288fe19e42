/**
 * One answer for a wrong signature, a stale one and an unknown channel: it tells none from another. Some clients send a password only when
 * they are asked for it (https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1).
 */
export const UNAUTHORIZED = Object.freeze({
    status: 401,
    body: '{"error":"unauthorized"}',
    headers: Object.freeze({ "WWW-Authenticate": 'Basic realm="sluice"' }),
});
export const NOT_FOUND = Object.freeze({
    status: 404,
    body: '{"error":"not_found"}',
});
/** A refused body up to this size is read and thrown away, so that the connection can serve the next request. */
const MAX_DRAIN_BYTES = 64 * 1024;
/** A larger one: how long the sender has to read the answer before the connection is cut, and how much is read meanwhile. */
const LINGER_MS = 250;
const MAX_LINGER_BYTES = 1024 * 1024;
const OF_NOTHING = ["Cache-Control", "no-store", "X-Content-Type-Options", "nosniff"];
const OF_JSON = [...OF_NOTHING, "Content-Type", "application/json"];
/** Set by ingress or node alone: a channel's answer must not end up as two of them, as a redirect, or readable to other pages. */
const OURS = /^(?:content-|transfer-encoding$|connection$|cache-control$|location$|set-cookie$|access-control-|x-content-type-options$)/i;
/** An error answer with the code that scripts match on and, for who has proved himself, the reason. */
export function toError(status, error, more = {}) {
    const { reason, retryAfterMs } = more;
    return {
        status,
        body: JSON.stringify({ error, ...(reason !== undefined && { reason }) }),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
}
/** Whoever opens the URL in a browser, or sends by another method, reads what is expected. */
export function toOnly(allow) {
    const reason = allow === "POST"
        ? "events come here by POST"
        : "replies are read here by GET, with the listen token";
    return { ...toError(405, "method_not_allowed", { reason }), allow };
}
export function sendAnswer(incoming, outgoing, answer) {
    // The sender may have gone, or node may have answered 408 itself.
    if (outgoing.headersSent || outgoing.destroyed)
        return;
    const body = answer.body ?? "";
    const headers = [
        // https://www.rfc-editor.org/rfc/rfc9110#section-8.6
        ...(answer.status === 204 ? [] : ["Content-Length", String(Buffer.byteLength(body))]),
        ...(body === "" || answer.type !== undefined ? OF_NOTHING : OF_JSON),
    ];
    if (body !== "" && answer.type !== undefined)
        headers.push("Content-Type", answer.type);
    for (const [name, value] of Object.entries(answer.headers ?? {}))
        if (/^[A-Za-z0-9-]+$/.test(name) && /^[\x20-\x7e]*$/.test(value) && !OURS.test(name))
            headers.push(name, value);
    if (answer.allow !== undefined)
        headers.push("Allow", answer.allow);
    if (answer.retryAfterMs !== undefined) {
        headers.push("Retry-After", String(Math.max(1, Math.ceil(answer.retryAfterMs / 1000))));
    }
    if (incoming.complete || unreadBytes(incoming) <= MAX_DRAIN_BYTES) {
        outgoing.writeHead(answer.status, headers).end(body); // Node reads and drops what is left.
        return;
    }
    headers.push("Connection", "close");
    outgoing.writeHead(answer.status, headers);
    if (body === "")
        outgoing.flushHeaders();
    else
        outgoing.write(body);
    endLater(incoming, outgoing);
}
/** What the headers say is still to come; they are all there is to go by before the first chunk. */
function unreadBytes({ headers }) {
    if (headers["transfer-encoding"] !== undefined)
        return Number.POSITIVE_INFINITY;
    return Number(headers["content-length"] ?? 0);
}
/**
 * Ends the response, and with it the connection, a moment after the answer is out.
 * Closing at once with bytes unread makes the kernel send a reset, and the sender would lose the answer.
 */
function endLater(incoming, outgoing) {
    let bytes = 0;
    const onData = (chunk) => {
        bytes += chunk.length;
        if (bytes > MAX_LINGER_BYTES)
            incoming.pause(); // The rest waits in the sender's kernel, not in our memory.
    };
    const timer = setTimeout(() => outgoing.end(), LINGER_MS);
    outgoing.once("close", () => clearTimeout(timer));
    incoming.on("data", onData).resume();
}
