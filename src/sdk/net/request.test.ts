import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { afterAll, afterEach, expect, onTestFinished, test } from "vitest";
import { isSluiceError } from "../errors.ts";
import { MaybeSent } from "../message.ts";
import { openRequest, request, type RequestOptions } from "./request.ts";
import { AFTER, BEFORE, Certificates, Wire, type WireFault } from "../wire.fixture.ts";

const certificates = new Certificates();
afterAll(() => certificates[Symbol.dispose]());
afterEach(() => void delete process.env["https_proxy"]);

const SECRET = "tk_secretsecretsecret";
const QUICK: RequestOptions = { connectMs: 400, timeoutMs: 5_000 };

/** A platform that keeps what it is told. */
async function openScene({ status = 200, headers = {}, text = "it is done" } = {}) {
  const told: string[] = [];
  const server = createServer((asked, answer) => {
    const chunks: Buffer[] = [];
    asked.on("data", (chunk: Buffer) => chunks.push(chunk));
    asked.on("end", () => {
      told.push(`${asked.method} ${Buffer.concat(chunks).toString()}`);
      answer.writeHead(status, headers).end(text);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const wire = await Wire.open(port, certificates);
  onTestFinished(async () => {
    await wire[Symbol.asyncDispose]();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  const ask = (fault: WireFault, more: RequestOptions = {}): Promise<unknown> =>
    request(`${wire.toRoot(fault)}/bot${SECRET}/send`, {
      ...QUICK,
      method: "POST",
      body: "hello",
      ...more,
    }).then(
      ({ status, body }) => `${status} ${body.toString()}`,
      (thrown: unknown) => thrown,
    );
  return { wire, told, ask, plain: `http://127.0.0.1:${port}/` };
}

test.each(BEFORE)("REQ-1: a connection that $name has told nobody anything", async (fault) => {
  const { wire, told, ask } = await openScene();
  const mend = await fault.begin(wire);
  for (const body of ["hello", Readable.from([Buffer.from("hel"), Buffer.from("lo")])]) {
    const thrown = await ask(fault, { body });
    expect(thrown).toMatchObject({ code: "send_failed", retryable: true });
    expect((thrown as Error).cause).toBeUndefined();
    expect(String(thrown)).toMatch(/no connection/);
    expect(String(thrown)).not.toContain(SECRET);
  }
  expect(told).toEqual([]);
  await mend();
  expect(await ask(fault, { connectMs: 5_000 })).toBe("200 it is done");
  expect(told).toEqual(["POST hello"]);
  await expect.poll(() => wire.openCount).toBe(0);
});

test.each(AFTER)("REQ-2: a request whose connection $name may have arrived", async (fault) => {
  const { wire, told, ask } = await openScene();
  await fault.begin(wire);
  const thrown = await ask(fault, { connectMs: 5_000, timeoutMs: 800 });
  expect(told).toEqual(["POST hello"]);
  expect(thrown).toMatchObject({ code: "send_failed", retryable: true });
  expect((thrown as Error).cause).toBeInstanceOf(MaybeSent);
  expect(String(thrown)).toMatch(/no answer|the answer broke off/);
  expect(String(thrown)).not.toContain(SECRET);
  await expect.poll(() => wire.openCount).toBe(0);
});

test.each([301, 302, 303, 307, 308, 407, 511])(
  "REQ-4: %i is said by what stands between: the platform was not asked",
  async (status) => {
    const { ask, told } = await openScene({
      status,
      headers: { location: `http://portal.test/?from=${SECRET}` },
    });
    const thrown = await ask(BEFORE[0] as WireFault);
    expect(thrown).toMatchObject({ code: "send_failed", retryable: true });
    expect((thrown as Error).cause).toBeUndefined();
    expect(String(thrown)).toContain(String(status));
    expect(String(thrown)).not.toContain(SECRET);
    expect(told).toHaveLength(1);
  },
);

test("REQ-3: each request has a connection of its own, also where the platform would keep one open", async () => {
  const server = createServer((_, answer) => answer.end("it is done"));
  let connections = 0;
  server.on("connection", () => connections++);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  for (let n = 0; n < 3; n++) {
    const { body } = await request(`http://127.0.0.1:${port}/`, QUICK);
    expect(body.toString()).toBe("it is done");
  }
  expect(connections).toBe(3);
});

test.each([200, 400, 404, 429, 500, 502])("%i is an answer, whole", async (status) => {
  const { ask } = await openScene({ status, text: "x".repeat(100_000) });
  expect(await ask(BEFORE[0] as WireFault)).toBe(`${status} ${"x".repeat(100_000)}`);
});

test("an answer that is too large is cut, and the request may have arrived", async () => {
  const { ask, wire } = await openScene({ text: "x".repeat(100_000) });
  const thrown = await ask(BEFORE[0] as WireFault, { maxBytes: 99_999 });
  expect(thrown).toMatchObject({ code: "too_large", retryable: false });
  expect((thrown as Error).cause).toBeInstanceOf(MaybeSent);
  await expect.poll(() => wire.openCount).toBe(0);
});

test("what is stopped before the connection stands was not sent, what is stopped later may have been", async () => {
  const { ask, wire, told } = await openScene();
  const toHang = BEFORE.find(({ name }) => name === "is accepted and nothing is said") as WireFault;
  const mend = await toHang.begin(wire);
  for (const signal of [AbortSignal.abort(), AbortSignal.timeout(50)]) {
    const thrown = await ask(toHang, { signal });
    expect((thrown as Error).message).toBe("no connection (stopped)");
    expect((thrown as Error).cause).toBeUndefined();
  }
  await mend();
  const toWait = AFTER.find(({ name }) => name === "brings no answer") as WireFault;
  await toWait.begin(wire);
  const stop = new AbortController();
  const asked = ask(toWait, { connectMs: 5_000, signal: stop.signal });
  await expect.poll(() => told.length).toBe(1);
  stop.abort();
  const thrown = await asked;
  expect((thrown as Error).message).toBe("no answer (stopped)");
  expect((thrown as Error).cause).toBeInstanceOf(MaybeSent);
  expect(told).toEqual(["POST hello"]);
  await expect.poll(() => wire.openCount).toBe(0);
});

test("a stream goes on behind the deadlines, and ends with its signal", async () => {
  const server = createServer((_asked, answer) => {
    answer.writeHead(200);
    const timer = setInterval(() => answer.write("x"), 50);
    answer.once("close", () => clearInterval(timer));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const stop = new AbortController();
  const limits = { connectMs: 500, timeoutMs: 500, signal: stop.signal };
  const answer = await openRequest(`http://127.0.0.1:${port}/`, limits);
  let bytes = 0;
  const reading = (async () => {
    for await (const chunk of answer as AsyncIterable<Buffer>)
      if ((bytes += chunk.length) > 15) stop.abort();
  })();
  await expect(reading).rejects.toThrow();
  expect(bytes).toBeGreaterThan(15);
});

test("a body that cannot be read ends the request: what is there of it is no message", async () => {
  const { ask, told, wire } = await openScene();
  const body = Readable.from(
    (function* () {
      yield Buffer.from("hel");
      throw new Error("the file is gone");
    })(),
  );
  const thrown = await ask(BEFORE[0] as WireFault, { body });
  expect(isSluiceError(thrown, "send_failed")).toBe(true);
  expect(told).toEqual([]);
  await expect.poll(() => wire.openCount).toBe(0);
});

test("no proxy leads to this machine; to a host whose address is looked at, one does", async () => {
  const { plain, wire } = await openScene();
  process.env["http_proxy"] = process.env["https_proxy"] = `http://127.0.0.1:${wire.proxy.port}`;
  onTestFinished(() => void delete process.env["http_proxy"]);
  expect((await request(plain)).status).toBe(200);
  const lookup: RequestOptions["lookup"] = (_name, _options, done) =>
    done(null, [{ address: "127.0.0.1", family: 4 }]);
  const port = wire.front.port;
  expect(wire.proxy.accepted).toBe(0);
  expect((await request(`https://platform.test:${port}/`, { lookup })).status).toBe(200);
  expect(wire.proxy.accepted).toBe(1);
});

test("an HTTP proxy is told of a request that needs no tunnel: what breaks then may have arrived", async () => {
  const { wire } = await openScene();
  process.env["http_proxy"] = `http://127.0.0.1:${wire.proxy.port}`;
  onTestFinished(() => void delete process.env["http_proxy"]);
  const lines: string[] = [];
  wire.proxy.become((socket) => {
    socket.once("data", (bytes) => {
      lines.push(bytes.toString().split("\r\n")[0] ?? "");
      socket.resetAndDestroy();
    });
  });
  const thrown: unknown = await request("http://platform.test/send", QUICK).catch(
    (fault: unknown) => fault,
  );
  expect(lines).toEqual(["GET http://platform.test/send HTTP/1.1"]);
  expect((thrown as Error).cause).toBeInstanceOf(MaybeSent);
  await wire.proxy.close();
  const unreached: unknown = await request("http://platform.test/send", QUICK).catch(
    (fault: unknown) => fault,
  );
  expect((unreached as Error).cause).toBeUndefined();
});
