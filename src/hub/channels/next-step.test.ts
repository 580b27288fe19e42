import { expect, test } from "vitest";
import type { ChannelConfig } from "../settings/config.ts";
import { toNextStep } from "./next-step.ts";

const CONFIG: ChannelConfig = {
  name: "ci",
  kind: "webhook",
  scheme: "bearer",
  twoWay: false,
  paused: false,
  rate: 50,
};
const URL = "http://127.0.0.1:8788/in/ci";

test("a two-way channel's next step names the writer that each message needs, and the stream of answers", () => {
  const step = toNextStep({ ...CONFIG, twoWay: true }, "usual", URL);
  expect(step).toContain("X-Sluice-Sender");
  expect(step).toContain("http://127.0.0.1:8788/out/ci");
});

test.each([
  ["its own words, filled in", {}, `usual ${URL} of ci`],
  ["the header that was chosen", { scheme: "token-header", header: "X-T" }, '"X-T: $TOKEN"'],
  ["the usual header", { scheme: "token-header" }, '"X-Sluice-Token: $TOKEN"'],
  ["the scheme of a signature", { scheme: "standard" }, 'by the scheme "standard"'],
  ["that nothing is proven", { scheme: "bearer", allowUnsigned: true }, "without any proof"],
  ["another kind's words", { kind: "github", scheme: "github" }, `usual ${URL} of ci`],
] as const)("what to do next names %s", (_, set, expected) => {
  const step = toNextStep({ ...CONFIG, ...set }, "usual {url} of {name}", URL);
  expect(step).toContain(expected);
  if (expected !== `usual ${URL} of ci`) expect(step).not.toContain("Bearer");
});

test("the halves of the URL are filled in: a tunnel takes the place of the first", () => {
  const step = toNextStep({ ...CONFIG, kind: "github" }, "1. expose {origin}\n2. {path}", URL);
  expect(step).toBe("1. expose http://127.0.0.1:8788\n2. /in/ci");
});
