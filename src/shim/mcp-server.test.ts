import { Server } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { isObject, McpFault, McpServer } from "./mcp-server.ts";

const INFO = { name: "sluice", version: "1.2.3" };
const TOOLS = [{ name: "echo", description: "says it", inputSchema: { type: "object" as const } }];

type Message = { id?: unknown; result?: unknown; error?: { code: number; message: string } };
type Peer = {
  send(...lines: string[]): void;
  input: PassThrough;
  heard: Message[];
};

function toPeer(connect: (input: PassThrough, output: PassThrough) => unknown): Peer {
  const input = new PassThrough();
  const output = new PassThrough();
  const heard: Message[] = [];
  let rest = "";
  output.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    heard.push(...lines.map((line) => JSON.parse(line) as Message));
  });
  connect(input, output);
  return {
    input,
    heard,
    send: (...lines) => input.write(lines.map((line) => `${line}\n`).join("")),
  };
}

function openOurs(change: (server: McpServer) => void = () => {}): Peer {
  const server = new McpServer(INFO, "read me");
  server.onRequest("tools/list", () => ({ tools: TOOLS }));
  server.onRequest("tools/call", async ({ name, arguments: input = {} }, left) => {
    if (typeof name !== "string" || !isObject(input)) throw new McpFault("badParams", "no call");
    return callTool(name, input, left);
  });
  change(server);
  return toPeer((input, output) => server.connect(input, output));
}

/** What the package's server answers. */
function openTheirs(): Peer {
  const server = new Server(INFO, { capabilities: { tools: {} }, instructions: "read me" });
  server.setRequestHandler("tools/list", () => ({ tools: TOOLS }));
  server.setRequestHandler("tools/call", ({ params }, { mcpReq }) =>
    callTool(params.name, params.arguments ?? {}, mcpReq.signal),
  );
  return toPeer((input, output) => server.connect(new StdioServerTransport(input, output)));
}

async function callTool(name: string, input: Record<string, unknown>, left: AbortSignal) {
  if (name === "fail") throw new Error("it failed");
  if (name === "wait") await once(left, "abort");
  return { content: [{ type: "text" as const, text: JSON.stringify(input) }] };
}

function toLine(message: Record<string, unknown>): string {
  return JSON.stringify({ jsonrpc: "2.0", ...message });
}

function toInitialize(protocolVersion: unknown, more: Record<string, unknown> = {}): string {
  const clientInfo = { name: "client", version: "1" };
  const params = { protocolVersion, capabilities: { roots: {} }, clientInfo, ...more };
  return toLine({ id: 0, method: "initialize", params });
}

const PING = toLine({ id: "last", method: "ping" });

/** Sends lines and a ping to both, and gives what each has said once the ping is answered. Of a fault only the code is compared. */
async function compare(...lines: string[]): Promise<[ours: unknown[], theirs: unknown[]]> {
  const peers = [openOurs(), openTheirs()] as const;
  for (const peer of peers) {
    peer.send(...lines);
    // The package answers in later turns: what is to be answered is answered before the ping is sent.
    await sleep(0);
    peer.send(PING);
    await expect.poll(() => peer.heard.some(({ id }) => id === "last")).toBe(true);
  }
  const [ours, theirs] = peers.map(({ heard }) =>
    heard.map(({ error, ...message }) =>
      error === undefined ? message : { ...message, code: error.code },
    ),
  );
  return [ours ?? [], theirs ?? []];
}

test.each([
  ["the newest handshake", toInitialize("2025-11-25")],
  ["an older one", toInitialize("2025-06-18")],
  ["the oldest", toInitialize("2024-10-07")],
  ["a version that nobody knows", toInitialize("2031-01-01")],
  ["a version of the next kind", toInitialize("2026-07-28")],
  [
    "a client with a title and a website",
    toInitialize("2025-11-25", {
      clientInfo: { name: "a", version: "1", title: "A", websiteUrl: "https://a.example" },
    }),
  ],
  [
    "the probe of newer clients",
    toLine({
      id: 1,
      method: "server/discover",
      params: { _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } },
    }),
  ],
  ["tools/list", toLine({ id: 1, method: "tools/list" })],
  ["tools/list with a cursor", toLine({ id: "a", method: "tools/list", params: { cursor: "x" } })],
  [
    "a call",
    toLine({ id: 1, method: "tools/call", params: { name: "echo", arguments: { ü: "⟨\u2028⟩" } } }),
  ],
  ["a call without arguments", toLine({ id: 1, method: "tools/call", params: { name: "echo" } })],
  [
    "a call with a mark of the client's",
    toLine({
      id: 1,
      method: "tools/call",
      params: { name: "echo", _meta: { "claudecode/toolUseId": "x", progressToken: 4 } },
    }),
  ],
  ["a call that throws", toLine({ id: 1, method: "tools/call", params: { name: "fail" } })],
  ["a call without a name", toLine({ id: 1, method: "tools/call", params: {} })],
  [
    "a call whose arguments are a list",
    toLine({ id: 1, method: "tools/call", params: { name: "echo", arguments: [1] } }),
  ],
  ["a call without parameters", toLine({ id: 1, method: "tools/call" })],
  ["what we do not offer", toLine({ id: 1, method: "resources/list" })],
  ["a method that nobody has", toLine({ id: 1, method: "no/such" })],
  ["a name that every object has", toLine({ id: 1, method: "constructor" })],
  ["an unknown notification", toLine({ method: "notifications/other", params: { a: 1 } })],
  [
    "a withdrawal of nothing",
    toLine({ method: "notifications/cancelled", params: { requestId: 9 } }),
  ],
  ["an answer to nothing", toLine({ id: 7, result: {} })],
  ["no JSON", "hello"],
  ["an empty line", ""],
  ["half a message", '{"jsonrpc":"2.0","id":1,'],
  ["JSON that is no message", '[1, null, "x"]'],
  ["a message of another protocol", '{"jsonrpc":"1.0","id":1,"method":"ping"}'],
  ["an id that is null", toLine({ id: null, method: "ping" })],
  ["a line that ends as on Windows", `${toLine({ id: 1, method: "ping" })}\r`],
])("MCP-1: %s is answered as the package answers it", async (_what, line) => {
  const [ours, theirs] = await compare(line);
  expect(ours).toEqual(theirs);
});

test("MCP-1: several lines in one piece, and one line in many, are each answered once", async () => {
  const peer = openOurs();
  const call = toLine({
    id: 3,
    method: "tools/call",
    params: { name: "echo", arguments: { a: "ü⟨é" } },
  });
  const bytes = Buffer.from(
    `${toLine({ id: 1, method: "ping" })}\n${toLine({ id: 2, method: "ping" })}\n${call}\n`,
  );
  for (const byte of bytes) peer.input.write(Buffer.of(byte));
  peer.input.write(bytes);
  await expect.poll(() => peer.heard.length).toBe(6);
  expect(peer.heard.map(({ id }) => id).toSorted()).toEqual([1, 1, 2, 2, 3, 3]);
  expect(JSON.stringify(peer.heard)).toContain("ü⟨é");
});

test("MCP-1: a request whose parameters are no object is answered", async () => {
  const peer = openOurs();
  peer.send(toLine({ id: 1, method: "ping", params: [1] }));
  await expect.poll(() => peer.heard).toMatchObject([{ id: 1, error: { code: -32_600 } }]);
});

test.each([
  ["version", toInitialize(undefined)],
  ["name", toInitialize("2025-11-25", { clientInfo: {} })],
])("MCP-1: a handshake without a %s is refused for its parameters", async (_what, line) => {
  const peer = openOurs();
  peer.send(line);
  await expect.poll(() => peer.heard).toMatchObject([{ id: 0, error: { code: -32_602 } }]);
});

test("MCP-1: what a notification does wrong ends nothing", async () => {
  const peer = openOurs((server) =>
    server.onNotification("notifications/bad", () => {
      throw new Error("a bug");
    }),
  );
  peer.send(toLine({ method: "notifications/bad" }), PING);
  await expect.poll(() => peer.heard).toMatchObject([{ id: "last", result: {} }]);
});

test("MCP-2: a request that the client has withdrawn is not answered, and its work hears of it", async () => {
  const [ours, theirs] = await compare(
    toLine({ id: 1, method: "tools/call", params: { name: "wait" } }),
    toLine({ method: "notifications/cancelled", params: { requestId: 1, reason: "no" } }),
  );
  expect(ours).toEqual([{ jsonrpc: "2.0", id: "last", result: {} }]);
  expect(ours).toEqual(theirs);
});

test("who reads a request hears that the client has gone, and is told no withdrawal", async () => {
  const reasons: unknown[] = [];
  let closed = 0;
  const peer = openOurs((server) => {
    server.onclose = () => void closed++;
    server.onRequest("wait", async (_params, left) => {
      await once(left, "abort");
      reasons.push(left.reason);
    });
  });
  peer.send(toLine({ id: 1, method: "wait" }));
  peer.input.end();
  await expect.poll(() => reasons).toEqual([new Error("the client has gone")]);
  expect(closed).toBe(1);
});

test("a line of more than 64 MiB ends the connection, one below is read", async () => {
  let isClosed = false;
  const peer = openOurs((server) => (server.onclose = () => void (isClosed = true)));
  const text = "x".repeat(16 * 1024 * 1024);
  peer.send(toLine({ id: 1, method: "tools/call", params: { name: "echo", arguments: { text } } }));
  await expect.poll(() => peer.heard.length).toBe(1);
  for (let piece = 0; piece < 5 && !isClosed; piece++) peer.input.write(text);
  await expect.poll(() => isClosed).toBe(true);
});
