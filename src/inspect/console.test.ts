import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { openConsole } from "./console.ts";
import { Inspector } from "./inspector.ts";

function open(isTerminal: boolean) {
  const lines: string[] = [];
  const inspector = new Inspector({ command: "x", args: [], name: "x", client: {}, cwd: "/" });
  const screen = openConsole({
    inspector,
    input: new PassThrough(),
    terminal: new PassThrough().resume(),
    isTerminal,
    printLine: (text) => void lines.push(text),
    paint: (_tone, text) => text,
    fixtures: "fixtures",
    showRaw: false,
    onQuit: () => {},
  });
  onTestFinished(() => screen.close());
  return { lines, screen };
}

// CONSOLE-1
test("a terminal is shown so much and told how much is left out; a pipe gets all", async () => {
  const terminal = open(true);
  const pipe = open(false);
  for (let seq = 1; seq <= 5_000; seq++)
    for (const { screen } of [terminal, pipe])
      screen.show({ seq, at: 0, kind: "notice", text: `line ${seq}` });
  expect(pipe.lines).toHaveLength(5_000);
  expect(terminal.lines.length).toBeLessThan(1_000);
  await expect.poll(() => terminal.lines.at(-1)).toMatch(/^… \d+ more lines in this second$/);
});

// CONSOLE-2
test("text from outside begins no line of ours", () => {
  const { lines, screen } = open(false);
  screen.show({ seq: 1, at: 0, kind: "stderr", text: "one\r12:00:00 event 9" });
  screen.show({
    seq: 2,
    at: 0,
    kind: "event",
    event: 1,
    how: "woke",
    text: "a\n12:00:00 event 9\r\nb",
  });
  screen.show({ seq: 3, at: 0, kind: "hint", text: "a\nb" });
  expect(lines.filter((line) => /^\d\d:\d\d:\d\d event 9/.test(line))).toEqual([]);
  expect(lines).toHaveLength(6);
});
