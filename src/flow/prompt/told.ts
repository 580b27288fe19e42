/**
 * What somebody in a chat is told of the answer that they gave: short enough for a platform's own notice.
 *
 * Owns: the words. Never: what became of the answer. Pure.
 */
import type { Prompt, Verdict, VerdictOutcome } from "../../sdk/prompt.ts";
import { toEndText, toLine } from "./render.ts";
import { toWhyCode } from "../../sdk/why-code.ts";

/** `code` where no prompt was found. */
export function toTold(
  outcome: VerdictOutcome,
  prompt: Prompt | undefined,
  verdict: Verdict | undefined,
  code = prompt?.code ?? "",
): string {
  switch (outcome.kind) {
    case "done":
      return toLine(`${toDone(outcome.prompt, verdict)}: ${toWhat(outcome.prompt)}`);
    case "late":
      return toLine(`Too late, nothing was changed: ${toEndText(outcome.prompt)}.`);
    case "needs-code": {
      const { risk, code: own } = outcome.prompt;
      return toLine(`Type: yes ${own} (${toWhyCode(risk)})`);
    }
    case "unknown":
      return `Nothing waits under ${code}. Three wrong ones lock for ten minutes.`;
    case "locked":
      return `Too many wrong ones: nothing of yours counts before ${toTime(outcome.untilMs)}. The page and the terminal are open.`;
    case "refused":
      return toLine(`Not taken: ${outcome.reason}.`);
    default:
      return outcome satisfies never;
  }
}

function toDone({ kind }: Prompt, verdict: Verdict | undefined): string {
  switch (verdict?.kind) {
    case "allow":
      return kind === "plan" ? "Accepted" : "Allowed";
    case "deny":
      return kind === "plan" ? "It keeps planning" : "Denied";
    case "answers":
      return "Answered";
    case undefined:
      return "Done";
    default:
      return verdict satisfies never;
  }
}

function toWhat({ tool, sessionName, code }: Prompt): string {
  return `${tool} in ${sessionName} (${code})`;
}

function toTime(at: number): string {
  return new Date(at).toTimeString().slice(0, 5);
}
