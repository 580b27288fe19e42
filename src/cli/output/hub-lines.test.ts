import { expect, test } from "vitest";
import type { SessionView } from "../../api/wire/wire.ts";
import { renderSessions, toAddress, toReach } from "./hub-lines.ts";

test.each(["127.0.0.1", "127.8.0.1", "::1"])("%s is this machine's own", (host) => {
  expect(toReach(host)).toBe("");
});

test("an IPv6 address stands in brackets, as in a URL", () => {
  expect([toAddress("127.0.0.1", 8788), toAddress("::1", 8788)]).toEqual([
    "127.0.0.1:8788",
    "[::1]:8788",
  ]);
});

test.each(["0.0.0.0", "::", "192.168.1.7", "fe80::1"])(
  "%s is said to be in reach of others, and how to take that back",
  (host) => {
    expect(toReach(host)).toContain("other machines reach it");
    expect(toReach(host)).toContain("sluice up --host 127.0.0.1");
  },
);

test("a session to which nothing was delivered yet is not tested yet", () => {
  const session = { label: "app", lane: "monitor", state: "none", cwd: "/app" };
  // Only what the row shows.
  const rendered = renderSessions([{ ...session, target: true } as SessionView]);
  expect(rendered[1]).toContain("not tested yet");
  expect(rendered.at(-1)).toContain("sluice doctor --probe");
});
