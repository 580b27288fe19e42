import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import type { PluginReport } from "../host.ts";
import { isOf, toMessageId, toTail } from "./message-id.ts";
import { Bridge, openPlugin, type OpencodeClient } from "./plugin.ts";

const EVENT = "evt_01m8q93kwfpzed1db9yy5z7k71";

/** opencode's own side, as far as the plugin asks it. */
function openSession(messages: object[] = []) {
  const asked: { what: string; body?: unknown }[] = [];
  const client: OpencodeClient = {
    session: {
      get: async () => ({ data: {} }),
      messages: async () => ({ data: messages.map((info) => ({ info })) }),
      promptAsync: async ({ body }) => (asked.push({ what: "prompt", body }), {}),
      abort: async () => void asked.push({ what: "abort" }),
    },
    tui: { showToast: async ({ body }) => void asked.push({ what: "toast", body }) },
    postSessionIdPermissionsPermissionId: async ({ path, body }) =>
      void asked.push({ what: path.permissionID, body }),
  };
  const reports: PluginReport[] = [];
  let tell: (message: Record<string, unknown>) => void = () => {};
  const open = (onMessage: (message: Record<string, unknown>) => void) => {
    tell = onMessage;
    return { report: (report: PluginReport) => void reports.push(report), close: () => {} };
  };
  const bridge = new Bridge({ client, directory: "/work", id: "ses_1", open });
  const hear = (type: string, properties: object): void => bridge.hear({ type, properties });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { asked, reports, hear, settled, bridge, tell: (message: object) => tell({ ...message }) };
}

const toEvent = (meta: object = {}) => ({
  kind: "channel",
  content: "build 9 broke",
  meta: { channel: "jobs", event_id: EVENT, ...meta },
});

test("a message is begun by its event, and its turn is told from begin to end", async () => {
  const { asked, reports, hear, settled, tell } = openSession();
  tell(toEvent());
  await settled();
  const body = asked[0]?.body as { messageID: string; parts: { text: string }[] };
  expect(isOf(body.messageID, EVENT)).toBe(true);
  expect(body.parts[0]?.text).toContain(`event_id="${EVENT}"`);
  hear("message.updated", { info: { role: "user", id: body.messageID } });
  hear("message.updated", { info: { role: "user", id: body.messageID } });
  hear("session.status", { status: { type: "busy" } });
  hear("session.idle", {});
  const turn = expect.any(String) as string;
  expect(reports).toEqual([
    { kind: "began", turn },
    { kind: "carried", turn, events: [EVENT] },
    { kind: "ended", turn },
  ]);
});

test("the person is shown what has come, once it stands in the conversation", async () => {
  const { asked, hear, settled, tell } = openSession();
  tell({ ...toEvent(), screen: ["jobs: build 9 broke", "and 1 more"] });
  await settled();
  expect(asked.map(({ what }) => what)).toEqual(["prompt"]);
  const { messageID } = (asked[0] as { body: { messageID: string } }).body;
  for (let told = 0; told < 2; told++)
    hear("message.updated", { info: { role: "user", id: messageID } });
  expect(asked.slice(1)).toEqual([
    {
      what: "toast",
      body: { title: "Sluice", message: "jobs: build 9 broke\nand 1 more", variant: "info" },
    },
  ]);
});

test("what comes while a turn runs goes back as if it had never been sent; a turn that failed says so, one that a person ended does not", async () => {
  const { asked, reports, hear, settled, tell } = openSession();
  hear("session.status", { status: { type: "busy" } });
  tell(toEvent());
  await settled();
  expect(asked).toEqual([]);
  expect(reports.at(-1)).toMatchObject({ kind: "missed", events: [EVENT] });
  hear("session.error", { error: { name: "APIError" } });
  hear("session.idle", {});
  expect(reports.at(-1)).toMatchObject({ kind: "failed" });
  hear("session.status", { status: { type: "busy" } });
  hear("session.error", { error: { name: "MessageAbortedError" } });
  hear("session.idle", {});
  expect(reports.at(-1)).toMatchObject({ kind: "ended" });
});

test("OPENCODE-1: an event that stands in the session is not sent again: it was answered, or its turn ended early", async () => {
  const id = toMessageId(EVENT, 1_796_077_642_251);
  const answered = openSession([{ id }, { id: "msg_a", parentID: id, finish: "stop" }]);
  answered.tell(toEvent({ replayed: "true" }));
  await answered.settled();
  expect(answered.asked).toEqual([]);
  expect(answered.reports).toEqual([{ kind: "read", events: [EVENT] }]);
  const cut = openSession([
    { id },
    { id: "msg_a", parentID: id, finish: "stop", error: { name: "X" } },
  ]);
  cut.tell(toEvent({ replayed: "true" }));
  await cut.settled();
  expect(JSON.stringify(cut.asked)).not.toContain("build 9 broke");
  expect(JSON.stringify(cut.asked)).toContain(`Event ${EVENT} stands above`);
});

test("what is looked up in the session is not sent where a turn has begun meanwhile, or the person has left", async () => {
  const busy = openSession();
  busy.tell(toEvent({ replayed: "true" }));
  busy.hear("session.status", { status: { type: "busy" } });
  await busy.settled();
  expect(busy.asked).toEqual([]);
  expect(busy.reports.at(-1)).toMatchObject({ kind: "missed", events: [EVENT] });
  const left = openSession();
  left.tell(toEvent({ replayed: "true" }));
  left.bridge.close();
  await left.settled();
  expect(left.asked).toEqual([]);
});

test("a hub that comes back is told what became of what it had sent", async () => {
  const id = toMessageId(EVENT, 1_796_077_642_251);
  const { reports, settled, tell } = openSession([
    { id },
    { id: "msg_a", parentID: id, finish: "stop" },
  ]);
  tell({ kind: "out", events: [EVENT, "evt_other"] });
  await settled();
  await settled();
  expect(reports).toMatchObject([
    { kind: "read", events: [EVENT] },
    { kind: "missed", events: ["evt_other"] },
  ]);
});

const toCall = (callID: string, input: object) => ({
  part: { type: "tool", tool: "bash", callID, state: { status: "running", input } },
});
const toCommandAsk = (id: string, callID: string, command: string) => ({
  id,
  permission: "bash",
  patterns: [command],
  metadata: { command },
  tool: { messageID: "msg_1", callID },
});

test("a permission is asked as what it is, answered once, and told when it was answered there", async () => {
  const { asked, reports, hear, settled, tell } = openSession();
  hear("message.part.updated", toCall("call_1", { command: "touch x" }));
  hear("permission.asked", toCommandAsk("per_1", "call_1", "touch x"));
  hear("permission.asked", {
    id: "per_2",
    permission: "edit",
    patterns: ["a.txt"],
    metadata: { diff: "+x" },
  });
  const asks = reports.flatMap((report) => (report.kind === "asked" ? [report.ask] : []));
  expect(asks.map(({ tool, preview }) => [tool, JSON.parse(preview) as unknown])).toEqual([
    ["Bash", { command: "touch x" }],
    ["opencode:edit", { patterns: ["a.txt"], diff: "+x" }],
  ]);
  tell({ kind: "verdict", requestId: "per_1", behavior: "allow" });
  await settled();
  expect(asked).toEqual([{ what: "per_1", body: { response: "once" } }]);
  hear("permission.replied", { requestID: "per_2" });
  expect(reports.at(-1)).toEqual({ kind: "resolved", requestId: "per_2" });
});

test("PERMISSION-1: a command is asked about with the folder in which it runs, also where its call is told after the request", async () => {
  const { reports, hear } = openSession();
  hear("permission.asked", toCommandAsk("per_1", "call_1", "cat notes.txt"));
  expect(reports).toEqual([]);
  hear("message.part.updated", toCall("call_1", {}));
  expect(reports).toEqual([]);
  hear("message.part.updated", toCall("call_1", { command: "cat notes.txt", workdir: "secret" }));
  hear("message.part.updated", toCall("call_1", { command: "cat notes.txt", workdir: "secret" }));
  expect(reports).toMatchObject([
    { kind: "asked", ask: { requestId: "per_1", tool: "Bash", cwd: "/work/secret" } },
  ]);
});

test("PERMISSION-1: a command whose call is never told is asked about as what is not known, and not at all once it was answered there", async () => {
  const { reports, hear } = openSession();
  hear("permission.asked", toCommandAsk("per_1", "call_1", "cat a"));
  hear("permission.asked", toCommandAsk("per_2", "call_2", "cat b"));
  hear("permission.replied", { requestID: "per_1" });
  await expect.poll(() => reports.length, { timeout: 10_000 }).toBe(2);
  expect(reports).toMatchObject([
    { kind: "resolved", requestId: "per_1" },
    { kind: "asked", ask: { requestId: "per_2", tool: "opencode:bash" } },
  ]);
});

test("a hub that was away hears what is still asked, and what is not any more", async () => {
  const { reports, hear, settled, tell } = openSession();
  hear("session.status", { status: { type: "busy" } });
  for (const id of ["per_1", "per_2"])
    hear("permission.asked", { id, permission: "edit", patterns: ["a.txt"], metadata: {} });
  hear("permission.replied", { requestID: "per_1" });
  const before = reports.length;
  tell({ kind: "out", events: [] });
  await settled();
  expect(reports.slice(before)).toMatchObject([
    { kind: "began" },
    { kind: "resolved", requestId: "per_1" },
    { kind: "asked", ask: { requestId: "per_2" } },
  ]);
});

test("what is asked in a turn that a person aborts is asked no more", async () => {
  const { reports, hear } = openSession();
  hear("session.status", { status: { type: "busy" } });
  hear("permission.asked", { id: "per_1", permission: "edit", patterns: ["a.txt"], metadata: {} });
  hear("session.idle", {});
  expect(reports.slice(-2)).toMatchObject([
    { kind: "resolved", requestId: "per_1" },
    { kind: "ended" },
  ]);
});

test("OPENCODE-2: of a helper's session nothing is told, and the tools come along", async () => {
  const asked: string[] = [];
  const client = {
    session: {
      get: async ({ path }: { path: { id: string } }) => (
        asked.push(path.id),
        { data: { parentID: "ses_1" } }
      ),
    },
  } as unknown as OpencodeClient;
  const entry = { command: ["node", "mcp"], env: { SLUICE_HOME: "/nowhere" } };
  const hooks = await openPlugin({ env: {}, version: "1", entry })({ client, directory: "/" });
  const event = {
    type: "message.updated",
    properties: { sessionID: "ses_2", info: { role: "user", id: "msg_9" } },
  };
  await hooks.event({ event });
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toEqual(["ses_2"]);
  const config: Record<string, unknown> = { mcp: { mine: {} } };
  await hooks.config(config);
  expect(config["mcp"]).toMatchObject({
    mine: {},
    sluice: { type: "local", command: ["node", "mcp"] },
  });
});

/** A hub on a socket of its own, as far as the plugin speaks to it, and what the plugin has told it. */
async function openHub() {
  const home = makeFolder();
  const told: string[] = [];
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      const { session = "", kind = "" } = JSON.parse(text) as Record<string, string>;
      if (request.url === "/v1/hosts/opencode/sessions") {
        told.push(`opened ${session}`);
        streams.add(response);
        response.write('data: {"kind":"out","events":[]}\n\n');
        return;
      }
      told.push(`${kind} ${/sessions\/(\w+)\/reports/.exec(request.url ?? "")?.[1]}`);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(join(home, "hub.sock"), resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = {
    session: { get: async () => ({ data: {} }) },
  } as unknown as OpencodeClient;
  const options = { env: { SLUICE_HOME: home }, version: "1", entry: { command: [], env: {} } };
  const hooks = await openPlugin(options)({ client, directory: "/work" });
  const hear = (type: string, sessionID: string, more: object = {}): Promise<void> =>
    hooks.event({ event: { type, properties: { sessionID, ...more } } });
  return {
    told,
    hear,
    write: (session: string, id: string) =>
      hear("message.updated", session, { info: { role: "user", id } }),
    untilTold: (...wanted: string[]) => expect.poll(() => told).toEqual(wanted),
  };
}

test("OPENCODE-3: a message that is told again when its turn ends does not take the hub back to the session that the person has left", async () => {
  const { hear, write, untilTold } = await openHub();
  await write("a", "msg_1");
  await untilTold("opened a", "began a");
  await write("b", "msg_2");
  await untilTold("opened a", "began a", "opened b", "began b");
  await write("a", "msg_1");
  await hear("session.idle", "a");
  await hear("session.idle", "b");
  await untilTold("opened a", "began a", "opened b", "began b", "ended b");
});

test("OPENCODE-3: back in a session, a message of before begins no turn that nothing would end", async () => {
  const { hear, write, untilTold } = await openHub();
  await write("a", "msg_1");
  await untilTold("opened a", "began a");
  await write("b", "msg_2");
  await untilTold("opened a", "began a", "opened b", "began b");
  await write("a", "msg_3");
  const back = ["opened a", "began a", "opened b", "began b", "opened a", "began a"];
  await untilTold(...back);
  await hear("session.idle", "a");
  await write("a", "msg_1");
  await write("a", "msg_3");
  await hear("permission.replied", "a", { requestID: "per_1" });
  await untilTold(...back, "ended a", "resolved a");
});

test("an id of ours orders like opencode's own, and ends the same for the same event", () => {
  // Seen: msg_22e791abb001… at 1796076018363 or a little before.
  const id = toMessageId(EVENT, 1_796_076_018_363);
  expect(id.slice(0, 13)).toBe("msg_22e791abb");
  expect(id).toMatch(/^msg_[0-9a-f]{12}[0-9A-Za-z]{14}$/);
  expect(toTail("evt_b")).not.toBe(toTail("evt_a"));
});
