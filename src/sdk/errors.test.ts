import { expect, test } from "vitest";
import { ERROR_CODES, isSluiceError, SluiceError, toMessage } from "./errors.ts";

test("the codes that scripts match on are exactly these", () => {
  expect([...ERROR_CODES]).toEqual([
    "bad_config",
    "bad_input",
    "bad_secret",
    "unauthorized",
    "not_found",
    "conflict",
    "too_large",
    "rate_limited",
    "store_corrupt",
    "store_readonly",
    "store_full",
    "store_newer",
    "store_busy",
    "hub_unreachable",
    "hub_running",
    "hub_stopping",
    "unsafe_home",
    "port_taken",
    "unsupported",
    "send_failed",
    "channel_failed",
    "internal",
  ]);
});

test("a fault is not retryable unless it says so", () => {
  const fault = new SluiceError("bad_input", "no");
  expect([fault.retryable, fault.retryAfterMs, fault.cause]).toEqual([false, undefined, undefined]);
  expect("cause" in fault).toBe(false);
});

test("a fault keeps what caused it and when to come back", () => {
  const cause = new Error("disk");
  const fault = new SluiceError("store_full", "full", {
    retryable: true,
    retryAfterMs: 60_000,
    cause,
  });
  expect([fault.retryable, fault.retryAfterMs, fault.cause, fault.name]).toEqual([
    true,
    60_000,
    cause,
    "SluiceError",
  ]);
});

test("a fault is told by its class and code", () => {
  const fault = new SluiceError("conflict", "taken");
  expect(isSluiceError(fault)).toBe(true);
  expect(isSluiceError(fault, "conflict")).toBe(true);
  expect(isSluiceError(fault, "internal")).toBe(false);
  expect(isSluiceError(new Error("conflict"), "conflict")).toBe(false);
  expect(isSluiceError({ code: "conflict" })).toBe(false);
});

test("anything that was thrown has a message", () => {
  expect([toMessage(new Error("a")), toMessage("b"), toMessage(undefined)]).toEqual([
    "a",
    "b",
    "undefined",
  ]);
});
