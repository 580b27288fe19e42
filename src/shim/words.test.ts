import { expect, test } from "vitest";
import { toObject } from "../sdk/json.ts";
import { readInstructions, TOOLS } from "./words.ts";

// req:start.cut
test("instructions and every description are shorter than the client's cut", () => {
  const instructions = readInstructions("/nowhere/at/all");
  const longest = Math.max(instructions.length, ...TOOLS.map((tool) => tool.description.length));
  expect(longest).toBeLessThan(2_048);
});

// req:start.loaded
test("the tools that an event calls for are always loaded, the others are looked for", () => {
  const always = TOOLS.filter(
    (tool) => toObject(toObject(tool)["_meta"])["anthropic/alwaysLoad"] === true,
  );
  expect(always.map(({ name }) => name).toSorted()).toEqual(["ack", "details", "inbox", "reply"]);
});
