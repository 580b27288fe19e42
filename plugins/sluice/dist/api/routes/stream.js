import { RESPONSE_ALREADY_SENT } from "../../vendor/hono-node-server-utils-response.js";
const HEARTBEAT_MS = 15_000;
const MAX_BUFFER_BYTES = 256 * 1024;
/** Starts a stream. `opened` gets it and returns what to do when the connection ends, for whatever reason. */
export function openStream(outgoing, opened) {
    outgoing.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    outgoing.write(":\n\n");
    const heartbeat = setInterval(() => outgoing.write(":\n\n"), HEARTBEAT_MS);
    const write = (text) => {
        // A reader that stopped reading is cut off: it comes back and catches up, memory does not.
        if (outgoing.writableLength > MAX_BUFFER_BYTES)
            outgoing.destroy();
        else if (!outgoing.destroyed)
            outgoing.write(text);
    };
    const stream = {
        send: (data, id) => write(`${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`),
        close: () => outgoing.end(),
    };
    let ended;
    try {
        ended = opened(stream);
    }
    catch (thrown) {
        // The head is out: no fault can be answered any more, only the connection ended.
        clearInterval(heartbeat);
        outgoing.destroy();
        throw thrown;
    }
    const end = () => {
        clearInterval(heartbeat);
        ended();
    };
    // Gone while its request was read: its end was told before anybody listened for it.
    if (outgoing.closed)
        end();
    else
        outgoing.once("close", end);
    return RESPONSE_ALREADY_SENT;
}
