import { expect, test } from "vitest";
import { compareVersions } from "./compare-versions.ts";

const ORDERED = [
  "0.0.9",
  "0.1.0",
  "0.9.0",
  "0.10.0",
  "1.0.0-alpha",
  "1.0.0-alpha.1",
  "1.0.0-alpha.beta",
  "1.0.0-beta.2",
  "1.0.0-beta.11",
  "1.0.0-rc.1",
  "1.0.0",
  "2.1.309",
  "2.1.310",
];

test("versions are ordered as semver orders them", () => {
  const shuffled = ORDERED.toReversed();
  expect(shuffled.toSorted(compareVersions)).toEqual(ORDERED);
});

test("a leading v and build metadata change nothing, and what is no version counts as the earliest", () => {
  expect(compareVersions("v1.2.3", "1.2.3+build.5")).toBe(0);
  expect(compareVersions("unknown", "0.0.1")).toBeLessThan(0);
});
