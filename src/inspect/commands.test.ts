import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makeFolder } from "../store/sample.fixture.ts";
import { readCommand } from "./commands.ts";
import { saveFixture } from "./fixture.ts";

test("a line is read as it is meant", () => {
  expect(readCommand('call reply {"text":"hi"}')).toEqual({
    do: "call",
    tool: "reply",
    input: { text: "hi" },
  });
  expect(readCommand("call reply")).toEqual({ do: "call", tool: "reply", input: {} });
  expect(readCommand('  call "two \\"words\\"" {} ')).toEqual({
    do: "call",
    tool: 'two "words"',
    input: {},
  });
  expect(readCommand('prompt Bash "rm -rf x"')).toEqual({
    do: "prompt",
    tool: "Bash",
    input: { command: "rm -rf x" },
  });
  expect(readCommand("prompt Bash rm -rf x")).toEqual({
    do: "prompt",
    tool: "Bash",
    input: { command: "rm -rf x" },
  });
  expect(readCommand('prompt Odd {"a":1}')).toEqual({ do: "prompt", tool: "Odd", input: { a: 1 } });
  expect(readCommand("save x 3")).toEqual({ do: "save", name: "x", event: 3 });
  expect(readCommand("allow")).toEqual({ do: "answer", allows: true });
  expect(readCommand("")).toEqual({ do: "nothing" });
});

test.each([
  "call",
  "call reply {",
  "call reply [1]",
  "save",
  "save x y",
  "show",
  "show 0",
  "raw",
  "raw maybe",
  "why not",
  "foo",
  "constructor",
  "prompt",
])("%s is refused in a line", (typed) => {
  expect(() => readCommand(typed)).toThrow(expect.objectContaining({ code: "bad_input" }));
});

test("a fixture is never written over, nor outside of its folder, nor for what still waits", () => {
  const folder = makeFolder();
  const seen = {
    event: 1,
    at: 0,
    params: { content: "a" },
    key: "",
    outcome: "dropped",
    text: "why",
  } as const;
  const path = saveFixture(folder, "one", "webhook", seen);
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
    server: "webhook",
    notification: { method: "notifications/claude/channel", params: { content: "a" } },
    read: null,
    dropped: "why",
  });
  expect(() => saveFixture(folder, "one.json", "webhook", seen)).toThrow("is there already");
  for (const name of ["../x", "a/b", "", ".hidden", "-x", "a\u0000b", "x".repeat(101)])
    expect(() => saveFixture(folder, name, "webhook", seen)).toThrow("is no name for a fixture");
  expect(() => saveFixture(folder, "two", "webhook", { ...seen, outcome: "waiting" })).toThrow(
    "still waits",
  );
});
