import { createServer, type Server } from "node:http";
import type { LookupAddress } from "node:dns";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { isSluiceError } from "../errors.ts";
import { fetchFile, isPrivateAddress } from "./fetch-file.ts";

/** A server on loopback that counts who connects: nothing that is refused may get as far. */
async function openTrap(
  answer: Parameters<typeof createServer>[1] = (_request, response) => void response.end("inside"),
): Promise<{ server: Server; port: number; connections: () => number }> {
  let connections = 0;
  const server = createServer(answer);
  server.on("connection", () => connections++);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port, connections: () => connections };
}

const resolveTo =
  (...addresses: string[]) =>
  (_name: string, done: (fault: Error | null, found: LookupAddress[]) => void): void =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );

const HOSTS = ["cdn.example.com", "*.media.example.com"];

const URLS = [
  "http://cdn.example.com/a",
  "ftp://cdn.example.com/a",
  "file:///etc/passwd",
  "data:text/plain,hello",
  "gopher://cdn.example.com/",
  "javascript:alert(1)",
  "https://127.0.0.1/a",
  "https://localhost/a",
  "https://0.0.0.0/",
  "https://0/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0177.0.0.1/",
  "https://127.1/",
  "https://127.0.0.1.nip.io/",
  "https://[::1]/",
  "https://[::]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:7f00:1]/",
  "https://[fe80::1]/",
  "https://[fd00::1]/",
  "https://[64:ff9b::7f00:1]/",
  "https://169.254.169.254/latest/meta-data/",
  "https://metadata.google.internal/",
  "https://10.0.0.1/",
  "https://192.168.1.1/",
  "https://evil.example/",
  "https://cdn.example.com.evil.example/",
  "https://evil.example/cdn.example.com",
  "https://evil.example#cdn.example.com",
  "https://evil.example?cdn.example.com",
  "https://cdn.example.com@evil.example/",
  "https://user:secret@cdn.example.com/a",
  "https://cdn.example.com:22/",
  "https://cdn.example.com:8443/a",
  "https://media.example.com/",
  "https://xmedia.example.com/",
  "https://media.example.com.evil.example/",
  "https://сdn.example.com/",
  "https://cdn.example.com./a",
  "//cdn.example.com/a",
  "cdn.example.com/a",
  "",
];

test("there are at least 40 URLs that lead elsewhere", () => {
  expect(URLS.length).toBeGreaterThanOrEqual(40);
});

test.each(URLS)("nobody is asked about or connected to for %j", async (url) => {
  const asked: string[] = [];
  const fetching = fetchFile(url, {
    hosts: HOSTS,
    maxBytes: 100,
    resolve: (name, done) => {
      asked.push(name);
      done(null, [{ address: "127.0.0.1", family: 4 }]);
    },
  });
  await expect(fetching).rejects.toThrow(/was refused/);
  expect(asked).toEqual([]);
});

test.each([
  ["127.0.0.1"],
  ["10.1.2.3"],
  ["172.31.0.1"],
  ["192.168.0.1"],
  ["169.254.169.254"],
  ["100.64.0.1"],
  ["0.0.0.0"],
  ["224.0.0.1"],
  ["255.255.255.255"],
  ["::1"],
  ["::ffff:10.0.0.1"],
  ["fe80::1"],
  ["fc00::1"],
  ["64:ff9b::a00:1"],
  ["2002:7f00:1::"],
  ["93.184.216.34", "127.0.0.1"],
])(
  "FETCH-2: a host of the platform that resolves to %s makes no connection",
  async (...addresses) => {
    const fetching = fetchFile("https://cdn.example.com/a", {
      hosts: HOSTS,
      maxBytes: 100,
      resolve: resolveTo(...addresses),
    });
    await expect(fetching).rejects.toThrow(/private or special/);
  },
);

test("addresses of the public internet are ordinary", () => {
  for (const address of [
    "93.184.216.34",
    "1.1.1.1",
    "172.32.0.1",
    "2606:4700::1111",
    "2a00:1450::1",
  ])
    expect(isPrivateAddress(address), address).toBe(false);
  for (const text of ["", "localhost", "1.1.1", "::g"]) expect(isPrivateAddress(text)).toBe(true);
});

test("FETCH-1: a redirect is not followed", async () => {
  const inside = await openTrap();
  const { port } = await openTrap((_request, response) => {
    response.writeHead(302, { location: `http://127.0.0.1:${inside.port}/` }).end();
  });
  const url = `http://127.0.0.1:${port}/a`;
  const fetching = fetchFile(url, { hosts: [], maxBytes: 100, ownOrigin: `127.0.0.1:${port}` });
  await expect(fetching).rejects.toThrow(/redirect/);
  expect(inside.connections()).toBe(0);
});

test("an own server is one address and port, and no other on the same machine", async () => {
  const own = await openTrap();
  const other = await openTrap();
  const options = { hosts: [], maxBytes: 100, ownOrigin: `127.0.0.1:${own.port}` };
  expect(String(await fetchFile(`http://127.0.0.1:${own.port}/a`, options))).toBe("inside");
  await expect(fetchFile(`http://127.0.0.1:${other.port}/a`, options)).rejects.toThrow(/refused/);
  expect(other.connections()).toBe(0);
});

test("FETCH-3: a file that is larger than allowed, or never ends, is given up", async () => {
  const { port } = await openTrap((request, response) => {
    if (request.url === "/slow") response.write("a");
    else for (let i = 0; i < 100; i++) response.write(Buffer.alloc(1_000));
  });
  const options = { hosts: [], maxBytes: 5_000, ownOrigin: `127.0.0.1:${port}`, timeoutMs: 200 };
  const fault = async (path: string): Promise<unknown> =>
    fetchFile(`http://127.0.0.1:${port}${path}`, options).catch((thrown: unknown) => thrown);
  expect(isSluiceError(await fault("/large"), "too_large")).toBe(true);
  expect(await fault("/slow")).toMatchObject({ code: "send_failed", retryable: true });
});
