import { expect, test } from "vitest";
import type { Prompt } from "../../../sdk/prompt.ts";
import { newHandle, toButtons } from "./buttons.ts";
import { toPrompt } from "../prompt.fixture.ts";
import { CHAT_MAX_CHARS, renderPrompt } from "../show/render.ts";

const labels = (changes: Partial<Prompt>): string[] =>
  toButtons(toPrompt(changes), newHandle(), {})
    .flat()
    .map(({ label }) => label);

test("BUTTON-1: what needs its code, or was not shown whole, has no button that allows it", () => {
  expect(labels({})).toContain("Allow");
  expect(labels({ risk: { isRisky: true, reasons: ["x"] } })).not.toContain("Allow");
  expect(labels({ risk: { isRisky: true, reasons: [] } })).not.toContain("Allow");
  expect(labels({ isCut: true })).not.toContain("Allow");
  expect(labels({ arguments: `command: ls ${"a ".repeat(4_000)} x` })).not.toContain("Allow");
});

test("BUTTON-1: a message that leaves something out never says that a tap is enough", () => {
  for (let length = 2_600; length < 3_700; length += 7) {
    const prompt = toPrompt({ arguments: `command: ${"a".repeat(length)}` });
    const text = renderPrompt(prompt, { maxChars: CHAT_MAX_CHARS });
    const isWhole = !text.includes("characters left out");
    const mayTap = toButtons(prompt, newHandle(), {})
      .flat()
      .some(({ label }) => label === "Allow");
    if (!isWhole) expect({ length, mayTap }).toEqual({ length, mayTap: false });
    expect(text.includes("Tap, or type")).toBe(mayTap);
  }
});

test("BUTTON-2: a form is offered where its words deny or answer, and only behind the letter that cannot allow", () => {
  const forms = (changes: Partial<Prompt>): [string, string | undefined][] =>
    toButtons(toPrompt(changes), newHandle(), {})
      .flat()
      .filter(({ asks }) => asks !== undefined)
      .map(({ id, asks }) => [id.slice(-2), asks?.title]);
  const risk = { isRisky: true, reasons: ["x"] };
  const questions = [{ question: "Which?", options: [{ label: "A" }], isMulti: false }];
  expect(forms({})).toEqual([[".w", "Deny this call"]]);
  expect(forms({ risk })).toEqual([[".w", "Deny this call"]]);
  expect(forms({ kind: "plan" })).toEqual([[".w", "Keep planning"]]);
  expect(forms({ kind: "question", questions })).toEqual([[".w", "Your answer"]]);
  // Its answer allows something: it is typed with its code.
  expect(forms({ kind: "question", questions, risk })).toEqual([]);
});
