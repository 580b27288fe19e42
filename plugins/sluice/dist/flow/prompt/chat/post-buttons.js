import { findPostByMessage, findPostByOutbox } from "../../../store/prompts/prompt-posts.js";
import { findPrompt } from "../../../store/prompts/prompts.js";
import { toButtons, toDenyAll } from "./buttons.js";
/** Undefined for a row of the outbox that tells of no prompt, or of one that is over. */
export function toPostButtons(db, { id, kind, channel, chatId, target }) {
    const post = kind === "edit" && target !== null && chatId !== null
        ? findPostByMessage(db, channel, chatId, target)
        : findPostByOutbox(db, id);
    if (post === undefined)
        return undefined;
    if (post.prompt === null)
        return post.usedAt === null ? [toDenyAll(post.handle)] : undefined;
    const prompt = findPrompt(db, post.prompt)?.prompt;
    return prompt?.state === "pending" ? toButtons(prompt, post.handle, post.choice) : undefined;
}
