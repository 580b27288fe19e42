/**
 * A WebSocket over a connection of ours.
 *
 * Owns: going the way that all outgoing connections go (sdk/net/connect.ts: proxies, certificates). Never: knows what is said over it.
 */
import { WebSocket } from "../../vendor/ws.js";
import { SluiceError } from "../../sdk/errors.js";
import { connect } from "../../sdk/net/connect.js";
/** The start of a session in many large servers. */
const MAX_BYTES = 64 * 1024 ** 2;
/**
 * A socket whose other side has yet to answer the upgrade.
 * @throws SluiceError `send_failed`, retryable, where no connection stands within `connectMs`.
 */
export async function openSocket(url, { connectMs, signal }) {
    const target = new URL(url);
    target.protocol = url.protocol === "wss:" ? "https:" : "http:";
    const ended = AbortSignal.any([signal, AbortSignal.timeout(connectMs)]);
    let waitsFor = url.host;
    try {
        const { socket, relay } = await connect(target, {
            signal: ended,
            waits: (whom) => (waitsFor = whom === "" ? url.host : whom),
        });
        if (relay !== undefined) {
            socket.destroy();
            throw new SluiceError("bad_config", `a proxy carries no ws: to ${url.host}; use wss:`);
        }
        return new WebSocket(url.href, {
            createConnection: () => socket,
            handshakeTimeout: connectMs,
            perMessageDeflate: false,
            maxPayload: MAX_BYTES,
            followRedirects: false,
        });
    }
    catch (thrown) {
        if (thrown instanceof SluiceError)
            throw thrown;
        throw new SluiceError("send_failed", `no connection to ${waitsFor}`, { retryable: true });
    }
}
