import { toHookCall } from "../flow/sample.fixture.ts";
import { expect, test } from "vitest";
import { Halt } from "./hook.ts";
import type { HookSignal } from "./link.ts";

function signal(event: string, changes: Partial<HookSignal> = {}): HookSignal {
  return toHookCall({ event, session: "s1", promptId: "p1", ...changes });
}

function halted(): Halt {
  const halt = new Halt();
  halt.begin("enough");
  return halt;
}

test("HALT-1: the end of a tool ends the turn, once; helpers are told each time, and do not use it up", () => {
  const halt = halted();
  const stop = { continue: false, stopReason: "enough" };
  expect(halt.answer(signal("PostToolUse", { agentId: "a1" }))).toEqual(stop);
  expect(halt.answer(signal("PostToolUseFailure", { agentId: "a2" }))).toEqual(stop);
  expect(halt.answer(signal("PostToolUse"))).toEqual(stop);
  expect(halt.answer(signal("PostToolUse"))).toBeUndefined();
});

test("HALT-2: over with the turn, or with its user's own prompt, not with one that nobody typed", () => {
  for (const over of [
    signal("Stop"),
    signal("StopFailure"),
    signal("UserPromptSubmit", { prompt: "go on", typed: true }),
  ]) {
    const halt = halted();
    expect(halt.answer(over)).toBeUndefined();
    expect(halt.answer(signal("PostToolUse"))).toBeUndefined();
  }
  const halt = halted();
  expect(halt.answer(signal("UserPromptSubmit", { prompt: "poll", typed: false }))).toBeUndefined();
  expect(halt.answer(signal("PostToolUse"))).toMatchObject({ continue: false });
});

test("nothing is stopped that nobody stopped", () => {
  expect(new Halt().answer(signal("PostToolUse"))).toBeUndefined();
});
