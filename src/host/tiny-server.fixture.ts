/**
 * Test fixture: a tiny real channel server, run as a child process by the tests of sessions.
 *
 * It speaks through @modelcontextprotocol/server, does what its tools are told to do, and writes down what it was asked.
 */
import { appendFileSync } from "node:fs";
import { Server } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";

const journal = process.env["FIXTURE_JOURNAL"] ?? "";
const answers: Record<string, unknown> = JSON.parse(process.env["FIXTURE_HOOK_ANSWERS"] ?? "{}");

const server = new Server(
  { name: "tiny", version: "1.0.0" },
  {
    capabilities: {
      tools: {},
      experimental: JSON.parse(
        process.env["FIXTURE_EXPERIMENTAL"] ??
          (process.env["FIXTURE_PLAIN"] === "1" ? "{}" : '{"claude/channel":{}}'),
      ),
    },
    instructions: "x".repeat(3_000),
  },
);

function write(what: object): void {
  if (journal !== "") appendFileSync(journal, `${JSON.stringify(what)}\n`);
}

server.oninitialized = () => {
  write({ clientInfo: server.getClientVersion(), capabilities: server.getClientCapabilities() });
  // A server in a hurry: the client is not ready for this one.
  void server.notification({
    method: "notifications/claude/channel",
    params: { content: "too early", meta: {} },
  });
};

server.setRequestHandler("tools/list", () => ({
  tools: [
    { name: "push", description: "sends notifications", inputSchema: { type: "object" } },
    { name: "wait", description: "takes its time", inputSchema: { type: "object" } },
    { name: "die", description: "ends the process", inputSchema: { type: "object" } },
  ],
}));

// Answers each relayed request with the verdicts it was told, the request's own id in place of "ID".
const verdicts: { request_id: string; behavior: string }[] = JSON.parse(
  process.env["FIXTURE_VERDICTS"] ?? "[]",
);
const relayed = {
  params: {
    "~standard": {
      version: 1 as const,
      vendor: "fixture",
      validate: (value: unknown) => ({ value }),
    },
  },
};
server.setNotificationHandler(
  "notifications/claude/channel/permission_request",
  relayed,
  async (params) => {
    write({ relayed: params });
    const id = String((params as { request_id?: unknown }).request_id);
    for (const { request_id, behavior } of verdicts) {
      await server.notification({
        method: "notifications/claude/channel/permission",
        params: {
          request_id: request_id.replace("ID", id).replace("UP", id.toUpperCase()),
          behavior,
        },
      });
    }
  },
);

server.setRequestHandler("tools/call", async (request) => {
  const { name, arguments: input = {}, _meta } = request.params;
  const toolUseId = _meta?.["claudecode/toolUseId"];
  write({ call: name, input, toolUseId });
  if (name === "hook") {
    if (toolUseId !== undefined)
      return { content: [{ type: "text", text: "not for models" }], isError: true };
    const answer = answers[String(input["moment"])] ?? {};
    if (answer === "hang") await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
    return {
      content: [
        { type: "text", text: typeof answer === "string" ? answer : JSON.stringify(answer) },
      ],
    };
  }
  if (name === "push") {
    for (const params of Array.isArray(input["messages"]) ? input["messages"] : []) {
      await server.notification({ method: "notifications/claude/channel", params });
    }
  }
  if (name === "wait")
    await new Promise((resolve) => setTimeout(resolve, Number(input["forMs"])).unref());
  if (name === "die") process.exit(1);
  return { content: [{ type: "text", text: `${name} done` }] };
});

if (process.env["FIXTURE_STUBBORN"] === "1") setInterval(() => {}, 1_000);
await server.connect(new StdioServerTransport());
