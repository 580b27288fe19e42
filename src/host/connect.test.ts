import { expect, test } from "vitest";
import { openSession } from "./session.ts";

// Servers on raw lines: what is on the wire is the claim.
const ANSWER = `
  const answers = (message) => { const out = reply(message); if (out) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...out }) + '\\n'); };
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const message = JSON.parse(line);
    process.stderr.write(message.method + '\\n');
    if (message.id !== undefined) answers(message);
  });
`;

function open(reply: string) {
  return openSession({
    command: process.execPath,
    args: ["-e", `const reply = ${reply};${ANSWER}`],
  });
}

// req:start.modern
test("a server that answers discover is used as a modern one and never becomes a channel", async () => {
  await using session = await open(`({ method, params }) => method === 'server/discover'
    ? { result: { supportedVersions: ['2026-07-28'], capabilities: { tools: {}, experimental: { 'claude/channel': {} } }, _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'm' } } } }
    : { result: { tools: [{ name: params._meta['io.modelcontextprotocol/clientInfo'].name, inputSchema: {} }] } }`);
  expect(session.connection).toMatchObject({
    era: "modern",
    isChannel: false,
    serverInfo: { name: "m" },
  });
  expect(session.isChannel).toBe(false);
  expect(session.tools[0]?.name).toBe("sluice-reference-session");
  // Another pipe than the answers': its text may come a moment later.
  await expect.poll(() => session.stderr).toBe("server/discover\ntools/list\n");
});

test("a legacy server sees discover, initialize, initialized, then every page of tools/list", async () => {
  await using session =
    await open(`({ method, params }) => method === 'server/discover' ? { error: { code: -32601, message: 'Method not found' } }
    : method === 'initialize' ? { result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'l' } } }
    : { result: params.cursor ? { tools: [{ name: 'b' }] } : { tools: [{ name: 'a' }], nextCursor: 'n' } }`);
  expect(session.stderr).toBe(
    "server/discover\ninitialize\nnotifications/initialized\ntools/list\ntools/list\n",
  );
  expect(session.tools.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(session.isChannel).toBe(false);
});

test("a server that refuses initialize is a fault that names its words", async () => {
  await expect(open(`() => ({ error: { code: -32603, message: 'no licence' } })`)).rejects.toThrow(
    "no licence",
  );
});

test.each([
  ["repeats its cursor", "'again'"],
  ["has a page behind every page", "String(Math.random())"],
])("a list of tools that %s is a fault, not a wait without end", async (_, next) => {
  await expect(
    open(`({ method }) => method === 'server/discover' ? { error: { code: -32601, message: 'no' } }
    : method === 'initialize' ? { result: { capabilities: { tools: {} } } }
    : { result: { tools: [], nextCursor: ${next} } }`),
  ).rejects.toThrow("comes to no end");
});

// req:gate.capability
test.each([true, false, null, "", 1, []])(
  "a capability that is %j and no object: the client does not connect the server at all",
  async (value) => {
    const experimental = JSON.stringify({ "claude/channel": value });
    await expect(
      open(`({ method }) => method === 'server/discover' ? { error: { code: -32601, message: 'no' } }
      : { result: { capabilities: { experimental: ${experimental} } } }`),
    ).rejects.toThrow(
      `Connection failed (INVALID_RESULT): Invalid result for initialize: capabilities.experimental["claude/channel"] is ${JSON.stringify(value)}`,
    );
  },
);
