/** Time to live, and clocks that jump. */
import { expect, test } from "vitest";
import { CHAT_TTL_MS, lookAtClock, NEWS_TTL_MS, toDeadline, toLifeText } from "./expire.ts";

test.each([
  ["news", { isChat: false }, NEWS_TTL_MS],
  ["a chat", { isChat: true }, CHAT_TTL_MS],
  ["the owner's word", { isChat: true, ttlMs: 5_000 }, 5_000],
])("EXPIRY-1: the deadline of %s", (_, lifetime, lifeMs) => {
  expect(toDeadline(lifetime, (ms) => 1_000_000_000_000 - ms)).toBe(1_000_000_000_000 - lifeMs);
});

test("EXPIRY-1: 0 is never", () => {
  expect(toDeadline({ isChat: false, ttlMs: 0 }, (ms) => 5 - ms)).toBeUndefined();
});

test.each([
  ["a day ahead", 86_400_000],
  ["an hour back", -3_600_000],
])("EXPIRY-2: a clock that jumps %s is not believed for ten minutes", (_, jumpMs) => {
  const first = lookAtClock(undefined, 1_000_000_000);
  expect(first.trustedFrom).toBe(1_000_000_000);
  const after = lookAtClock(first, 1_000_000_000 + jumpMs);
  expect(after.trustedFrom).toBe(after.at + 600_000);
  const later = lookAtClock(after, after.at + 30_000);
  expect(later.trustedFrom).toBe(after.trustedFrom);
});

test.each([
  [5_000, "5 s"],
  [90 * 60_000, "90 min"],
  [24 * 3_600_000, "24 h"],
  [36 * 3_600_000, "36 h"],
  [7 * 86_400_000, "7 d"],
])("a life of %i ms reads %s", (ttlMs, text) => {
  expect(toLifeText({ ttlMs, isChat: false })).toBe(text);
});
