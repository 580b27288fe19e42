import { expect, test } from "vitest";
import { PlatformTokens } from "./platform-tokens.ts";

const TOKEN = { what: "verification token", text: "secret_tMrlL1qK5vuQAh1b6cZG" };

// TOKENS-1
test("a platform's token is shown for an hour, the latest of each channel, and goes with it", () => {
  let now = 0;
  const tokens = new PlatformTokens({ now: () => now, after: () => () => {} });
  tokens.note("notion", { ...TOKEN, text: "secret_first" });
  tokens.note("notion", TOKEN);
  expect(tokens.find("notion")).toEqual({ ...TOKEN, at: 0 });
  expect(tokens.find("other")).toBeUndefined();
  now = 3_599_999;
  expect(tokens.find("notion")).toBeDefined();
  now = 3_600_000;
  expect(tokens.find("notion")).toBeUndefined();
  tokens.note("notion", TOKEN);
  tokens.forget("notion");
  expect(tokens.find("notion")).toBeUndefined();
});

test("what is no token is not shown", () => {
  const tokens = new PlatformTokens({ now: () => 0, after: () => () => {} });
  for (const text of ["", "two words", "line\nbreak", "\u001b[31m", "x".repeat(513), "wörd"]) {
    tokens.note("notion", { ...TOKEN, text });
    expect(tokens.find("notion")).toBeUndefined();
  }
});
