/**
 * A text that a session sends must never come back as a person's answer to the session's own question.
 *
 * Owns: which texts are held back. Never: sends.
 *
 * ECHO-1 No tool gives a verdict. But a chat may repeat our own words to us (a self-chat, a bridge), so while a prompt waits, a text
 *    with a line that reads as an answer is not sent.
 */
import type { Database } from "../../store/file/database.ts";
import { listPrompts } from "../../store/prompts/prompts.ts";
import { hasVerdictLine } from "./chat/words.ts";

/** Why a text of a session does not leave; undefined where it may. */
export function findEcho(db: Database, text: string): string | undefined {
  if (!hasVerdictLine(text)) return undefined;
  if (listPrompts(db, { state: "pending", limit: 1 }).length === 0) return undefined;
  return 'a line of the text reads as an answer to a permission prompt ("yes" or "no" and five letters), and only people give those; say it in other words.';
}
