import { expect, test } from "vitest";
import { findRefusal } from "./guard.ts";

const PORT = 8787;

function ask(headers: string[], { method = "GET", url = "/v1/page" } = {}) {
  return findRefusal({ method, url, rawHeaders: headers }, PORT)?.status;
}

const HOST = ["Host", `127.0.0.1:${PORT}`];

test("three literal hosts with our port pass", () => {
  for (const host of ["127.0.0.1:8787", "localhost:8787", "[::1]:8787"])
    expect(ask(["Host", host])).toBeUndefined();
});

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
