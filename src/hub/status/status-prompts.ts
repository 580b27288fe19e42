/**
 * The next step for prompts that wait.
 *
 * Owns: that line. Never: a prompt's arguments; those are shown by `sluice prompts` and the page, masked.
 */
import type { Database } from "../../store/file/database.ts";
import { listPrompts } from "../../store/prompts/prompts.ts";

export function toPromptSteps(db: Database): string[] {
  const waiting = listPrompts(db, { state: "pending" });
  if (waiting.length === 0) return [];
  const what = waiting.length === 1 ? "1 prompt waits" : `${waiting.length} prompts wait`;
  return [`${what} for your answer: "sluice prompts", or the page ("sluice open")`];
}
