/**
 * Test fixture: a foreign server of events, made with the MCP SDK over streamable HTTP.
 *
 * Owns: one event type, `build.finished`, by poll. Never: our own server's code.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { Server, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";

/** What the SDK knows no schema of. */
const anyParams = {
  params: {
    "~standard": {
      version: 1 as const,
      vendor: "fixture",
      validate: (value: unknown) => ({ value }),
    },
  },
};

type Occurrence = { eventId: string; name: string; timestamp: string; data: object };

export type SdkEventServer = {
  url: string;
  /** How often each method was asked. */
  asked: Map<string, number>;
  /** Who comes without it is sent away. */
  token: string | undefined;
  tell(eventId: string, data: object): void;
  close(): Promise<void>;
};

export async function openSdkEventServer(): Promise<SdkEventServer> {
  const events: Occurrence[] = [];
  const asked = new Map<string, number>();
  const opened: SdkEventServer = {
    url: "",
    asked,
    token: undefined,
    tell: (eventId, data) =>
      void events.push({
        eventId,
        name: "build.finished",
        timestamp: new Date().toISOString(),
        data,
      }),
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  const http = createServer((incoming, outgoing) => {
    const { token } = opened;
    if (token !== undefined && incoming.headers.authorization !== `Bearer ${token}`)
      return void outgoing.writeHead(401).end();
    void (async () => {
      const request = new Request(`http://127.0.0.1${incoming.url ?? "/"}`, {
        method: incoming.method ?? "POST",
        headers: Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
        ...(incoming.method === "POST" && {
          body: Readable.toWeb(incoming) as unknown as ReadableStream,
          duplex: "half" as const,
        }),
      });
      // One server a request, as the SDK's own example of a server without sessions has it.
      const transport = new WebStandardStreamableHTTPServerTransport({});
      await toServer(events, asked).connect(transport);
      const answer = await transport.handleRequest(request);
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
      outgoing.end(Buffer.from(await answer.arrayBuffer()));
    })().catch((thrown: unknown) => outgoing.destroy(thrown as Error));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  opened.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
  return opened;
}
function toServer(events: readonly Occurrence[], asked: Map<string, number>): Server {
  const capabilities = { extensions: { "io.modelcontextprotocol/events": {} } };
  const server = new Server({ name: "foreign-builds", version: "1.0.0" }, { capabilities });
  const on = (method: string, answer: (params: Record<string, unknown>) => object): void =>
    server.setRequestHandler(method, anyParams, (params) => {
      asked.set(method, (asked.get(method) ?? 0) + 1);
      return answer((params ?? {}) as Record<string, unknown>) as Record<string, unknown>;
    });
  on("events/list", () => ({
    events: [
      {
        name: "build.finished",
        description: "A build has ended",
        delivery: ["poll"],
        inputSchema: { type: "object" },
        payloadSchema: { type: "object" },
      },
    ],
  }));
  on("events/poll", ({ cursor }) => {
    const from = typeof cursor === "string" ? Number(cursor) : events.length;
    const { length } = events;
    return {
      events: events.slice(from),
      cursor: String(length),
      truncated: false,
      hasMore: false,
      nextPollMs: 1_000,
    };
  });
  return server;
}
