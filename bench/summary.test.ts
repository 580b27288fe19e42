import { expect, test } from "vitest";
import { toSummary } from "./summary.ts";

test("percentiles are samples that were measured, and one sample is all of them", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(toSummary(hundred)).toEqual({ count: 100, p50: 50, p99: 99, max: 100 });
  expect(toSummary([7])).toEqual({ count: 1, p50: 7, p99: 7, max: 7 });
  expect(toSummary([]).p50).toBeNaN();
});
