import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type InspectRig, startOdd } from "./inspect-rig.fixture.ts";
import { openPage, type PageLine } from "./page.ts";

async function open(rig: InspectRig) {
  const page = await openPage({
    inspector: rig.inspector,
    port: 0,
    fixtures: join(rig.folder, "fixtures"),
  });
  onTestFinished(() => page.close());
  const { port, hash, origin } = new URL(page.url);
  return { port: Number(port), token: hash.slice(1), origin };
}

type Sent = { method?: string; path?: string; headers?: Record<string, string>; body?: string };

function send(
  port: number,
  { method = "GET", path = "/v1/stream", headers = {}, body }: Sent,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      // A stream that is open has no end: what matters is that it opened.
      if (answer.headers["content-type"] === "application/x-ndjson") {
        resolve({ status: answer.statusCode ?? 0, text: "" });
        return void answer.destroy();
      }
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => (text += part));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const JSON_TYPE = { "content-type": "application/json" };

// INSPECTPAGE-1
test("strangers, rebinding and other pages are refused, with the right token, too", async () => {
  await using rig = await startOdd("hello");
  const { port, token } = await open(rig);
  const right = { authorization: `Bearer ${token}` };
  expect((await send(port, { headers: right })).status).toBe(200);
  for (const headers of [
    { host: "evil.example" },
    { host: `evil.example:${port}` },
    { host: `localhost.:${port}` },
    { origin: "http://evil.example" },
    { origin: `http://127.0.0.1:${port + 1}` },
    { origin: "null" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "x-forwarded-for": "203.0.113.5" },
  ])
    expect([
      headers,
      (await send(port, { headers: { ...right, ...(headers as object) } })).status,
    ]).toEqual([headers, 403]);
  for (const type of ["text/plain", "application/x-www-form-urlencoded"])
    expect(
      (
        await send(port, {
          method: "POST",
          path: "/v1/do",
          headers: { ...right, "content-type": type },
          body: '{"do":"restart"}',
        })
      ).status,
    ).toBe(415);
  expect(rig.all("start")).toHaveLength(1);
});

// INSPECTPAGE-2
test("without the token nothing is told and nothing is done; the page itself holds no secret", async () => {
  await using rig = await startOdd("hello");
  const { port, token } = await open(rig);
  const wrong = [
    "",
    token,
    `Bearer ${token.slice(1)}`,
    `Bearer ${token}x`,
    "Bearer ",
    `bearer ${token}`,
    `Basic ${token}`,
  ];
  for (const authorization of wrong) {
    const headers = authorization === "" ? {} : { authorization };
    expect((await send(port, { headers })).status).toBe(401);
    const body = '{"do":"call","tool":"x","input":{}}';
    expect(
      (
        await send(port, {
          method: "POST",
          path: "/v1/do",
          headers: { ...headers, ...JSON_TYPE },
          body,
        })
      ).status,
    ).toBe(401);
  }
  expect((await send(port, { path: `/v1/stream?token=${token}` })).status).toBe(401);
  expect(rig.all("called")).toEqual([]);
  const { status, text } = await send(port, { path: "/" });
  expect(status).toBe(200);
  expect(text).not.toContain(token);
  for (const path of ["/../package.json", "/%2e%2e/package.json", "/package.json", "/v1/nothing"])
    expect(
      (await send(port, { path, headers: { authorization: `Bearer ${token}` } })).status,
    ).toBeGreaterThanOrEqual(400);
});

test("a page with the token sees what happened and calls a tool; what is no command of its own is refused", async () => {
  await using rig = await startOdd("hello");
  await rig.until("event");
  const { port, token, origin } = await open(rig);
  const headers = { authorization: `Bearer ${token}`, ...JSON_TYPE };
  const stream = await fetch(`${origin}/v1/stream`, { headers });
  const reader = (stream.body as NonNullable<typeof stream.body>)
    .pipeThrough(new TextDecoderStream())
    .getReader();
  const { value = "" } = await reader.read();
  const [hello] = value.split("\n").map((line) => JSON.parse(line || "{}") as PageLine);
  expect(hello).toMatchObject({ page: "hello", name: "webhook", state: { isRunning: true } });
  expect(value).toContain("the model reads");
  await reader.cancel();
  const say = (body: unknown) =>
    send(port, { method: "POST", path: "/v1/do", headers, body: JSON.stringify(body) });
  expect((await say({ do: "call", tool: "x", input: {} })).status).toBe(200);
  await rig.until("called");
  expect((await say({ do: "save", name: "first", event: 1 })).status).toBe(200);
  for (const body of [
    { do: "quit" },
    { do: "call", tool: 3, input: {} },
    { do: "call", tool: "x", input: [] },
    null,
    [],
    { do: "save", name: "../x", event: 1 },
    { do: "save", name: "first", event: 1 },
  ])
    expect([body, (await say(body)).status]).toEqual([body, 400]);
});

// INSPECTPAGE-3
test("a page that does not read is cut off, and the others go on", async () => {
  await using rig = await startOdd("hello");
  const { port, token } = await open(rig);
  const headers = { authorization: `Bearer ${token}` };
  const sent = request({ host: "127.0.0.1", port, path: "/v1/stream", headers }).end();
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  answer.pause();
  const text = "x".repeat(19_000);
  for (let i = 0; i < 3_000; i++) rig.inspector.tell({ kind: "notice", text });
  // An open stream has no end.
  const { promise: cut, resolve } = Promise.withResolvers<void>();
  answer.on("error", () => {}).on("close", resolve);
  let size = 0;
  answer.on("data", (part: Buffer) => (size += part.length)).resume();
  await cut;
  expect(size).toBeLessThan(3_000 * 2_000);
  expect((await send(port, { headers })).status).toBe(200);
});

test("a page that is opened after a flood, or below ten thousand tools, sees the newest and stays open", async () => {
  await using rig = await startOdd("many-tools");
  await rig.until("event");
  const { origin, token } = await open(rig);
  for (let i = 0; i < 900; i++)
    rig.inspector.tell({ kind: "notice", text: `${i} ${"x".repeat(19_000)}` });
  const stream = await fetch(`${origin}/v1/stream`, {
    headers: { authorization: `Bearer ${token}` },
  });
  // More comes before the page has read what was.
  for (let i = 0; i < 5; i++) rig.inspector.tell({ kind: "notice", text: `late ${i}` });
  const reader = (stream.body as NonNullable<typeof stream.body>)
    .pipeThrough(new TextDecoderStream())
    .getReader();
  let text = "";
  while (!text.includes("late 4")) {
    const { value, done } = await reader.read();
    expect(done).toBe(false);
    text += value ?? "";
  }
  await reader.cancel();
  const hello = JSON.parse(text.slice(0, text.indexOf("\n"))) as PageLine;
  if (hello.page !== "hello") throw new Error("hello comes first");
  expect(hello.rows.at(-1)?.lines[0]?.text).toMatch(/^899 /);
  expect(hello.rows.length).toBeGreaterThan(50);
  expect([hello.state.tools.length, hello.state.leftOut]).toEqual([100, 9_900]);
  expect(text.length).toBeLessThan(8_000_000);
});
