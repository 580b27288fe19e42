import { createServer } from "node:http";
import { type AddressInfo, connect as connectSocket } from "node:net";
import { afterAll, afterEach, expect, onTestFinished, test } from "vitest";
import { FakeProxy } from "../../../test/fakes/proxy/fake-proxy.ts";
import { fetchFile } from "./fetch-file.ts";
import { MaybeSent } from "../message.ts";
import { findProxy, type ProxyEnv } from "./proxy.ts";
import { request, type RequestOptions } from "./request.ts";
import { Certificates, Wire } from "../wire.fixture.ts";

const certificates = new Certificates();
afterAll(() => certificates[Symbol.dispose]());
const NAMES = ["http_proxy", "https_proxy", "no_proxy"].flatMap((name) => [
  name,
  name.toUpperCase(),
]);
afterEach(() => {
  for (const name of NAMES) delete process.env[name];
});

const PROXY = "http://proxy.corp:3128";
const QUICK: RequestOptions = { connectMs: 2_000, timeoutMs: 5_000 };

function leads(url: string, env: ProxyEnv): string | undefined {
  return findProxy(new URL(url), env)?.url.host;
}

test.each<[url: string, env: ProxyEnv, host: string | undefined]>([
  ["https://api.test/", {}, undefined],
  ["https://api.test/", { HTTPS_PROXY: PROXY }, "proxy.corp:3128"],
  ["https://api.test/", { https_proxy: PROXY }, "proxy.corp:3128"],
  ["https://api.test/", { https_proxy: PROXY, HTTPS_PROXY: "http://other:1" }, "proxy.corp:3128"],
  ["https://api.test/", { https_proxy: "", HTTPS_PROXY: PROXY }, "proxy.corp:3128"],
  ["https://api.test/", { HTTP_PROXY: PROXY }, "proxy.corp:3128"],
  ["https://api.test/", { HTTPS_PROXY: "http://tls:1", http_proxy: PROXY }, "tls:1"],
  ["http://api.test/", { HTTP_PROXY: PROXY }, "proxy.corp:3128"],
  ["http://api.test/", { http_proxy: PROXY }, "proxy.corp:3128"],
  ["http://api.test/", { HTTPS_PROXY: PROXY }, undefined],
  ["https://api.test/", { ALL_PROXY: PROXY, all_proxy: PROXY }, undefined],
  ["https://api.test/", { HTTPS_PROXY: "  " }, undefined],
  // As people write them.
  ["https://api.test/", { HTTPS_PROXY: "proxy.corp:3128" }, "proxy.corp:3128"],
  ["https://api.test/", { HTTPS_PROXY: "ann:secret@proxy.corp:3128" }, "proxy.corp:3128"],
  ["https://api.test/", { HTTPS_PROXY: ` ${PROXY}/ ` }, "proxy.corp:3128"],
  ["https://api.test/", { HTTPS_PROXY: "https://proxy.corp" }, "proxy.corp"],
  ["https://api.test/", { HTTPS_PROXY: "http://[fd00::1]:3128" }, "[fd00::1]:3128"],
])("%s with %j goes by %s", (url, env, host) => {
  expect(leads(url, env)).toBe(host);
});

test.each<[noProxy: string, direct: string[], proxied: string[]]>([
  ["*", ["https://api.test/", "https://10.0.0.1/"], []],
  [
    "api.test",
    ["https://api.test/", "https://API.test/", "https://a.api.test/", "https://api.test./"],
    ["https://xapi.test/", "https://test/"],
  ],
  [".api.test", ["https://a.api.test/", "https://api.test/"], ["https://xapi.test/"]],
  ["*.api.test", ["https://a.api.test/", "https://a.b.api.test/"], ["https://xapi.test/"]],
  ["API.Test", ["https://api.test/"], []],
  ["api.test.", ["https://api.test/"], []],
  ["other.test, api.test", ["https://api.test/", "https://other.test/"], ["https://third.test/"]],
  ["other.test  api.test", ["https://api.test/", "https://other.test/"], []],
  [" ,, api.test ,", ["https://api.test/"], ["https://third.test/"]],
  ["api.test:443", ["https://api.test/"], ["https://api.test:8443/"]],
  ["api.test:8443", ["https://api.test:8443/"], ["https://api.test/"]],
  ["https://api.test/", ["https://api.test/"], ["https://third.test/"]],
  ["*:8443", ["https://api.test:8443/"], ["https://api.test/"]],
  ["a*.test", ["https://api.test/"], ["https://bpi.test/"]],
  ["10.0.0.1", ["https://10.0.0.1/"], ["https://10.0.0.2/", "https://10.0.0.11/"]],
  ["10.0.0.1:443", ["https://10.0.0.1/"], ["https://10.0.0.1:444/"]],
  ["10.0.0.0/8", ["https://10.200.3.4/"], ["https://11.0.0.1/", "https://10.test/"]],
  ["10.0.0.5-10.0.0.9", ["https://10.0.0.7/"], ["https://10.0.0.10/"]],
  ["10.*", ["https://10.200.3.4/"], ["https://11.0.0.1/"]],
  ["fd00::1", ["https://[fd00::1]/", "https://[fd00:0::1]:8443/"], ["https://[fd00::2]/"]],
  ["[fd00::1]:8443", ["https://[fd00::1]:8443/"], ["https://[fd00::1]/"]],
  ["fd00::/8", ["https://[fd12::1]/"], ["https://[2001:db8::1]/", "https://10.0.0.1/"]],
  ["münchen.test", ["https://www.münchen.test/"], ["https://munchen.test/"]],
  ["10.0.0.0/99,10.0.0.9-10.0.0.5,/,:,::,[,(,.", [], ["https://api.test/", "https://10.0.0.7/"]],
  ["", [], ["https://api.test/"]],
])("NO_PROXY=%j", (noProxy, direct, proxied) => {
  for (const name of ["NO_PROXY", "no_proxy"]) {
    const env = { HTTPS_PROXY: PROXY, [name]: noProxy };
    for (const url of direct) expect([url, leads(url, env)]).toEqual([url, undefined]);
    for (const url of proxied) expect([url, leads(url, env)]).toEqual([url, "proxy.corp:3128"]);
  }
});

test("PROXY-1: no proxy leads to this machine, by whatever name or address", () => {
  for (const host of [
    "localhost",
    "LOCALHOST",
    "localhost.",
    "app.localhost",
    "127.0.0.1",
    "127.1",
    "2130706433",
    "127.8.9.10",
    "0.0.0.0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
  ])
    expect([host, leads(`http://${host}:8788/`, { http_proxy: PROXY })]).toEqual([host, undefined]);
  for (const host of ["localhost.test", "128.0.0.1", "xlocalhost", "127.0.0.1.test"])
    expect(leads(`http://${host}/`, { http_proxy: PROXY })).toBe("proxy.corp:3128");
});

test.each([
  "http://",
  "http://ann:pass#word@proxy.corp:3128",
  "http://ann:12/34@proxy.corp:3128",
  "http://ann:12?34@proxy.corp:3128",
  "http://ann:12@34#word@proxy.corp:3128",
  "http://ann:12@34/word@proxy.corp:3128",
  "http://proxy.corp:notaport",
  "socks5://ann:pass@proxy.corp:1080",
  "socks5h://proxy.corp",
  "file:///etc/passwd",
  "http://proxy corp",
])("PROXY-2, PROXY-3: %j is a fault that says so, and nothing goes past it", async (value) => {
  process.env["HTTPS_PROXY"] = value;
  const thrown: unknown = await request("https://platform.test/", QUICK).catch(
    (fault: unknown) => fault,
  );
  expect(thrown).toMatchObject({ code: "send_failed", retryable: true });
  expect(String(thrown)).toMatch(
    /no connection: HTTPS_PROXY (is not the URL of a proxy|names a proxy of the kind)/,
  );
  expect(String(thrown)).not.toMatch(/ann|pass#|12|corp/);
});

/** A platform over TLS that only the proxy knows, and a plain one. */
async function openScene({ isTls = false } = {}) {
  const told: string[] = [];
  const server = createServer((asked, answer) => {
    told.push(`${asked.method} ${asked.url} ${asked.headers["proxy-authorization"] ?? ""}`.trim());
    asked.resume().once("end", () => answer.end("it is done"));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const wire = await Wire.open(port, certificates);
  const proxy = await FakeProxy.open(isTls ? certificates.pems.good : undefined);
  proxy.names.set("platform.test", wire.front.port).set("plain.test", port);
  onTestFinished(async () => {
    await proxy.close();
    await wire[Symbol.asyncDispose]();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  const ask = (url: string, more: RequestOptions = {}): Promise<unknown> =>
    request(url, { ...QUICK, method: "POST", body: "hello", ...more }).then(
      ({ status, body }) => `${status} ${body.toString()}`,
      (fault: unknown) => fault,
    );
  return { proxy, wire, told, ask };
}

const TLS = "https://platform.test/bot/send";
const PLAIN = "http://plain.test/send?a=1";

test.each([{ isTls: false }, { isTls: true }])(
  "a proxy with a sign-in carries both kinds of request, itself over TLS: $isTls",
  async ({ isTls }) => {
    const { proxy, told, ask } = await openScene({ isTls });
    proxy.demands = "ann:s:cret @ü%";
    process.env["HTTPS_PROXY"] = proxy.toUrl("ann:s:cret%20%40%C3%BC%25");
    expect(await ask(TLS)).toBe("200 it is done");
    expect(await ask(PLAIN)).toMatchObject({ code: "send_failed" });
    process.env["HTTP_PROXY"] = process.env["HTTPS_PROXY"];
    expect(await ask(PLAIN)).toBe("200 it is done");
    expect(proxy.asked).toEqual(["CONNECT platform.test:443", `POST ${PLAIN}`]);
    // The server behind it hears nothing of the sign-in.
    expect(told).toEqual(["POST /bot/send", "POST /send?a=1"]);
    await expect.poll(() => proxy.openCount).toBe(0);
  },
);

test("a percent sign in a password is one, beside characters that a URL escapes", async () => {
  const { proxy, ask } = await openScene();
  proxy.demands = "ann:100%^x@";
  process.env["HTTPS_PROXY"] = proxy.toUrl("ann:100%^x%40");
  expect(await ask(TLS)).toBe("200 it is done");
});

const REFUSALS: { name: string; begin: (proxy: FakeProxy) => void; says: RegExp }[] = [
  {
    name: "wants a sign-in",
    begin: (proxy) => void (proxy.demands = "ann:other"),
    says: /the proxy \S+ wants a name and a password \(407\); write them into HTTPS_PROXY as http:\/\/NAME:PASSWORD@127\.0\.0\.1:\d+, and start the hub anew/,
  },
  {
    name: "wants a sign-in that is not known",
    begin: (proxy) => void ((proxy.demands = "ann:other"), (proxy.challenge = "Negotiate, NTLM")),
    says: /wants a sign-in of the kind Negotiate or NTLM, which is not known here \(407\)/,
  },
  {
    name: "wants a sign-in of one kind or another",
    begin: (proxy) =>
      void ((proxy.demands = "ann:other"),
      (proxy.challenge = 'Digest realm="a, Basic", nonce="b", Basic realm="c"')),
    says: /wants a name and a password \(407\)/,
  },
  ...[500, 502, 503, 504].map((status) => ({
    name: `says ${status}`,
    begin: (proxy: FakeProxy) => void (proxy.mode = { status }),
    says: new RegExp(String.raw`the proxy \S+ did not get through to platform\.test \(${status}\)`),
  })),
  {
    name: "says 403",
    begin: (proxy) => void (proxy.mode = { status: 403 }),
    says: /the proxy \S+ does not let platform\.test through \(403\)/,
  },
  {
    name: "says 302",
    begin: (proxy) =>
      void (proxy.mode = { status: 302, headers: { Location: "http://portal.test/?s=cret" } }),
    says: /the proxy \S+ answered with a redirect/,
  },
  {
    name: "hangs",
    begin: (proxy) => void (proxy.mode = "hang"),
    says: /no connection in 2 s \(waiting for the proxy 127\.0\.0\.1:\d+\)/,
  },
];

test.each(REFUSALS)(
  "a proxy that $name is named, and nothing was sent",
  async ({ begin, says }) => {
    const { proxy, told, ask } = await openScene();
    process.env["HTTPS_PROXY"] = proxy.toUrl();
    begin(proxy);
    const thrown = await ask(TLS);
    expect(thrown).toMatchObject({ code: "send_failed", retryable: true });
    expect((thrown as Error).cause).toBeUndefined();
    expect((thrown as Error).message).toMatch(says);
    expect((thrown as Error).message).toContain("no connection");
    expect((thrown as Error).message).toContain(proxy.host);
    expect(told).toEqual([]);
    await expect.poll(() => proxy.openCount).toBe(0);
    proxy.mode = "pass";
    proxy.demands = undefined;
    expect(await ask(TLS)).toBe("200 it is done");
  },
);

test("a proxy that refuses a name and a password is named without them", async () => {
  const { proxy, told, ask } = await openScene();
  proxy.demands = "ann:right";
  process.env["http_proxy"] = proxy.toUrl("annsname:wrongsecret");
  for (const url of [TLS, PLAIN]) {
    const { message, cause } = (await ask(url)) as Error;
    expect(message).toContain(
      `the proxy ${proxy.host} refuses the name and password of http_proxy (407)`,
    );
    expect(message).not.toMatch(/annsname|wrongsecret/);
    expect(cause).toBeUndefined();
  }
  expect(told).toEqual([]);
});

test("a proxy that is not there, or speaks something else, is named", async () => {
  const { proxy, wire, ask } = await openScene();
  process.env["HTTPS_PROXY"] = proxy.toUrl("ann:secret");
  const { host } = proxy;
  await proxy.close();
  expect(((await ask(TLS)) as Error).message).toMatch(
    new RegExp(String.raw`no connection: the proxy ${host} cannot be reached \(ECONNREFUSED\)`),
  );
  process.env["HTTPS_PROXY"] = `http://127.0.0.1:${wire.front.port}`;
  wire.front.become((socket) => void socket.write("SSH-2.0-OpenSSH_9.6\r\n"));
  expect(((await ask(TLS)) as Error).message).toMatch(
    /no connection: the proxy \S+ broke off \(HPE_/,
  );
  process.env["HTTPS_PROXY"] = `https://127.0.0.1:${wire.front.port}`;
  wire.front.become((socket, { secure }) => void secure.call(wire, socket, "unknown"));
  expect(((await ask(TLS)) as Error).message).toMatch(
    /vouches for the certificate of 127\.0\.0\.1/,
  );
});

test.each([502, 504])(
  "%i of a proxy that passes a plain request on: it may have arrived; 503 says that it has not",
  async (status) => {
    const { proxy, told, ask } = await openScene();
    process.env["HTTP_PROXY"] = proxy.toUrl();
    proxy.mode = { status };
    const unheard = (await ask(PLAIN)) as Error;
    expect(unheard.message).toBe(`no answer (${status} came through the proxy ${proxy.host})`);
    expect(unheard.cause).toBeInstanceOf(MaybeSent);
    proxy.mode = { status: 503 };
    const unsent = (await ask(PLAIN)) as Error;
    expect(unsent.message).toContain(
      `the proxy ${proxy.host} did not get through to plain.test (503)`,
    );
    expect(unsent.cause).toBeUndefined();
    expect(told).toEqual([]);
  },
);

test("CONNECT-2: a certificate that nobody vouches for is refused, whatever the environment says, and named: in the tunnel, of the proxy, without one", async () => {
  const { proxy, wire, told, ask } = await openScene();
  wire.front.become((socket) => void wire.secure(socket, "unknown"));
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  onTestFinished(() => void delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"]);
  const expected = (host: string): RegExp =>
    new RegExp(
      String.raw`^no connection: nobody known here vouches for the certificate of ${host} \(\w+\); .*NODE_EXTRA_CA_CERTS`,
    );
  process.env["HTTPS_PROXY"] = proxy.toUrl();
  expect(((await ask(TLS)) as Error).message).toMatch(expected("platform.test"));
  process.env["HTTPS_PROXY"] = `https://127.0.0.1:${wire.front.port}`;
  expect(((await ask(TLS)) as Error).message).toMatch(expected("127.0.0.1"));
  delete process.env["HTTPS_PROXY"];
  const direct = await ask(`https://127.0.0.1:${wire.front.port}/`);
  expect((direct as Error).message).toMatch(expected("127.0.0.1"));
  expect(told).toEqual([]);
});

test("a proxy of HTTP/1.0 that announces a body opens a tunnel; one whose head never ends is named", async () => {
  const { proxy, wire, ask } = await openScene();
  process.env["HTTPS_PROXY"] = `http://127.0.0.1:${wire.proxy.port}`;
  wire.proxy.become((socket) => {
    socket.once("data", () => {
      const reached = connectSocket(wire.front.port, "127.0.0.1");
      reached.on("error", () => socket.destroy());
      socket.write("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n");
      socket.pipe(reached).pipe(socket);
      socket.once("close", () => reached.destroy());
    });
  });
  expect(await ask(TLS)).toBe("200 it is done");
  wire.proxy.become((socket) => void socket.write(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}`));
  expect(((await ask(TLS)) as Error).message).toMatch(
    /^no connection: the proxy \S+ broke off \(HPE_/,
  );
  expect(proxy.asked).toEqual([]);
});

test("FETCH-2: a file's host is asked by the proxy; without one its address is looked at", async () => {
  const { proxy, told } = await openScene();
  const options = { hosts: ["platform.test"], maxBytes: 100 };
  const resolve: (typeof options & Parameters<typeof fetchFile>[1])["resolve"] = (_name, done) =>
    done(null, [{ address: "127.0.0.1", family: 4 }]);
  process.env["HTTPS_PROXY"] = proxy.toUrl();
  expect(String(await fetchFile("https://platform.test/file", { ...options, resolve }))).toBe(
    "it is done",
  );
  expect(proxy.asked).toEqual(["CONNECT platform.test:443"]);
  process.env["NO_PROXY"] = "platform.test";
  await expect(fetchFile("https://platform.test/file", { ...options, resolve })).rejects.toThrow(
    /private or special/,
  );
  expect(told).toEqual(["GET /file"]);
  delete process.env["NO_PROXY"];
  proxy.mode = { status: 502 };
  await expect(fetchFile("https://platform.test/file", options)).rejects.toThrow(
    `a file at platform.test was not given: no connection: the proxy ${proxy.host} did not get through`,
  );
  await expect(fetchFile("https://evil.test/file", options)).rejects.toThrow(/was refused/);
});
