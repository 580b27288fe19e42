import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import type { RequestOptions } from "node:https";
import { createServer, Server } from "node:net";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { IngressOutcome } from "./contract.ts";
import { openIngress, openSocket, readAnswer, TOKEN, toRequest } from "./rig.fixture.ts";
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

const POST = toRequest(
  "POST /in/alerts",
  ["Host: a", `Authorization: Bearer ${TOKEN}`, "Content-Type: text/plain", "Content-Length: 1"],
  "x",
);

test("ingress listens on the literal loopback address by default", async () => {
  const { port } = await open();
  const other = createServer();
  // The same port on another loopback address is free, so the first took 127.0.0.1 alone.
  other.listen(port, "127.0.0.2");
  await once(other, "listening");
  other.close();
});

test("a port that another program holds is an error that names the program", async () => {
  const script =
    "require('net').createServer().listen(0,'127.0.0.1',function(){console.log(this.address().port)})";
  const holder = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [line] = await once(holder.stdout, "data");
    const port = Number(String(line));
    await expect(openIngress({ listen: { port } })).rejects.toMatchObject({
      code: "port_taken",
      message: expect.stringMatching(new RegExp(`${port}.*pid ${holder.pid}`)),
    });
  } finally {
    holder.kill();
  }
});

test("a connection that breaks before it is accepted ends nothing", async () => {
  const { port } = await open();
  // What the system's accept gives cannot be arranged from outside: node's own callback for it is called.
  type Handle = { onconnection(status: number): void };
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  const server = handles.find((one): one is Server & { _handle: Handle } => {
    if (!(one instanceof Server)) return false;
    const address = one.address();
    return typeof address === "object" && address?.port === port;
  });
  const { EHOSTUNREACH } = constants.errno;
  server?._handle.onconnection(-EHOSTUNREACH);
  expect(server).toBeDefined();
  const socket = await openSocket(port);
  socket.write(POST);
  expect((await readAnswer(socket)).status).toBe(202);
  socket.destroy();
});

test("an address that is not ours is bad_config, not a crash", async () => {
  await expect(openIngress({ listen: { host: "192.0.2.1" } })).rejects.toMatchObject({
    code: "bad_config",
  });
});

test("closing lets a running request end, answers newcomers on open connections 503, then is gone", async () => {
  const held = Promise.withResolvers<IngressOutcome>();
  const begun = Promise.withResolvers<void>();
  const accept = () => (begun.resolve(), held.promise);
  const { listener, port } = await open({ options: { accept } });
  const [busy, idle] = [await openSocket(port), await openSocket(port)];
  idle.write(POST.subarray(0, 20)); // Begun, so it is not swept as idle.
  busy.write(POST);
  await begun.promise;
  await sleep(50);
  const closed = listener.close(5000);
  idle.write(POST.subarray(20));
  const late = await readAnswer(idle);
  expect([late.status, late.headers["retry-after"], late.headers["connection"]]).toEqual([
    503,
    "5",
    "close",
  ]);
  held.resolve({ kind: "stored", id: "evt_1", duplicate: false });
  expect((await readAnswer(busy)).status).toBe(202);
  await closed;
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});

test("closing cuts what does not end within the grace", async () => {
  const begun = Promise.withResolvers<void>();
  const accept = () => (begun.resolve(), new Promise<never>(() => {}));
  const { listener, port } = await open({ options: { accept } });
  const socket = await openSocket(port);
  socket.write(POST);
  await begun.promise;
  await listener.close(100);
  expect((await readAnswer(socket)).status).toBe(0);
});

test("client certificates without TLS are refused before the port opens", async () => {
  await expect(openIngress({ listen: { clientCa: "x" } })).rejects.toMatchObject({
    code: "bad_config",
  });
});

test("a certificate that is none is bad_config", async () => {
  const tls = { cert: "not a certificate", key: "not a key" };
  await expect(openIngress({ listen: { tls } })).rejects.toMatchObject({ code: "bad_config" });
});

const hasOpenssl = canRun("openssl", ["version"]);

// The certificates are made by the openssl program; without it there are none to test with.
describe.skipIf(!hasOpenssl)("with TLS and --client-ca", () => {
  let folder = "";
  const read = (name: string): Buffer => readFileSync(join(folder, name));

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sluice-tls-"));
    for (const ca of ["ours", "theirs"]) makeCa(ca);
    makeCert("server", "ours", "subjectAltName=IP:127.0.0.1");
    makeCert("friend", "ours", "extendedKeyUsage=clientAuth");
    makeCert("stranger", "theirs", "extendedKeyUsage=clientAuth");
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function openssl(...args: string[]): void {
    execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  }

  function makeCa(name: string): void {
    openssl(
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "2",
      "-subj",
      `/CN=${name} CA`,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
    );
  }

  function makeCert(name: string, ca: string, extension: string): void {
    writeFileSync(join(folder, `${name}.ext`), extension);
    openssl(
      "req",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-subj",
      `/CN=${name}`,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
    );
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      "-CA",
      `${ca}.pem`,
      "-CAkey",
      `${ca}.key`,
      "-CAcreateserial",
      "-days",
      "2",
      "-extfile",
      `${name}.ext`,
      "-out",
      `${name}.pem`,
    );
  }

  function post(port: number, more: RequestOptions): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "text/plain" };
      const sent = request({
        host: "127.0.0.1",
        port,
        path: "/in/alerts",
        method: "POST",
        headers,
        ca: read("ours.pem"),
        agent: false,
        ...more,
      });
      sent.on("response", (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      sent.on("error", reject);
      sent.end("x");
    });
  }

  test("only a client with a certificate of our CA gets through, and still needs its token", async () => {
    const tls = { cert: read("server.pem"), key: read("server.key") };
    const { port, arrivals } = await open({ listen: { tls, clientCa: read("ours.pem") } });
    const friend = { cert: read("friend.pem"), key: read("friend.key") };
    expect(await post(port, friend)).toBe(202);
    expect(await post(port, { ...friend, headers: {} })).toBe(401);
    await expect(post(port, {})).rejects.toThrow();
    await expect(
      post(port, { cert: read("stranger.pem"), key: read("stranger.key") }),
    ).rejects.toThrow();
    const plain = await openSocket(port);
    plain.write(POST);
    expect((await readAnswer(plain)).status).toBe(0);
    expect(arrivals).toHaveLength(1);
  });

  test("TLS alone asks for no certificate", async () => {
    const tls = { cert: read("server.pem"), key: read("server.key") };
    const { port } = await open({ listen: { tls } });
    expect(await post(port, {})).toBe(202);
  });

  test("under TLS too a verified connection stays when connections run out", async () => {
    const tls = { cert: read("server.pem"), key: read("server.key") };
    const { port } = await open({ listen: { tls, limits: { maxConnections: 5 } } });
    const { Agent } = await import("node:https");
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: read("ours.pem") });
    expect(await post(port, { agent })).toBe(202);
    const idle = [];
    for (let i = 0; i < 10; i++) idle.push(await openSocket(port));
    expect(await post(port, { agent })).toBe(202);
    expect(Object.keys(agent.freeSockets).length + Object.keys(agent.sockets).length).toBe(1);
    agent.destroy();
    for (const socket of idle) socket.destroy();
  });
});

function canRun(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false; // Not installed: that is the answer.
  }
}
