/**
 * The hub's API on its Unix socket.
 *
 * Owns: listening and ending. Never: what is answered (api/), or where the socket is (home.ts).
 */
import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Api } from "../../api/routes/app.ts";

/** Resolves once it answers. Call the returned function to end it: every stream and call with it. */
export async function openApiSocket(api: Api, socket: string): Promise<() => Promise<void>> {
  const server = await listen(createServer(getRequestListener(api.fetch)), socket);
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    rmSync(socket, { force: true });
  };
}

function listen(server: Server, socket: string): Promise<Server> {
  // Streams are leases: they live as long as their client.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(socket, () => {
      chmodSync(socket, 0o600);
      resolve(server);
    });
  });
}
