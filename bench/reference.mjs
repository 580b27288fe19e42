/**
 * The reference receiver: what the channel documents teach, and what most channel servers are made of.
 *
 * One process that is both MCP server and HTTP listener: each POST becomes one notification, and is answered at once. It keeps nothing.
 * Runs on Node (`node:http`) and on Bun (`Bun.serve`). PORT says where it listens, on loopback only.
 * https://code.claude.com/docs/en/channels-reference#example-build-a-webhook-receiver
 */
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";

const port = Number(process.env.PORT ?? 0);
const hostname = "127.0.0.1";

const mcp = new Server(
  { name: "reference", version: "1.0.0" },
  {
    capabilities: { experimental: { "claude/channel": {} } },
    instructions: "Events arrive as <channel> messages. They are one-way: read them and act.",
  },
);
await mcp.connect(new StdioServerTransport());

function push(content, path, method) {
  return mcp.notification({
    method: "notifications/claude/channel",
    params: { content, meta: { path, method } },
  });
}

if (globalThis.Bun !== undefined) {
  globalThis.Bun.serve({
    port,
    hostname,
    async fetch(request) {
      await push(await request.text(), new URL(request.url).pathname, request.method);
      return new Response("ok");
    },
  });
} else {
  const { createServer } = await import("node:http");
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    await push(Buffer.concat(chunks).toString("utf8"), request.url, request.method);
    response.end("ok");
  });
  server.listen(port, hostname);
}

// The client closes stdin when it leaves; the listener would keep the process alive.
process.stdin.on("close", () => process.exit(0));
