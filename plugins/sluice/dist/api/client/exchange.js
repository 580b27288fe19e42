/**
 * One call of the hub over its Unix socket: a request, and the answer as it comes.
 *
 * Owns: the bytes of that call. Never: knows a route, or tries again.
 * It is spoken without node:http, which is a sixth of a command's start and a tenth of a shim's memory. As HTTP/1.0: there an answer has no
 * chunks, and ends with its connection (RFC 9112, 6.3).
 */
import { connect } from "node:net";
/** More than any head of the hub's: what says so much is none. */
const HEAD_MAX_CHARS = 64 * 1024;
/** Resolves with the head when the answer has ended. Rejects where no hub answers, or with what `signal` aborts with. */
export function exchange(call) {
    const { socket, signal, silenceMs, onText } = call;
    return new Promise((resolve, reject) => {
        if (signal?.aborted === true)
            return reject(toReason(signal));
        const connection = connect(socket);
        const stop = () => void connection.destroy(toReason(signal));
        signal?.addEventListener("abort", stop, { once: true });
        if (silenceMs !== undefined)
            connection.setTimeout(silenceMs, () => connection.destroy(new Error("no answer in time")));
        let head;
        let start = "";
        let bytes = 0;
        const take = (text, of) => {
            if (text !== "")
                onText(text, of);
            bytes += Buffer.byteLength(text);
            // Whole: whoever asked need not wait for the hub to close.
            if (bytes === of.length)
                connection.destroy();
        };
        connection.setEncoding("utf8");
        connection.on("data", (text) => {
            try {
                if (head !== undefined)
                    return take(text, head);
                start += text;
                const end = start.indexOf("\r\n\r\n");
                if (end === -1 && start.length <= HEAD_MAX_CHARS)
                    return;
                head = parseHead(start.slice(0, Math.max(0, end)));
                take(start.slice(end + 4), head);
            }
            catch (thrown) {
                connection.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
            }
        });
        connection.once("error", reject);
        connection.once("close", () => {
            signal?.removeEventListener("abort", stop);
            if (head === undefined)
                reject(new Error("the connection ended before an answer"));
            else
                resolve(head);
        });
        connection.write(toRequest(call));
    });
}
function toRequest({ method, path, body }) {
    const content = body === undefined
        ? ""
        : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
    return `${method} ${path} HTTP/1.0\r\nHost: localhost\r\n${content}\r\n${body ?? ""}`;
}
function parseHead(text) {
    const [, status] = /^HTTP\/1\.[01] (\d{3})(?: |\r|$)/.exec(text) ?? [];
    if (status === undefined)
        throw new Error("what answers there speaks no HTTP");
    const [, length] = /\r\ncontent-length: *(\d+) *(?:\r|$)/i.exec(text) ?? [];
    return { status: Number(status), length: length === undefined ? undefined : Number(length) };
}
function toReason(signal) {
    const reason = signal?.reason;
    return reason instanceof Error ? reason : new Error(String(reason));
}
