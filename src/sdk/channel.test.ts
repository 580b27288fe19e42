import { expect, test } from "vitest";
import { type ChannelDefinition, defineKind } from "./channel.ts";

const DEFINITION: ChannelDefinition = {
  kind: "sample",
  title: "Sample",
  description: "A sample",
  ack: "auto",
  schemes: ["github"],
  maxBodyBytes: 1_024,
  canReply: false,
  nextStep: "none",
  receive: () => ({ kind: "ignore", reason: "sample" }),
};

// req:field.01
test("a definition comes back as it was, and frozen", () => {
  const defined = defineKind({ ...DEFINITION });
  expect(defined).toEqual(DEFINITION);
  expect(Object.isFrozen(defined)).toBe(true);
});

// req:field.09
test.each(["", "Sample", "1a", "a_b", "a b", "-a", "a".repeat(33), "a\n"])(
  "kind %j is refused",
  (kind) => {
    expect(() => defineKind({ ...DEFINITION, kind })).toThrow(TypeError);
  },
);

test.each(["a", "a1-b", "a".repeat(32)])("kind %j is accepted", (kind) => {
  expect(defineKind({ ...DEFINITION, kind }).kind).toBe(kind);
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
  "a cap of %d bytes is refused",
  (maxBodyBytes) => {
    expect(() => defineKind({ ...DEFINITION, maxBodyBytes })).toThrow(TypeError);
  },
);
