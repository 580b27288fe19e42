/**
 * Words for prompts that more than one page uses.
 */
import type { PromptLine } from "../../api/wire/approvals-wire.ts";

export function toTitle({ kind, tool }: Pick<PromptLine, "kind" | "tool">): string {
  return kind === "question" ? "Question" : kind === "plan" ? "Plan" : tool;
}
