/**
 * A foreign server of MCP Events, written with the MCP SDK: one event type, `build.finished`, that is polled.
 *
 * Owns: that server, over HTTP, or on stdio where it is started as a program. Never: anything of Sluice.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createMcpHandler, Server } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";

type Build = { eventId: string; data: object };

const listed = {
  name: "build.finished",
  description: "A build has finished",
  delivery: ["poll"],
  inputSchema: { type: "object" },
  payloadSchema: { type: "object" },
};

function createForeignServer(builds: readonly Build[]): Server {
  const capabilities = { extensions: { "io.modelcontextprotocol/events": {} } };
  const server = new Server({ name: "foreign", version: "1" }, { capabilities } as never);
  const params = z.looseObject({});
  server.setRequestHandler("events/list", { params }, async () => ({ events: [listed] }));
  server.setRequestHandler("events/poll", { params }, async ({ cursor }) => {
    const from = typeof cursor === "string" ? Number(cursor) : builds.length;
    const events = builds.slice(from).map((build) => ({
      ...build,
      name: listed.name,
      timestamp: new Date().toISOString(),
    }));
    return {
      events,
      cursor: String(from + events.length),
      truncated: false,
      hasMore: false,
      nextPollMs: 1_000,
    };
  });
  return server;
}

export async function openForeignServer() {
  const builds: Build[] = [];
  const handler = createMcpHandler(() => createForeignServer(builds));
  const server = createServer(getRequestListener((request) => handler.fetch(request)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    add: (build: Build) => void builds.push(build),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** As a program: a build finishes a moment after it was started, and another each second. */
if (process.argv[1] === import.meta.filename) {
  const builds: Build[] = [];
  setInterval(() => {
    builds.push({ eventId: `b-${builds.length}`, data: { project: "app", result: "passed" } });
  }, 1_000);
  serveStdio(() => createForeignServer(builds));
}
