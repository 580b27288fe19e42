import { expect, test } from "vitest";
import { isTypedPrompt } from "../sdk/typed-prompt.ts";
import { Scheduled } from "./scheduled.ts";

const POLL = { cron: "* * * * *", prompt: "poll the build", recurring: true };

test("what the client lists at the end of a turn is all there is", () => {
  const scheduled = new Scheduled();
  const crons = JSON.stringify([
    { id: "1", schedule: "* * * * *", recurring: true, prompt: "poll the build" },
    { id: "2", schedule: "27 19 * * *", recurring: false, prompt: "look again" },
  ]);
  scheduled.note({ event: "Stop", crons });
  expect(scheduled.prompts).toEqual(["poll the build", "look again"]);
  scheduled.note({ event: "Stop", crons: "[]" });
  expect(scheduled.prompts).toEqual([]);
});

test("a turn that was stopped has no end: what it scheduled before is known by the call", () => {
  const scheduled = new Scheduled();
  const call = { event: "PostToolUse", tool: "CronCreate", tool_input: JSON.stringify(POLL) };
  scheduled.note(call);
  scheduled.note({ ...call, tool: "Bash", tool_input: '{"prompt":"no"}' });
  scheduled.note({ ...call, tool: "ScheduleWakeup", tool_input: '{"prompt":"look again"}' });
  expect(scheduled.prompts).toEqual(["poll the build", "look again"]);
});

test("a plugin that passes no list on leaves what is known", () => {
  const scheduled = new Scheduled();
  scheduled.note({
    event: "PostToolUse",
    tool: "CronCreate",
    tool_input: JSON.stringify(POLL),
  });
  for (const crons of [undefined, "", "null", "{}"]) scheduled.note({ event: "Stop", crons });
  expect(scheduled.prompts).toEqual(["poll the build"]);
});

test("a long one is known again, by the call and by the list", () => {
  const prompt = "a".repeat(1_500);
  const scheduled = new Scheduled();
  scheduled.note({
    event: "PostToolUse",
    tool: "ScheduleWakeup",
    tool_input: JSON.stringify({ prompt }),
  });
  expect(isTypedPrompt({ prompt, events: [], scheduled: scheduled.prompts })).toBe(false);
  const listed = [{ prompt: `${prompt.slice(0, 1_000)} …[+500 chars]` }];
  scheduled.note({ event: "Stop", crons: JSON.stringify(listed) });
  expect(isTypedPrompt({ prompt, events: [], scheduled: scheduled.prompts })).toBe(false);
});
