/**
 * The hub's lines for one bell, over its Unix socket.
 *
 * Owns: that one call. Never: prints, or tries again.
 * It is spoken without node:http, which would be a tenth of a bell's memory. As HTTP/1.0: there an answer has no chunks, and ends with its
 * connection (RFC 9112, 6.3).
 */
import { connect } from "node:net";

export type BellLines = {
  socket: string;
  /** Whose bell it is. */
  client: { pid: number; startTime: string };
  onLine: (line: string) => void;
  signal: AbortSignal;
};

/** More than any head or line of a hub's: what says so much is none. */
const MAX_CHARS = 64 * 1024;

/** Resolves when the hub ends the stream, or `signal` aborts. Rejects where no hub answers, or one refuses. */
export function readBellLines({ socket, client, onLine, signal }: BellLines): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve();
    const body = JSON.stringify(client);
    const connection = connect(socket);
    const stop = (): void => void connection.destroy();
    signal.addEventListener("abort", stop, { once: true });
    const read = openReader(onLine);
    connection.setEncoding("utf8");
    connection.on("data", (text: string) => {
      try {
        read(text);
      } catch (thrown) {
        connection.destroy(thrown instanceof Error ? thrown : undefined);
      }
    });
    connection.once("error", reject);
    connection.once("close", () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
    connection.write(
      `POST /v1/bells HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
}

/** Takes the answer as it comes, in whatever pieces: its head, then server-sent events. */
function openReader(onLine: (line: string) => void): (text: string) => void {
  let rest = "";
  let isOpen = false;
  return (text) => {
    rest += text;
    if (!isOpen) {
      const end = rest.indexOf("\r\n\r\n");
      if (end === -1) return checkLength(rest);
      if (!/^HTTP\/1\.[01] 200 /.test(rest)) throw new Error("the hub refused the bell");
      isOpen = true;
      rest = rest.slice(end + 4);
    }
    for (let end = rest.indexOf("\n\n"); end !== -1; end = rest.indexOf("\n\n")) {
      const event = rest.slice(0, end);
      rest = rest.slice(end + 2);
      const data = event
        .split("\n")
        .flatMap((one) => (one.startsWith("data:") ? [one.slice(5)] : []));
      // Written by the hub's /v1/bells.
      if (data.length > 0) onLine((JSON.parse(data.join("\n")) as { line: string }).line);
    }
    checkLength(rest);
  };
}

function checkLength(text: string): void {
  if (text.length > MAX_CHARS) throw new Error("the hub's answer has no end");
}
