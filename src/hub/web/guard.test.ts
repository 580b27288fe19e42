import { expect, test } from "vitest";
import { findRefusal } from "./guard.ts";

const PORT = 8787;

const REMOTE = { origin: "https://sluice.example.org", host: "sluice.example.org" };

function ask(
  headers: string[],
  { method = "GET", url = "/v1/page", remote = undefined as typeof REMOTE | undefined } = {},
) {
  return findRefusal({ method, url, rawHeaders: headers }, PORT, remote)?.status;
}

const HOST = ["Host", `127.0.0.1:${PORT}`];

test("three literal hosts with our port pass", () => {
  for (const host of ["127.0.0.1:8787", "localhost:8787", "[::1]:8787"])
    expect(ask(["Host", host])).toBeUndefined();
});

// GUARD-1
test("any other host is refused, whatever it resembles", () => {
  const hosts = [
    "",
    "127.0.0.1",
    "localhost",
    "[::1]",
    "127.0.0.1:8788",
    "127.0.0.1:08787",
    "127.0.0.1.:8787",
    "localhost.:8787",
    "LOCALHOST:8787",
    "localhost.evil.example:8787",
    "127.0.0.1.nip.io:8787",
    "evil.example",
    "evil.example:8787",
    "0.0.0.0:8787",
    "127.1:8787",
    "2130706433:8787",
    "0x7f.0.0.1:8787",
    "127.0.0.2:8787",
    "user@127.0.0.1:8787",
    "127.0.0.1:8787@evil.example",
    "[::]:8787",
    "[0:0:0:0:0:0:0:1]:8787",
    "[::ffff:127.0.0.1]:8787",
    "127.0.0.1:8787, evil.example",
    "127.0.0.1:8787 ",
  ];
  expect(hosts.length).toBe(25);
  for (const host of hosts) expect([host, ask(["Host", host])]).toEqual([host, 403]);
  expect(ask([])).toBe(403);
  expect(ask([...HOST, "host", "127.0.0.1:8787"])).toBe(403);
});

test("the tunnel's name passes where the owner named it, and no name that resembles it", () => {
  expect(ask(["Host", REMOTE.host])).toBe(403);
  expect(ask(["Host", REMOTE.host], { remote: REMOTE })).toBeUndefined();
  const hosts = [
    "SLUICE.example.org",
    "sluice.example.org.",
    "sluice.example.org:443",
    "sluice.example.org:8787",
    "sluice.example.org:8787@evil.example",
    "x.sluice.example.org",
    "sluice.example.org.evil.example",
    "example.org",
    "sluice-example.org",
    "sluice.example.org, evil.example",
    "sluice.example.org ",
    "evil.example",
    "",
    "127.0.0.1",
    "localhost",
    "localhost:8788",
    "0.0.0.0:8787",
  ];
  for (const host of hosts)
    expect([host, ask(["Host", host], { remote: REMOTE })]).toEqual([host, 403]);
  const both = ["Host", REMOTE.host, "Host", "127.0.0.1:8787"];
  expect(ask(both, { remote: REMOTE })).toBe(403);
  expect(ask([], { remote: REMOTE })).toBe(403);
});

test("through the tunnel only its own https origin may ask; at home it is foreign", () => {
  const through = ["Host", REMOTE.host];
  expect(ask([...through, "Origin", REMOTE.origin], { remote: REMOTE })).toBeUndefined();
  const origins = [
    "http://sluice.example.org",
    "https://sluice.example.org:444",
    "https://evil.sluice.example.org",
    "https://example.org",
    "http://127.0.0.1:8787",
    "null",
  ];
  for (const origin of origins)
    expect([origin, ask([...through, "Origin", origin], { remote: REMOTE })]).toEqual([
      origin,
      403,
    ]);
  for (const site of ["same-site", "cross-site", "none"])
    expect(ask([...through, "Sec-Fetch-Site", site], { remote: REMOTE })).toBe(403);
  expect(ask([...HOST, "Origin", REMOTE.origin], { remote: REMOTE })).toBe(403);
});

test("what a tunnel adds is taken under its own name, and refused under this machine's", () => {
  for (const name of ["CF-Connecting-IP", "X-Forwarded-For", "Forwarded"]) {
    expect(ask(["Host", REMOTE.host, name, "203.0.113.5"], { remote: REMOTE })).toBeUndefined();
    expect(ask([...HOST, name, "127.0.0.1"], { remote: REMOTE })).toBe(403);
  }
  const lie = ["Host", "evil.example", "X-Forwarded-Host", REMOTE.host];
  expect(ask(lie, { remote: REMOTE })).toBe(403);
});

// GUARD-2
test("only our own origin may ask, and no other port is our own", () => {
  expect(ask([...HOST, "Origin", "http://127.0.0.1:8787"])).toBeUndefined();
  const origins = [
    "null",
    "http://127.0.0.1:9999",
    "http://localhost:8787",
    "https://127.0.0.1:8787",
    "http://evil.example",
  ];
  for (const origin of origins) expect(ask([...HOST, "Origin", origin])).toBe(403);
  for (const site of ["same-site", "cross-site", "none"])
    expect(ask([...HOST, "Sec-Fetch-Site", site])).toBe(403);
  // A link to the page itself may be followed from anywhere.
  expect(ask([...HOST, "Sec-Fetch-Site", "cross-site"], { url: "/" })).toBeUndefined();
});

// GUARD-3
test("what came through a proxy or names another target is refused", () => {
  for (const name of ["CF-Connecting-IP", "X-Forwarded-For", "forwarded", "x-real-ip"])
    expect(ask([...HOST, name, "203.0.113.5"])).toBe(403);
  for (const url of ["http://evil.example/v1/page", "//evil.example/", "*"])
    expect(ask(HOST, { url })).toBe(400);
});

test("a change needs the one content type that no form can send", () => {
  const post = (type: string[], url = "/v1/chats") =>
    ask([...HOST, ...type], { method: "POST", url });
  expect(post(["Content-Type", "application/json"])).toBeUndefined();
  const types = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-8",
    "application/jsonp",
    "text/json",
  ];
  for (const type of types) expect(post(["Content-Type", type])).toBe(415);
  expect(post([])).toBe(415);
  expect(post(["Content-Type", "application/json", "Content-Type", "application/json"])).toBe(415);
  expect(post(["Content-Type", "application/octet-stream"], "/v1/files?name=a")).toBeUndefined();
  expect(post(["Content-Type", "application/octet-stream"], "/v1/filesystem")).toBe(415);
});

test("a path that only the routes would take for the page's data is refused", () => {
  for (const url of [
    "/%761/prompts",
    "/%76%31/push/answer",
    "/x/../v1/prompts",
    "/./v1/prompts",
    "/%2e/v1/prompts",
    "/x/%2E%2e/v1/prompts",
    "/v1/../v1/prompts",
    "/x\\..\\v1/prompts",
  ])
    expect([url, ask([...HOST, "Sec-Fetch-Site", "cross-site"], { url })]).toEqual([url, 400]);
  for (const url of [
    "/",
    "/?a=%76/../b",
    "/icon.svg",
    "/assets/index-a.b.js",
    "/v1/sessions/a%20b/stop",
  ])
    expect([url, ask(HOST, { url })]).toEqual([url, undefined]);
});
