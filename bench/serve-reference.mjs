/** The same on the SDK v1: each event is one notification, and nothing is kept. PORT says where it listens, on loopback only. */
import { createServer } from "node:http";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";

const mcp = new Server(
  { name: "reference", version: "1.0.0" },
  { capabilities: { experimental: { "claude/channel": {} } } },
);
await mcp.connect(new StdioServerTransport());

createServer(async (request, response) => {
  let text = "";
  for await (const chunk of request) text += chunk;
  response.end("ok");
  const [count = 0, chars = 0] = (text.match(/\d+/g) ?? []).map(Number);
  const body = "x".repeat(chars);
  let left = count;
  const timer = setInterval(() => {
    for (let nth = 0; nth < 20 && left > 0; nth++)
      void mcp.notification({
        method: "notifications/claude/channel",
        params: { content: `${left--} ${body}`, meta: { kind: "bench" } },
      });
    if (left === 0) clearInterval(timer);
  }, 5);
}).listen(Number(process.env.PORT ?? 0), "127.0.0.1");
process.stdin.on("close", () => process.exit(0));
