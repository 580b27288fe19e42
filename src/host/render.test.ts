import { expect, test } from "vitest";
import { newRenderer, toPrintable, wantsColour } from "./render.ts";
import type { HostNote } from "./note.ts";

function render(notes: HostNote[], colour = false): string {
  let shown = "";
  const show = newRenderer({ write: (text) => (shown += text), colour });
  for (const note of notes) show(note);
  return shown;
}

const at = 0;
const promptId = "p";

test("a turn is shown with what was read and what was called", () => {
  const shown = render([
    { kind: "turn-start", at, turn: "channel", promptId, sessionId: "s" },
    { kind: "read", at, how: "channel", text: '<channel source="x">\nhello\n</channel>', promptId },
    { kind: "tool", at, promptId, name: "ack", input: { id: "e" }, output: "done", isError: false },
    { kind: "read", at, how: "tool", text: "done", promptId },
    { kind: "turn-end", at, promptId, how: "stop" },
  ]);
  expect(shown).toBe(
    '╭─ an event woke the session\n│ <channel source="x">\n│ hello\n│ </channel>\n├─ → ack {"id":"e"}\n│ done\n╰─ turn ended (stop)\n',
  );
});

test("text from outside cannot steer the terminal, not from an event, a tool or an error", () => {
  const evil = "a\u001B[2J\u009B31m\u0007\u007F\u202Eb\rc";
  const shown = render([
    { kind: "read", at, how: "channel", text: evil, promptId },
    { kind: "tool", at, promptId, name: evil, input: { evil }, output: evil, isError: true },
    { kind: "garbage", at, line: evil },
    { kind: "hook-failed", at, moment: "Stop", tool: "t", reason: evil },
    { kind: "dropped", at, server: evil, reason: evil, params: {} },
    { kind: "server-gone", at, server: evil, reason: evil },
    { kind: "notice", at, text: evil },
    {
      kind: "channel",
      at,
      server: evil,
      outcome: { kind: "closed", gate: "session", reason: evil },
      line: evil,
    },
    { kind: "dropped-keys", at, keys: [evil] },
  ]);
  // oxlint-disable-next-line no-control-regex -- exactly these must be absent
  expect(shown).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]/);
  expect(toPrintable(evil)).toBe("a⟨U+001B⟩[2J⟨U+009B⟩31m⟨U+0007⟩⟨U+007F⟩⟨U+202E⟩b⟨U+000D⟩c");
  expect(toPrintable("tab\tand\r\nline")).toBe("tab\tand\nline");
});

test.each([
  ["a terminal", { isTTY: true }, {}, true],
  ["a pipe", {}, {}, false],
  ["NO_COLOR", { isTTY: true }, { NO_COLOR: "1" }, false],
  ["an empty NO_COLOR", { isTTY: true }, { NO_COLOR: "" }, true],
  ["a dumb terminal", { isTTY: true }, { TERM: "dumb" }, false],
])("colour on %s", (_, stream, env, expected) => {
  expect(wantsColour(stream, env)).toBe(expected);
});
