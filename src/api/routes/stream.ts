/**
 * Server-sent events, the server's side, straight on node's response.
 *
 * Owns: framing, heartbeats, a limit on the memory for a slow reader. Never: knows the messages.
 * Not hono's streamSSE: it goes through web streams, which costs a copy and a timer turn for each message.
 */
import type { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";

export type EventStream = {
  send(data: unknown, id?: string): void;
  close(): void;
};

const HEARTBEAT_MS = 15_000;
const MAX_BUFFER_BYTES = 256 * 1024;

/** Starts a stream. `opened` gets it and returns what to do when the connection ends, for whatever reason. */
export function openStream(
  outgoing: ServerResponse,
  opened: (stream: EventStream) => () => void,
): Response {
  outgoing.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  outgoing.write(":\n\n");
  const heartbeat = setInterval(() => outgoing.write(":\n\n"), HEARTBEAT_MS);
  const write = (text: string): void => {
    // A reader that stopped reading is cut off: it comes back and catches up, memory does not.
    if (outgoing.writableLength > MAX_BUFFER_BYTES) outgoing.destroy();
    else if (!outgoing.destroyed) outgoing.write(text);
  };
  const stream: EventStream = {
    send: (data, id) =>
      write(`${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`),
    close: () => outgoing.end(),
  };
  let ended: () => void;
  try {
    ended = opened(stream);
  } catch (thrown) {
    // The head is out: no fault can be answered any more, only the connection ended.
    clearInterval(heartbeat);
    outgoing.destroy();
    throw thrown;
  }
  const end = (): void => {
    clearInterval(heartbeat);
    ended();
  };
  // Gone while its request was read: its end was told before anybody listened for it.
  if (outgoing.closed) end();
  else outgoing.once("close", end);
  return RESPONSE_ALREADY_SENT;
}
