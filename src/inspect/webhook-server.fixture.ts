/**
 * Test fixture: a two-way webhook channel on the bare MCP SDK, as the client's documents teach it: one process, one port, one tool.
 *
 * What its documents have as Bun.serve is node:http here. `FIXTURE_META` is JSON that is added to the meta of each event.
 */
import { createServer } from "node:http";
import { Server } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";

const extra = JSON.parse(process.env["FIXTURE_META"] ?? "{}") as object;
const mcp = new Server(
  { name: "webhook", version: "0.0.1" },
  {
    capabilities: {
      experimental: JSON.parse(
        process.env["FIXTURE_EXPERIMENTAL"] ??
          '{"claude/channel":{},"claude/channel/permission":{}}',
      ),
      tools: {},
    },
    instructions: "Messages arrive as <channel>; answer with the reply tool.",
  },
);

mcp.setRequestHandler("tools/list", () => ({
  tools: [
    {
      name: "reply",
      description: "Sends a message back",
      inputSchema: {
        type: "object" as const,
        properties: { text: { type: "string", description: "what to say" } },
        required: ["text"],
      },
    },
  ],
}));
mcp.setRequestHandler("tools/call", ({ params: { arguments: input } }) => {
  if (typeof input?.["text"] !== "string")
    return { content: [{ type: "text", text: "text is missing" }], isError: true };
  return { content: [{ type: "text", text: `sent ${input["text"]}` }] };
});

await mcp.connect(new StdioServerTransport());
console.error("the webhook server is up");

const http = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (text: string) => (body += text));
  request.on("end", () => {
    void mcp
      .notification({
        method: "notifications/claude/channel",
        params: { content: body, meta: { path: request.url, method: request.method, ...extra } },
      })
      .then(() => response.end("ok"));
  });
});
http.listen(0, "127.0.0.1");
