/**
 * The text of a notification: masked, made visible, and short.
 *
 * Owns: how much of a call it shows, and whether it has buttons that answer. Pure. Never: sends it (push.ts).
 */
import type { PushPayload } from "../../../api/wire/push-wire.ts";
import { toEndText, toShownArguments } from "../../../flow/prompt/show/render.ts";
import { toVisible } from "../../../flow/prompt/show/visible.ts";
import type { Prompt } from "../../../sdk/prompt.ts";

const LINE_MAX_CHARS = 160;
const LINE_MAX_LINES = 4;
const NAME_MAX_CHARS = 60;

/** One that waits. `handle` goes along only where it may be answered from the notification. */
export function toPromptPayload(prompt: Prompt, handle: string): PushPayload {
  const { text, isWhole } = toShownLine(prompt);
  const shown = { kind: "prompt", id: prompt.id, title: toTitle(prompt), body: text } as const;
  return isWhole ? { ...shown, handle } : shown;
}

export function toEndPayload(prompt: Prompt): PushPayload {
  const body = toShort(toVisible(toEndText(prompt)), LINE_MAX_CHARS);
  return { kind: "end", id: prompt.id, title: toTitle(prompt), body };
}

/** Of one session: more wait than are told of one by one. */
export function toSumPayload(id: string, waiting: readonly Prompt[]): PushPayload {
  const body = waiting.length === 1 ? "1 more prompt waits" : `${waiting.length} more prompts wait`;
  return {
    kind: "sum",
    id,
    title: toShort(toVisible(waiting[0]?.sessionName ?? ""), NAME_MAX_CHARS),
    body,
  };
}

/** What does not fit is not shown in part: whoever approves has read all of it. */
function toShownLine(prompt: Prompt): { text: string; isWhole: boolean } {
  const { head, leftOut } = toShownArguments(prompt, LINE_MAX_CHARS);
  const text = head.trim();
  const isWhole =
    prompt.kind === "tool" &&
    !prompt.risk.isRisky &&
    !prompt.isCut &&
    leftOut === 0 &&
    text.split("\n").length <= LINE_MAX_LINES;
  if (isWhole) return { text, isWhole };
  const [first = ""] = text.split("\n");
  const why = prompt.risk.isRisky
    ? "Needs its code: open it to answer."
    : "Open it to read all and answer.";
  return { text: `${toShort(first, LINE_MAX_CHARS)}\n${why}`, isWhole };
}

function toTitle({ sessionName, tool, kind }: Prompt): string {
  const what = {
    tool: `wants ${toShort(toVisible(tool), NAME_MAX_CHARS)}`,
    question: "asks",
    plan: "has a plan",
  };
  return `${toShort(toVisible(sessionName), NAME_MAX_CHARS)} ${what[kind]}`;
}

function toShort(text: string, maxChars: number): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= maxChars ? line : `${line.slice(0, maxChars - 1).toWellFormed()}…`;
}
