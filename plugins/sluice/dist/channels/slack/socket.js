/**
 * One WebSocket of Socket Mode.
 *
 * Owns: its frames, and noticing that it is dead. Never: what a frame means (socket-mode.ts).
 *
 * SLACKSOCKET-1 The connection is made by the house's own (proxies, certificates), and the address that Slack hands out is used once: the
 *    ticket in it is a credential, and stands in no message.
 * SLACKSOCKET-2 A socket on which nothing has come for `deadMs`, no answer to a ping either, is dead: a computer that slept has many such.
 */
import { WebSocket } from "../../vendor/ws.js";
import { SluiceError } from "../../sdk/errors.js";
import { parseJson } from "../../sdk/json.js";
import { connect } from "../../sdk/net/connect.js";
const MAX_FRAME_BYTES = 16 * 1024 * 1024;
/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const NORMAL = 1_000;
export class SlackSocket {
    #socket;
    #options;
    #heardAt;
    #isOver = false;
    #cancelBeat;
    constructor(socket, options) {
        this.#socket = socket;
        this.#options = options;
        this.#heardAt = options.clock.now();
        socket.on("message", (data) => {
            this.#heard();
            const parsed = parseJson(toText(data));
            if (!this.#isOver && parsed.kind === "ok")
                options.frame(parsed.value);
        });
        socket.on("ping", () => this.#heard());
        socket.on("pong", () => this.#heard());
        // It has no listener otherwise, and ends the process.
        socket.on("error", () => this.#end("the connection broke"));
        socket.on("close", (code) => this.#end(`the connection was closed (${code})`));
        options.signal.addEventListener("abort", this.#stop);
        this.#beat();
    }
    /** @throws SluiceError `send_failed`, retryable. */
    static async open(address, options) {
        const { timings, signal } = options;
        const url = toUrl(address);
        const over = new AbortController();
        const late = AbortSignal.any([over.signal, signal, AbortSignal.timeout(timings.helloMs)]);
        const target = new URL(url.href.replace(/^ws/, "http"));
        try {
            const { socket: wire, relay } = await connect(target, {
                signal: late,
                waits: () => undefined,
            });
            if (relay !== undefined) {
                wire.destroy();
                throw toFault("a proxy leads there that passes only requests on");
            }
            const socket = new WebSocket(url, {
                createConnection: () => wire,
                perMessageDeflate: false,
                maxPayload: MAX_FRAME_BYTES,
                handshakeTimeout: timings.helloMs,
                followRedirects: false,
            });
            // Before it stands: the hello may come in the same packet.
            const made = new SlackSocket(socket, options);
            await new Promise((resolve, reject) => {
                socket.once("open", resolve);
                socket.once("close", () => reject(toFault("the connection was not taken")));
                late.addEventListener("abort", () => reject(toFault("no connection in time")));
            }).catch((thrown) => {
                made.#drop();
                throw thrown;
            });
            return made;
        }
        catch (thrown) {
            // SLACKSOCKET-1: the fault of a layer below may quote the address.
            throw thrown instanceof SluiceError ? thrown : toFault("no connection");
        }
        finally {
            over.abort();
        }
    }
    get isOpen() {
        return !this.#isOver && this.#socket.readyState === WebSocket.OPEN;
    }
    /** False where it cannot leave. */
    send(frame) {
        if (!this.isOpen)
            return false;
        this.#socket.send(JSON.stringify(frame));
        return true;
    }
    /** Says goodbye; what was sent before arrives. */
    close() {
        this.#quit();
        this.#socket.close(NORMAL);
        // Slack may never answer the goodbye.
        this.#options.clock.after(1_000, () => this.#socket.terminate());
    }
    #drop() {
        this.#quit();
        this.#socket.terminate();
    }
    #quit() {
        this.#isOver = true;
        this.#cancelBeat?.();
        this.#options.signal.removeEventListener("abort", this.#stop);
    }
    #stop = () => this.close();
    #end(reason) {
        if (this.#isOver)
            return;
        this.#drop();
        this.#options.over(reason);
    }
    #heard() {
        this.#heardAt = this.#options.clock.now();
    }
    /** SLACKSOCKET-2 */
    #beat() {
        const { clock, timings } = this.#options;
        this.#cancelBeat = clock.after(timings.pingMs, () => {
            const silentMs = clock.now() - this.#heardAt;
            if (silentMs > timings.deadMs)
                return this.#end(`nothing came for ${Math.round(silentMs / 1_000)} s`);
            if (this.isOpen)
                this.#socket.ping();
            this.#beat();
        });
    }
}
function toUrl(address) {
    if (!URL.canParse(address))
        throw toFault("Slack named an address that is none");
    const url = new URL(address);
    if (url.protocol !== "wss:" && !isLoopback(url))
        throw toFault("Slack named an address without TLS");
    return url;
}
function isLoopback({ protocol, hostname }) {
    return protocol === "ws:" && /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname);
}
function toText(data) {
    if (Array.isArray(data))
        return Buffer.concat(data);
    return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
function toFault(why) {
    return new SluiceError("send_failed", `slack: Socket Mode: ${why}`, { retryable: true });
}
