/**
 * The words of verdicts. Owns: what the buttons say, and what became of a tap. Apart from approvals-words.ts, which the first page loads.
 */
import type { PageOutcome, PromptLine } from "../../api/wire/approvals-wire.ts";
import { toSpan } from "../ages.ts";
import { hubNow } from "../time.ts";

/** What is said about the last tap. */
export type TapNotice = { text: string; isBad: boolean };

export const BUTTONS = {
  tool: { approve: "Approve", deny: "Deny", why: "Deny with reason…" },
  plan: { approve: "Accept plan", deny: "Keep planning", why: "Deny with reason…" },
  question: { approve: "Send answer", deny: "Leave unanswered", why: "Say why…" },
} as const satisfies Record<PromptLine["kind"], unknown>;

/** A3 (verdict.tsx) */
export function toNotice(outcome: PageOutcome): TapNotice {
  switch (outcome.kind) {
    case "done":
      return { text: "Done.", isBad: false };
    case "late":
      return { text: "Too late: this prompt had already ended.", isBad: true };
    case "needs-code":
      return { text: "That is not the code: type the five letters above.", isBad: true };
    case "unknown":
      return { text: "The hub no longer knows this prompt.", isBad: true };
    case "locked":
      return {
        text: `Too many wrong codes: locked for ${toSpan(outcome.untilMs - hubNow())}. Denying at the terminal still works.`,
        isBad: true,
      };
    case "refused":
      return { text: `Not taken: ${outcome.reason}.`, isBad: true };
    default:
      return outcome satisfies never;
  }
}
