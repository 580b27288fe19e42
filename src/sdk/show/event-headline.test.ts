import { expect, test } from "vitest";
import { toHeadline } from "./event-headline.ts";

test.each([
  ["one line", "Message typed on the chat page\nmessage: why is CI red?", "why is CI red?"],
  ["several lines", "Message from Ana\nmessage: why\nis CI red?", "why is CI red?"],
  ["files and no words", "Message typed on the chat page, with a file: a.txt", undefined],
])("a chat message in a list is what was written: %s", (_, text, expected) => {
  expect(toHeadline({ kind: "message", text })).toBe(expected ?? text);
});

test("what is no chat message stays whole on one line, and an empty one is its kind", () => {
  const text = "Build failed\nmessage: fix the parser";
  expect(toHeadline({ kind: "build", text })).toBe("Build failed message: fix the parser");
  expect(toHeadline({ kind: "ping", text: " " })).toBe("ping");
});
