import { expect, test } from "vitest";
import { isTypedPrompt, type TypedPromptFacts } from "./typed-prompt.ts";

test.each<[string, Partial<TypedPromptFacts>, boolean]>([
  ["words of a person", { prompt: "go on" }, true],
  ["nothing", { prompt: "" }, false],
  ["a monitor's line", { prompt: "<task-notification>\n<task-id>a</task-id>" }, false],
  ["an event that starts a turn", { prompt: '<channel source="x">\nhello' }, false],
  [
    "an event that came while the session worked",
    { prompt: 'A message arrived from x while you were working:\n<channel source="x">\nhello' },
    false,
  ],
  ["a prompt that carries our events", { prompt: "see this", events: ["evt_1"] }, false],
  ["what the session has arranged", { prompt: "check it\n", scheduled: ["check it"] }, false],
  ["what only begins like it", { prompt: "check it now", scheduled: ["check it"] }, true],
  [
    "what was too long to be listed whole",
    { prompt: `${"a".repeat(1_000)}bc`, scheduled: [`${"a".repeat(1_000)} …[+2 chars]`] },
    false,
  ],
  ["a loop without words", { prompt: "# Autonomous loop check\n\nYou're being invoked" }, false],
  ["a scheduled one, by the client's word", { prompt: "x", source: "schedule_wakeup" }, false],
  ["a loop, by the client's word", { prompt: "x", source: "loop_wakeup" }, false],
  ["the client's own, by its word", { prompt: "x", source: "system" }, false],
  [
    "a person's, by the client's word, though it reads as an arranged one",
    { prompt: "check it", source: "user", scheduled: ["check it"] },
    true,
  ],
  ["one of a program that a person uses", { prompt: "x", source: "sdk" }, true],
])("%s", (_name, facts, expected) => {
  expect(isTypedPrompt({ prompt: "", events: [], ...facts })).toBe(expected);
});
