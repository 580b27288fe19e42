import { SluiceError } from "../../sdk/errors.js";
import { connect } from "../../sdk/net/connect.js";
/** The start of a session in many large servers. */
const MAX_BYTES = 64 * 1024 ** 2;
/** @throws SluiceError `unsupported` where the package was left out when Sluice was installed. */
export async function loadWebSocket() {
    try {
        // Its default: what the plugin carries of a package that is loaded late (plugins/build.ts).
        return (await import("../../vendor/ws.js")).default;
    }
    catch (cause) {
        throw new SluiceError("unsupported", 'discord needs the optional package "ws", which is not installed; run: npm install -g sluice --include=optional (or npm install ws, where Sluice is installed in a project)', { cause });
    }
}
/**
 * A socket whose other side has yet to answer the upgrade.
 * @throws SluiceError `send_failed`, retryable, where no connection stands within `connectMs`; what `loadWebSocket` throws.
 */
export async function openSocket(url, { connectMs, signal }) {
    const WebSocketOfPackage = await loadWebSocket();
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
        return new WebSocketOfPackage(url.href, {
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
