/**
 * What travels between the hub and the approvals page, in one place for both sides.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour.
 *
 * Every text in these views was made visible by the hub (flow/prompt/show/visible.ts): the page shows it as it is, as text.
 */
import { z } from "../../vendor/zod.js";
import { KEEPS } from "../../sdk/prompt.js";
export const promptIdPattern = /^prm_[0-9a-z]{26}$/;
const answer = z.strictObject({
    /** By their place in the prompt: what goes back is the session's own word for it. */
    options: z.array(z.int().min(0).max(100)).max(20).default([]),
    text: z.string().max(2_000).default(""),
});
export const pageVerdictSchema = z.strictObject({
    verdict: z.discriminatedUnion("kind", [
        /** `keep`: and exactly this again, as a rule; with the code typed, and not through a tunnel. */
        z.strictObject({ kind: z.literal("allow"), keep: z.enum(KEEPS).optional() }),
        z.strictObject({ kind: z.literal("deny"), reason: z.string().max(1_000).optional() }),
        z.strictObject({ kind: z.literal("answers"), answers: z.array(answer).max(20) }),
    ]),
    /** Of what was shown: a call that has changed meanwhile is not what the person has read. */
    digest: z.string().max(64),
    typedCode: z.string().max(64).optional(),
});
/** `auto`: away after a while without anybody at a terminal. */
export const pageAwaySchema = z.strictObject({ mode: z.enum(["on", "auto"]) });
export const promptHistoryQuerySchema = z.object({
    before: z.string().regex(promptIdPattern, "must be a prompt's id").optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
});
