/**
 * The examples: each as a client spawns it, against the wire that it is for. None is longer than thirty lines.
 */
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ModelTurn } from "../../src/host/turns.ts";
import { openAlone, until } from "./scene.ts";

const TOKEN = "t".repeat(32);
const example = (name: string): string => join(import.meta.dirname, "../../examples", name);

test("no example is longer than thirty lines", () => {
  const long = globSync("examples/*.ts").map((path) => [
    path,
    readFileSync(path, "utf8").trimEnd().split("\n").length,
  ]);
  expect(long.length).toBeGreaterThanOrEqual(7);
  expect(long.filter(([, lines]) => Number(lines) > 30)).toEqual([]);
});

// req:field.04
test("sentry.ts: a verified alert is read; a bad payload reads why, a bad token nothing", async () => {
  const { post, reads, session } = await openAlone(example("sentry.ts"), {
    env: { SENTRY_WEBHOOK_TOKEN: TOKEN },
  });
  const event = { title: "TypeError", web_url: "https://s/1", level: "error", event_id: "e1" };
  const header = { "X-Sentry-Token": TOKEN };
  expect((await post("/in/sentry-alerts", { event }, { "X-Sentry-Token": "x" })).status).toBe(401);
  const bad = await post("/in/sentry-alerts", { event: { ...event, level: 5 } }, header);
  expect([bad.status, await bad.json()]).toEqual([
    400,
    {
      error: "bad_input",
      reason: "the body does not fit: event.level: Invalid input: expected string, received number",
    },
  ]);
  expect((await post("/in/sentry-alerts", { event }, header)).status).toBe(202);
  const [text] = await reads(1);
  expect(text).toContain('severity="error"');
  expect(text).toContain("\nTypeError\nhttps://s/1\n");
  expect(session.connection?.instructions).toContain("One-way alerts of Sentry");
});

// req:field.06 req:field.18
test("webhook.ts: a program on this machine posts, a page in a browser may not", async () => {
  const { post, reads } = await openAlone(example("webhook.ts"));
  expect(
    (await post("/in/webhook-demo/ci", "build failed", { origin: "http://evil" })).status,
  ).toBe(401);
  expect((await post("/in/webhook-demo/ci", "build failed: https://ci/1")).status).toBe(202);
  expect((await reads(1))[0]).toMatch(/path="ci"[\s\S]*\nbuild failed: https:\/\/ci\/1\n/);
});

/** Answers the first block of a turn. */
async function answer(turn: ModelTurn, text: string): Promise<void> {
  const id = /event_id="(evt_\w+)"/.exec(turn.text)?.[1];
  if (id !== undefined) await turn.callTool("reply", { event_id: id, text });
}

test("two-way.ts: who is listed is answered on the stream, others are not heard", async () => {
  const { post, reads, stream, home } = await openAlone(example("two-way.ts"), {
    env: { DESK_SENDERS: "ann, bob" },
    model: (turn) => answer(turn, "It is green."),
  });
  const listening = await stream("/out/desk");
  const token = readFileSync(join(home, "alone/desk/token"), "utf8").trim();
  const as = (id: string) => ({ authorization: `Bearer ${token}`, "x-sender": id });
  expect((await post("/in/desk", "is main green?", as("eve"))).status).toBe(401);
  expect((await post("/in/desk", "is main green?", as("ann"))).status).toBe(202);
  expect((await reads(1))[0]).toContain("| message: is main green?");
  const [message] = await until(() =>
    listening.messages.length > 0 ? listening.messages : undefined,
  );
  expect(message).toMatchObject({ type: "reply", chatId: "ann", text: "It is green." });
});

/** The bridge's half: it takes what is sent and can be down. */
async function openBridge() {
  const sent: { to: string; text: string }[] = [];
  const bridge = { status: 200, url: "", sent };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      if (bridge.status === 200) sent.push(JSON.parse(Buffer.concat(parts).toString()));
      response.writeHead(bridge.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  // It listens on TCP.
  bridge.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return bridge;
}

test("full.ts: an approver's word answers the session's prompt, another's does not; a failed reply is told", async () => {
  const bridge = await openBridge();
  const outputs: string[] = [];
  const { session, post, home } = await openAlone(example("full.ts"), {
    env: { BRIDGE_URL: bridge.url, BRIDGE_SENDERS: "ann", BRIDGE_APPROVERS: "boss" },
    // Nobody is at the terminal: only the relay can answer.
    approve: () => new Promise<never>(() => undefined),
    model: async (turn) => {
      if (turn.kind === "typed") return void (await turn.callTool("inbox"));
      const id = /event_id="(evt_\w+)"/.exec(turn.text)?.[1];
      if (id === undefined) return;
      for (const text of ["done", "done again"])
        outputs.push((await turn.callTool("reply", { event_id: id, text })).text);
    },
  });
  await until(() => (session.stderr.includes("/in/bridge") ? true : undefined));
  const authorization = `Bearer ${readFileSync(join(home, "alone/bridge/token"), "utf8").trim()}`;
  const say = async (from: string, text: string, id: string) =>
    (await post("/in/bridge", { from, chat: `${from}-chat`, id, text }, { authorization })).status;
  expect(await say("ann", "deploy please", "1")).toBe(202);
  expect(await say("ann", "deploy please", "1")).toBe(200);
  const code = async (nth: number) =>
    until(
      () =>
        bridge.sent
          .filter(({ to }) => to === "boss")
          .map(({ text }) => /yes ([a-z]{5})/.exec(text)?.[1])[nth],
    );
  const first = await code(0);
  expect(await say("ann", `yes ${first}`, "2")).toBe(202);
  expect(outputs).toEqual([]);
  expect(await say("boss", `yes ${first?.toUpperCase()}`, "3")).toBe(200);
  const second = await code(1);
  bridge.status = 503;
  expect(await say("boss", `yes ${second}`, "4")).toBe(200);
  await until(() => (outputs.length >= 2 ? true : undefined));
  expect(outputs[0]).toBe("sent");
  expect(outputs[1]).toContain("reply failed: the bridge answered 503");
  expect(bridge.sent).toContainEqual({ to: "ann-chat", text: "done" });
});

/** A WebSocket server of one client, small text frames only (RFC 6455). */
async function openGateway() {
  const heard: string[] = [];
  let socket: Socket | undefined;
  let connections = 0;
  const server = createServer();
  server.on("upgrade", (request, found: Socket) => {
    socket = found;
    connections++;
    const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash("sha1").update(key).digest("base64");
    found.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    found.on("error", () => undefined);
    found.on("data", (frame: Buffer) => {
      if ((frame[0] ?? 0) % 16 !== 1) return;
      const length = (frame[1] ?? 0) - 128;
      const mask = frame.subarray(2, 6);
      const text = frame.subarray(6, 6 + length).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
      heard.push(Buffer.from(text).toString());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    socket?.destroy();
    server.close();
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    connections: () => connections,
    say(message: object) {
      const text = Buffer.from(JSON.stringify(message));
      socket?.write(Buffer.concat([Buffer.from([0x81, text.length]), text]));
    },
    cut: () => socket?.destroy(),
  };
}

// req:field.59
test("whatsapp.ts: messages come over its own connection, also after it broke; reply and the contributed tool go out on it", async () => {
  const gateway = await openGateway();
  const { session, reads } = await openAlone(example("whatsapp.ts"), {
    env: { WHATSAPP_GATEWAY: gateway.url, WHATSAPP_SENDERS: "491" },
    model: async (turn) => {
      if (turn.kind === "typed") await turn.callTool("whatsapp_send", { to: "492", text: "first" });
      else await answer(turn, "on my way");
    },
  });
  expect(session.tools.map(({ name }) => name)).toEqual([
    "reply",
    "inbox",
    "details",
    "whatsapp_send",
  ]);
  await until(
    () => (gateway.connections() === 1 ? true : undefined),
    () => session.stderr,
  );
  gateway.say({ id: "a", from: "490", text: "spam" });
  gateway.say({ id: "b", from: "491", text: "come here" });
  expect((await reads(1))[0]).toContain("| message: come here");
  await until(() => (gateway.heard.length > 0 ? true : undefined));
  expect(gateway.heard.map((text) => JSON.parse(text))).toEqual([{ to: "491", text: "on my way" }]);
  gateway.cut();
  await until(
    () => (gateway.connections() === 2 ? true : undefined),
    () => session.stderr,
  );
  gateway.say({ id: "b", from: "491", text: "come here" });
  gateway.say({ id: "c", from: "491", text: "again" });
  expect((await reads(2))[1]).toContain("| message: again");
  await session.idle();
  session.type("write first");
  await until(() => (gateway.heard.some((text) => text.includes("first")) ? true : undefined));
});

test("alerts.ts: a resolved alert takes the place of the firing one while both wait, and what is urgent comes first", async () => {
  const { post, reads } = await openAlone(example("alerts.ts"), { env: { ALERTS_TOKEN: TOKEN } });
  const authorization = `Bearer ${TOKEN}`;
  const send = (id: string, severity: string, status: string) =>
    post("/in/alerts", { id, title: `disk of ${id}`, severity, status }, { authorization });
  expect((await send("db", "odd", "firing")).status).toBe(400);
  expect((await send("db", "critical", "firing")).status).toBe(202);
  expect((await send("web", "info", "resolved")).status).toBe(202);
  const texts = (await reads(2)).join("\n");
  expect(texts).toMatch(/severity="critical"[\s\S]*priority="urgent"[\s\S]*firing: disk of db/);
});

test("deploys.ts: what was there before the first look is no news, each new version is one event", async () => {
  const list = [{ service: "api", version: "1", environment: "prod" }];
  let looks = 0;
  const server = createServer((_, response) => {
    looks++;
    response.end(JSON.stringify(list));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { reads, session } = await openAlone(example("deploys.ts"), {
    env: { DEPLOYS_URL: `http://127.0.0.1:${port}`, DEPLOYS_EVERY_MS: "100" },
  });
  await until(
    () => (looks >= 2 ? true : undefined),
    () => session.stderr,
  );
  list.push({ service: "api", version: "2", environment: "prod" });
  const [text] = await reads(1);
  expect(text).toContain("api 2 is on prod");
  const before = looks;
  await until(() => (looks >= before + 3 ? true : undefined));
  expect(await reads(1)).toHaveLength(1);
});
