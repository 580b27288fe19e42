import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import {
  openIngress,
  openSocket,
  readAnswer,
  sendRaw,
  signGithub,
  TOKEN,
  toRequest,
} from "./rig.fixture.ts";
import type { Ingress, IngressChanges } from "./rig.fixture.ts";

const opened: Ingress[] = [];

async function open(changes?: IngressChanges): Promise<Ingress> {
  const ingress = await openIngress(changes);
  opened.push(ingress);
  return ingress;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ listener }) => listener.close(0)));
});

/** Not `once`, which rejects when the connection ends with a reset. */
function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

const HOST = "Host: hook.example";
const AUTH = `Authorization: Bearer ${TOKEN}`;
const TEXT = "Content-Type: text/plain";
const MIB = 1024 * 1024;

describe("ambiguous requests are refused before anything else, and their connection ends", () => {
  const ok = [HOST, AUTH, TEXT];
  const five = "Content-Length: 5";
  const chunked = "Transfer-Encoding: chunked";
  const cases: [what: string, bytes: Buffer][] = [
    ["a length and chunks", toRequest("POST /in/alerts", [...ok, five, chunked], "0\r\n\r\n")],
    ["chunks and a length", toRequest("POST /in/alerts", [...ok, chunked, five], "0\r\n\r\n")],
    ["two lengths", toRequest("POST /in/alerts", [...ok, five, "Content-Length: 6"], "hello!")],
    ["two equal lengths", toRequest("POST /in/alerts", [...ok, five, five], "hello")],
    ["a list of lengths", toRequest("POST /in/alerts", [...ok, "Content-Length: 5, 5"], "hello")],
    ["a signed length", toRequest("POST /in/alerts", [...ok, "Content-Length: +5"], "hello")],
    ["a hexadecimal length", toRequest("POST /in/alerts", [...ok, "Content-Length: 0x5"], "hello")],
    ["a negative length", toRequest("POST /in/alerts", [...ok, "Content-Length: -5"], "hello")],
    [
      "a coding before chunked",
      toRequest("POST /in/alerts", [...ok, "Transfer-Encoding: gzip, chunked"], "0\r\n\r\n"),
    ],
    ["chunked twice", toRequest("POST /in/alerts", [...ok, chunked, chunked], "0\r\n\r\n")],
    [
      "a blank before the colon",
      toRequest("POST /in/alerts", [...ok, "Transfer-Encoding : chunked"], "0\r\n\r\n"),
    ],
    ["a folded header", toRequest("POST /in/alerts", [...ok, "X-A: b\r\n c", five], "hello")],
    [
      "a bare line feed",
      Buffer.from(`POST /in/alerts HTTP/1.1\n${HOST}\n${AUTH}\n${five}\n\nhello`),
    ],
    [
      "a bad chunk size",
      toRequest("POST /in/alerts", [...ok, chunked], "zz\r\nhello\r\n0\r\n\r\n"),
    ],
    ["a NUL in a header", toRequest("POST /in/alerts", [...ok, "X-A: a\0b", five], "hello")],
    ["two hosts", toRequest("POST /in/alerts", [...ok, "Host: other.example", five], "hello")],
    ["two equal hosts", toRequest("POST /in/alerts", [...ok, HOST, five], "hello")],
    ["no host", toRequest("POST /in/alerts", [AUTH, TEXT, five], "hello")],
    [
      "a host that is none",
      toRequest("POST /in/alerts", ["Host: a b/c", AUTH, TEXT, five], "hello"),
    ],
    ["an absolute target", toRequest("POST http://hook.example/in/alerts", [...ok, five], "hello")],
    ["an authority target", toRequest("POST hook.example:80", [...ok, five], "hello")],
    ["dot segments", toRequest("POST /out/../in/alerts", [...ok, five], "hello")],
    ["encoded dot segments", toRequest("POST /out/%2e%2E/in/alerts", [...ok, five], "hello")],
    ["a backslash", toRequest("POST /in\\alerts", [...ok, five], "hello")],
    ["a fragment", toRequest("POST /in/alerts#x", [...ok, five], "hello")],
    [
      "two content types",
      toRequest("POST /in/alerts", [...ok, "Content-Type: application/json", five], "hello"),
    ],
    [
      "101 headers",
      toRequest("POST /in/alerts", [...ok, five, ...Array<string>(97).fill("X-A: b")], "hello"),
    ],
  ];
  test.each(cases)("%s", async (_what, bytes) => {
    const { port, arrivals } = await open();
    const answer = await sendRaw(port, bytes);
    expect(answer.status).toBe(400);
    expect(answer.headers["connection"]).toBe("close");
    expect(arrivals).toEqual([]);
  });
});

test("a second request hidden in the body of a refused one is not run", async () => {
  const { port, arrivals } = await open();
  const hidden = toRequest("POST /in/alerts", [HOST, AUTH, TEXT, "Content-Length: 1"], "x");
  const outer = toRequest(
    "POST /in/alerts",
    [HOST, HOST, AUTH, `Content-Length: ${hidden.length}`],
    hidden,
  );
  await sendRaw(port, Buffer.concat([outer, hidden]));
  await sleep(50);
  expect(arrivals).toEqual([]);
});

test("a hundred headers are fine, and the last of them still counts", async () => {
  const { port } = await open();
  const fill = Array<string>(96).fill("X-A: b");
  const answer = await sendRaw(
    port,
    toRequest("POST /in/alerts", [HOST, ...fill, TEXT, "Content-Length: 1", AUTH], "x"),
  );
  expect(answer.status).toBe(202);
});

test("what node's parser refuses by itself stays refused", async () => {
  const { port, arrivals } = await open();
  const many = Array<string>(2000).fill("X-A: b");
  const full = await sendRaw(
    port,
    toRequest("POST /in/alerts", [HOST, AUTH, ...many, "Content-Length: 1"], "x"),
  );
  expect([400, 431]).toContain(full.status);
  // Cut off with or without an answer, which the parser's error may overtake.
  const coded = await sendRaw(
    port,
    toRequest("POST /in/alerts", [HOST, AUTH, "Transfer-Encoding: xchunked"], "0\r\n\r\n"),
  );
  expect([0, 400]).toContain(coded.status);
  expect(arrivals).toEqual([]);
});

test("headers over 16 KiB are 431", async () => {
  const { port } = await open();
  const answer = await sendRaw(
    port,
    toRequest("POST /in/alerts", [HOST, AUTH, `X-A: ${"b".repeat(17 * 1024)}`]),
  );
  expect(answer.status).toBe(431);
});

// VERIFY-2
test("a doubled security header is refused, in whatever order the right one comes", async () => {
  const { port, counts, arrivals } = await open();
  const wrong = "Authorization: Bearer tok_wrong_wrong_wrong_wrong";
  for (const pair of [
    [AUTH, wrong],
    [wrong, AUTH],
    [AUTH, AUTH],
  ]) {
    const answer = await sendRaw(
      port,
      toRequest("POST /in/alerts", [HOST, ...pair, TEXT, "Content-Length: 1"], "x"),
    );
    expect(answer.status).toBe(401);
  }
  const { "x-hub-signature-256": signature } = signGithub("{}");
  const signed = `X-Hub-Signature-256: ${signature}`;
  const answer = await sendRaw(
    port,
    toRequest("POST /in/gh", [HOST, signed, signed, "Content-Length: 2"], "{}"),
  );
  expect(answer.status).toBe(401);
  expect(new Set(counts)).toEqual(new Set(["alerts doubled_header", "gh doubled_header"]));
  expect(arrivals).toEqual([]);
});

test("an unsigned header that came twice does not reach the channel", async () => {
  const { port, arrivals } = await open();
  const keys = ["Idempotency-Key: a", "Idempotency-Key: b"];
  const answer = await sendRaw(
    port,
    toRequest("POST /in/alerts", [HOST, AUTH, TEXT, ...keys, "Content-Length: 1"], "x"),
  );
  expect(answer.status).toBe(202);
  expect(arrivals[0]?.deliveryId).toBeUndefined();
});

test("a header that node joins, drops or keeps as a list hides no other one, and lends no value", async () => {
  const { port, arrivals } = await open();
  const odd = ["__proto__: x", "constructor: x", "Set-Cookie: a=b", "Cookie: a=b"];
  const cases = [[], ...odd.map((one) => [one]), ["Cookie: a=b", "cookie: c=d"], odd];
  for (const [index, extra] of cases.entries()) {
    const key = `Idempotency-Key: k${index}`;
    const heads = [HOST, AUTH, TEXT, ...extra, "Content-Length: 1"];
    const keyed = await sendRaw(port, toRequest("POST /in/alerts", [...heads, key], "x"));
    expect(keyed.status, String(extra)).toBe(202);
    expect(arrivals.at(-1)?.deliveryId).toBe(`k${index}`);
    const twice = await sendRaw(port, toRequest("POST /in/alerts", [...heads, key, key], "x"));
    expect(twice.status, String(extra)).toBe(202);
    expect(arrivals.at(-1)?.deliveryId).toBeUndefined();
    const doubled = await sendRaw(port, toRequest("POST /in/alerts", [...heads, AUTH], "x"));
    expect(doubled.status, String(extra)).toBe(401);
    const typed = await sendRaw(port, toRequest("POST /in/alerts", [...heads, TEXT], "x"));
    expect(typed.status, String(extra)).toBe(400);
  }
  expect(arrivals).toHaveLength(2 * cases.length);
});

// INGRESS-5
test("forwarding headers change nothing", async () => {
  const { port, arrivals } = await open();
  const forwarded = [
    "X-Forwarded-For: 127.0.0.1",
    "X-Forwarded-Host: localhost",
    "Forwarded: for=127.0.0.1",
    "X-Original-URL: /in/local",
  ];
  const refused = await sendRaw(
    port,
    toRequest("POST /in/alerts", [HOST, TEXT, ...forwarded, "Content-Length: 1"], "x"),
  );
  expect(refused.status).toBe(401);
  const taken = await sendRaw(
    port,
    toRequest("POST /in/alerts", [HOST, AUTH, TEXT, ...forwarded, "Content-Length: 1"], "x"),
  );
  expect(taken.status).toBe(202);
  expect(JSON.stringify(arrivals)).not.toContain("127.0.0.1");
});

test("an unsigned channel answers to loopback names with this very port only", async () => {
  const { port, arrivals } = await open();
  const post = async (host: string): Promise<number> =>
    (
      await sendRaw(
        port,
        toRequest("POST /in/local", [`Host: ${host}`, TEXT, "Content-Length: 1"], "x"),
      )
    ).status;
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`])
    expect(await post(host)).toBe(202);
  for (const host of [
    "127.0.0.1",
    "localhost",
    `127.0.0.1:${port + 1}`,
    `localhost.:${port}`,
    `LOCALHOST:${port}`,
    `localhost.evil.example:${port}`,
    `127.0.0.1.nip.io:${port}`,
    `0.0.0.0:${port}`,
    `127.1:${port}`,
    `2130706433:${port}`,
    `evil.example:${port}`,
    `evil.example`,
  ]) {
    expect([host, await post(host)]).toEqual([host, 401]);
  }
  // Spelt otherwise than a URL would, or with a user part: no host at all.
  expect(await post(`[::ffff:127.0.0.1]:${port}`)).toBeGreaterThanOrEqual(400);
  expect(await post(`127.0.0.1:${port}@evil.example`)).toBeGreaterThanOrEqual(400);
  expect(arrivals).toHaveLength(3);
});

test("a channel that needs headers the sender lacks reads the body before it says no, as for an unknown name", async () => {
  const { port } = await open();
  for (const name of ["alerts", "gh", "nobody"]) {
    const socket = await openSocket(port);
    let hasAnswer = false;
    socket.once("data", () => (hasAnswer = true));
    socket.write(toRequest(`POST /in/${name}`, [HOST, TEXT, "Content-Length: 2"], "x"));
    await sleep(100);
    expect([name, hasAnswer]).toEqual([name, false]);
    socket.write("y");
    expect((await readAnswer(socket)).status).toBe(401);
    socket.destroy();
  }
});

test("a body of 100 MB that says so is 413 before it has come, and the connection ends though its sender goes on", async () => {
  const { port } = await open();
  for (const name of ["alerts", "gh", "nobody"]) {
    const socket = await openSocket(port);
    const closed = closeOf(socket);
    socket.write(toRequest(`POST /in/${name}`, [HOST, AUTH, TEXT, `Content-Length: ${100 * MIB}`]));
    const flood = setInterval(() => socket.write(Buffer.alloc(256 * 1024)), 5);
    const answer = await readAnswer(socket);
    expect([name, answer.status, answer.headers["connection"]]).toEqual([name, 413, "close"]);
    await closed;
    clearInterval(flood);
  }
});

test("a body of 100 MB in chunks is 413 once over the cap, and the rest stays out of memory", async () => {
  const { port, arrivals } = await open();
  const socket = await openSocket(port);
  const closed = closeOf(socket);
  socket.write(toRequest("POST /in/alerts", [HOST, AUTH, TEXT, "Transfer-Encoding: chunked"]));
  const chunk = Buffer.concat([
    Buffer.from("10000\r\n"),
    Buffer.alloc(65536, 65),
    Buffer.from("\r\n"),
  ]);
  let isOpen = true;
  void closed.then(() => (isOpen = false));
  const answered = readAnswer(socket);
  let sent = 0;
  while (isOpen && sent < 100 * MIB) {
    const isFlushed = socket.write(chunk);
    sent += 65536;
    if (!isFlushed) await Promise.race([once(socket, "drain").catch(() => {}), closed]);
  }
  expect((await answered).status).toBe(413);
  await closed;
  expect(arrivals).toEqual([]);
  // What the kernels on both ends held is counted in: far less than 100 MB was ever taken.
  expect(sent).toBeLessThan(40 * MIB);
});

test("a body exactly at the cap is taken, one byte more is not", async () => {
  const { port } = await open();
  const send = async (bytes: number): Promise<number> =>
    (
      await sendRaw(
        port,
        toRequest(
          "POST /in/alerts",
          [HOST, AUTH, TEXT, `Content-Length: ${bytes}`],
          Buffer.alloc(bytes, 65),
        ),
      )
    ).status;
  expect(await send(MIB)).toBe(202);
  expect(await send(MIB + 1)).toBe(413);
});

test("which bodies are too large tells no one which names there are", async () => {
  const { port } = await open();
  const forged = `X-Hub-Signature-256: sha256=${"0".repeat(64)}`;
  const statuses = async (headers: string[], bytes: number): Promise<number[]> =>
    Promise.all(
      ["alerts", "gh", "local", "nobody"].map(async (name) => {
        const head = [
          HOST,
          TEXT,
          ...headers,
          "X-Forwarded-For: 1.2.3.4",
          `Content-Length: ${bytes}`,
        ];
        const request = toRequest(`POST /in/${name}`, head, Buffer.alloc(bytes, 65));
        return (await sendRaw(port, request)).status;
      }),
    );
  expect(await statuses([], MIB)).toEqual([401, 401, 401, 401]);
  expect(await statuses([], MIB + 1)).toEqual([413, 413, 413, 413]);
  expect(await statuses([forged], 2 * MIB)).toEqual([401, 401, 401, 401]);
  expect(await statuses([forged, AUTH], 2 * MIB)).toEqual([413, 401, 401, 401]);
  const declared = await sendRaw(
    port,
    toRequest("POST /in/nobody", [HOST, TEXT, forged, `Content-Length: ${25 * MIB + 1}`]),
  );
  expect(declared.status).toBe(413);
});

test("a delivery of GitHub's largest size is taken whole", async () => {
  const { port, arrivals } = await open();
  const body = Buffer.from(JSON.stringify({ starred_at: "z".repeat(20 * MIB), repository: {} }));
  const signed = Object.entries(signGithub(body)).map(([name, value]) => `${name}: ${value}`);
  const head = [HOST, "Content-Type: application/json", "X-GitHub-Event: star", ...signed];
  const answer = await sendRaw(
    port,
    toRequest("POST /in/gh", [...head, `Content-Length: ${body.length}`], body),
  );
  expect([answer.status, arrivals.length]).toEqual([202, 1]);
});

test("a small refused body leaves the connection good for the next request", async () => {
  const { port } = await open();
  const socket = await openSocket(port);
  const bodied = [HOST, AUTH, TEXT, "Content-Length: 5"];
  for (const [request, status] of [
    [toRequest("PUT /in/alerts", bodied, "hello"), 405],
    [toRequest("POST /nowhere", bodied, "hello"), 404],
    [toRequest("POST /in/alerts", [...bodied, "Content-Encoding: gzip"], "hello"), 415],
    [toRequest("POST /in/nobody", bodied, "hello"), 401],
    [toRequest("POST /in/alerts", bodied, "hello"), 202],
  ] as const) {
    socket.write(request);
    expect((await readAnswer(socket)).status).toBe(status);
  }
  socket.destroy();
});

test("a sender that waits for 100-continue is invited only for a body that is wanted", async () => {
  const { port } = await open();
  const expecting = [HOST, AUTH, TEXT, "Expect: 100-continue"];
  const unwanted = await sendRaw(
    port,
    toRequest("POST /in/alerts", [...expecting, `Content-Length: ${2 * MIB}`]),
  );
  expect(unwanted.status).toBe(413);
  const socket = await openSocket(port);
  socket.write(toRequest("POST /in/alerts", [...expecting, "Content-Length: 1"]));
  expect((await readAnswer(socket)).status).toBe(100);
  socket.write("x");
  expect((await readAnswer(socket)).status).toBe(202);
  socket.destroy();
});

test("a body that never comes is cut off with 408, and so are headers", async () => {
  const limits = { headersTimeoutMs: 300, requestTimeoutMs: 600, checkIntervalMs: 50 };
  const { port, counts } = await open({ listen: { limits } });
  const headless = sendRaw(port, `POST /in/alerts HTTP/1.1\r\n${HOST}\r\nX-A:`);
  const bodiless = sendRaw(
    port,
    toRequest("POST /in/alerts", [HOST, AUTH, TEXT, "Content-Length: 10"], "x"),
  );
  expect((await headless).status).toBe(408);
  expect((await bodiless).status).toBe(408);
  await expect.poll(() => counts).toEqual(["alerts aborted"]);
});

test("a sender that hangs up in its body is counted, and nothing is kept", async () => {
  const { port, counts, arrivals } = await open();
  const socket = await openSocket(port);
  socket.write(toRequest("POST /in/alerts", [HOST, AUTH, TEXT, "Content-Length: 10"], "x"));
  await sleep(50);
  socket.destroy();
  await expect.poll(() => counts).toEqual(["alerts aborted"]);
  expect(arrivals).toEqual([]);
});

// PROVE-1
test("held-open bodies beyond 64 give way, the oldest first, and honest senders get in", async () => {
  const { port } = await open();
  const slow = await Promise.all(Array.from({ length: 70 }, () => openSocket(port)));
  for (const socket of slow)
    socket.write(toRequest("POST /in/alerts", [HOST, TEXT, "Content-Length: 10"], "x"));
  const first = await readAnswer(slow[0] ?? (await openSocket(port)));
  expect([first.status, first.headers["retry-after"]]).toEqual([503, "1"]);
  const honest = await sendRaw(
    port,
    toRequest("POST /in/alerts", [HOST, AUTH, TEXT, "Content-Length: 1"], "x"),
  );
  expect(honest.status).toBe(202);
  for (const socket of slow) socket.destroy();
});

// LISTENER-1
test("at the cap of connections the oldest idle one gives way, never one that was verified", async () => {
  let crowded = 0;
  const crowdedOut = (): void => void crowded++;
  const { port } = await open({ listen: { limits: { maxConnections: 10 }, crowdedOut } });
  const good = await openSocket(port);
  const request = toRequest("POST /in/alerts", [HOST, AUTH, TEXT, "Content-Length: 1"], "x");
  good.write(request);
  expect((await readAnswer(good)).status).toBe(202);
  const idle: Socket[] = [];
  for (let i = 0; i < 30; i++) idle.push(await openSocket(port));
  expect((await sendRaw(port, request)).status).toBe(202);
  good.write(request);
  expect((await readAnswer(good)).status).toBe(202);
  await expect.poll(() => idle.filter(({ destroyed }) => !destroyed).length).toBeLessThan(10);
  // Whoever owns the channel hears that there were more than it takes.
  expect(crowded).toBeGreaterThanOrEqual(21);
  for (const socket of [good, ...idle]) socket.destroy();
});
