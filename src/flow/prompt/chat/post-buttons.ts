/**
 * The buttons of a message about a prompt, at the moment it leaves.
 *
 * Owns: leaving them out for a prompt that is over or answered. Never: sends.
 */
import type { OutgoingButton } from "../../../sdk/message.ts";
import type { Database } from "../../../store/file/database.ts";
import type { OutboxRow } from "../../../store/outbox/outbox.ts";
import { findPostByMessage, findPostByOutbox } from "../../../store/prompts/prompt-posts.ts";
import { findPrompt } from "../../../store/prompts/prompts.ts";
import { toButtons, toDenyAll } from "./buttons.ts";

/** Undefined for a row of the outbox that tells of no prompt, or of one that is over. */
export function toPostButtons(
  db: Database,
  { id, kind, channel, chatId, target }: OutboxRow,
): OutgoingButton[][] | undefined {
  const post =
    kind === "edit" && target !== null && chatId !== null
      ? findPostByMessage(db, channel, chatId, target)
      : findPostByOutbox(db, id);
  if (post === undefined) return undefined;
  if (post.prompt === null) return post.usedAt === null ? [toDenyAll(post.handle)] : undefined;
  const prompt = findPrompt(db, post.prompt)?.prompt;
  return prompt?.state === "pending" ? toButtons(prompt, post.handle, post.choice) : undefined;
}
