// The service's half of the wire, for the tests.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Report } from "./connection.ts";

export async function openFake() {
  const heard: unknown[] = [];
  let socket: Socket | undefined;
  let connections = 0;
  const server = createServer((found) => {
    socket = found.on("error", () => found.destroy());
    connections++;
    createInterface({ input: found }).on("line", (line) => heard.push(JSON.parse(line)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    /** What the channel has sent. */
    heard,
    /** How often it has connected. */
    connections: () => connections,
    tell: (report: Report) => void socket?.write(`${JSON.stringify(report)}\n`),
    /** Breaks the connection. */
    cut: () => void socket?.destroy(),
    close() {
      socket?.destroy();
      server.close();
    },
  };
}
