/**
 * The lines about prompts in the audit.
 *
 * Owns: those lines: tool, digest and session, who answered, from where, by which rule. Pure.
 * Never: an argument, or a reason: a person may have quoted what they were shown.
 */
import type { Prompt, PromptOutcome } from "../../sdk/prompt.ts";
import { describeOutcome } from "./verdict.ts";

export function toAuditLine({ id, tool, digest, session, sessionName }: Prompt): string {
  return `${tool} ${digest} in ${sessionName} (${session}), ${id}`;
}

export function toVerdictLine(prompt: Prompt, { verdict, ...outcome }: PromptOutcome): string {
  const bare = verdict.kind === "deny" ? ({ kind: "deny" } as const) : verdict;
  return `${describeOutcome({ ...outcome, verdict: bare })}: ${toAuditLine(prompt)}`;
}
