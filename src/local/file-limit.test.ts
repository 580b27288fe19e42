import { expect, test } from "vitest";
import { ENOUGH_FILES, isLowLimit, readFileLimit, toConnectionCaps } from "./file-limit.ts";

test.each([
  [undefined, 512, 128],
  [1_048_576, 512, 128],
  [ENOUGH_FILES, 512, 128],
  [512, 236, 59],
  [256, 108, 27],
  [64, 12, 3],
  [40, 4, 2],
  [10, 4, 2],
])("FILES-1: of %s files ingress takes %i and the page %i", (limit, ingress, page) => {
  expect(toConnectionCaps(limit)).toEqual({ ingress, page });
});

test("what is enough is not low", () => {
  expect([ENOUGH_FILES, undefined].map(isLowLimit)).toEqual([false, false]);
  expect([64, 256, 512].map(isLowLimit)).toEqual([true, true, true]);
});

test.skipIf(process.platform !== "linux")("the limit of this process is a number", () => {
  expect(readFileLimit()).toBeGreaterThan(0);
});
