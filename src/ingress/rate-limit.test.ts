import { expect, test } from "vitest";
import { FailureBudget, isLoopback } from "./prove.ts";
import { ChannelRates } from "./receive.ts";

test("a bucket gives its burst at once, then one token for each interval", () => {
  const rates = new ChannelRates();
  const rate = { ratePerSecond: 2, burst: 3 };
  const at = (now: number): number => rates.take("a", rate, now);
  expect([at(0), at(0), at(0), at(0)]).toEqual([0, 0, 0, 500]);
  expect([at(250), at(500), at(500)]).toEqual([250, 0, 500]);
  // However long the pause, no more than the burst is saved up.
  expect([at(60_000), at(60_000), at(60_000), at(60_000)]).toEqual([0, 0, 0, 500]);
});

test("channels have buckets of their own, and rate 0 is no limit", () => {
  const rates = new ChannelRates();
  const one = { ratePerSecond: 1, burst: 1 };
  expect([rates.take("a", one, 0), rates.take("b", one, 0), rates.take("a", one, 0)]).toEqual([
    0, 0, 1000,
  ]);
  const free = { ratePerSecond: 0, burst: 0 };
  expect(
    Array.from({ length: 1000 }, () => rates.take("c", free, 0)).every((waitMs) => waitMs === 0),
  ).toBe(true);
});

test("a burst below one still lets requests through, at the rate", () => {
  const rates = new ChannelRates();
  const rate = { ratePerSecond: 1, burst: 0 };
  expect([rates.take("a", rate, 0), rates.take("a", rate, 1000)]).toEqual([1000, 0]);
});

test("a clock set back neither gives tokens nor takes them", () => {
  const rates = new ChannelRates();
  const rate = { ratePerSecond: 1, burst: 2 };
  expect([
    rates.take("a", rate, 10_000),
    rates.take("a", rate, 0),
    rates.take("a", rate, 0),
  ]).toEqual([0, 0, 1000]);
});

test("an address that keeps failing has to wait; others, and those of its neighbours beyond a /64, do not", () => {
  const failures = new FailureBudget();
  for (let i = 0; i < 200; i++) {
    failures.charge("203.0.113.9", 0);
    failures.charge("2001:db8:1:2:3::4", 0);
  }
  expect(failures.waitMs("203.0.113.9", 0)).toBe(100);
  expect(failures.waitMs("203.0.113.10", 0)).toBe(0);
  expect(failures.waitMs("2001:db8:1:2::5", 0)).toBe(100);
  expect(failures.waitMs("2001:db8:1:3::5", 0)).toBe(0);
  expect(failures.waitMs("203.0.113.9", 100)).toBe(0);
  for (let i = 0; i < 200; i++) failures.charge("2a00::1:2:3:4:5", 0);
  expect(failures.waitMs("2a00:0:0:1::9", 0)).toBe(100);
  expect(failures.waitMs("2a00:0:0:2::9", 0)).toBe(0);
});

// PROVE-2
test("behind a proxy on this machine, or at an address that proved itself, failures of others shut nobody out", () => {
  const failures = new FailureBudget();
  for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1", "198.51.100.7"]) {
    for (let i = 0; i < 1000; i++) failures.charge(address, 0);
  }
  failures.forgive("198.51.100.7", 0);
  const waits = ["127.0.0.1", "::1", "::ffff:127.0.0.1", "198.51.100.7"].map((address) =>
    failures.waitMs(address, 0),
  );
  expect(waits).toEqual([0, 0, 0, 0]);
  for (let i = 0; i < 1000; i++) failures.charge("198.51.100.7", 3_600_000);
  expect(failures.waitMs("198.51.100.7", 3_600_000)).toBe(100);
});

test("addresses without number are remembered in bounded space, the newest first", () => {
  const failures = new FailureBudget();
  for (let n = 0; n < 20_000; n++) {
    for (let i = 0; i < (n > 19_990 ? 101 : 1); i++)
      failures.charge(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, 0);
  }
  expect(failures.waitMs("10.0.78.31", 0)).toBe(100);
});

test("loopback is told by the address alone", () => {
  const loopback = ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"];
  expect(loopback.every((address) => isLoopback(address))).toBe(true);
  const others = [
    "128.0.0.1",
    "::2",
    "::1234",
    "0.0.0.0",
    "localhost",
    "::ffff:10.0.0.1",
    undefined,
  ];
  expect(others.some((address) => isLoopback(address))).toBe(false);
});
