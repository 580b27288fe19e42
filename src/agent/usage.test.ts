import { expect, test } from "vitest";
import { toNewUse, toSums } from "./usage.ts";

test("all model calls of a turn count, also those of helpers", () => {
  const modelUsage = {
    opus: { inputTokens: 1, outputTokens: 2, cacheReadInputTokens: 4, cacheCreationInputTokens: 8 },
    haiku: { inputTokens: 16, outputTokens: 32, costUSD: 1 },
  };
  expect(toSums({ total_cost_usd: 0.5, modelUsage, usage: { input_tokens: 1 } })).toEqual({
    tokens: 63,
    dollars: 0.5,
  });
});

test.each([{}, { total_cost_usd: "1", modelUsage: [] }, { total_cost_usd: -1, modelUsage: null }])(
  "a result that tells no sums: %j",
  (result) => expect(toSums(result)).toEqual({ tokens: 0, dollars: 0 }),
);

test("a sum grows by what is new, begins anew where it has fallen, and tells nothing where it is zero", () => {
  const first = toNewUse({ tokens: 100, dollars: 40 }, { tokens: 90, dollars: 38 });
  expect(first).toEqual({
    used: { tokens: 10, dollars: 2 },
    counted: { tokens: 100, dollars: 40 },
  });
  const crashed = toNewUse({ tokens: 0, dollars: 0 }, first.counted);
  expect(crashed).toEqual({ used: { tokens: 0, dollars: 0 }, counted: first.counted });
  expect(toNewUse({ tokens: 7, dollars: 1 }, crashed.counted)).toEqual({
    used: { tokens: 7, dollars: 1 },
    counted: { tokens: 7, dollars: 1 },
  });
});
