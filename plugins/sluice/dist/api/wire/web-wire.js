/**
 * What travels between the hub and its page in the browser, in one place for both sides.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour.
 */
import { z } from "../../vendor/zod.js";
import { callerSchema } from "./access-wire.js";
export const MESSAGE_MAX_CHARS = 32_000;
export const MESSAGE_MAX_FILES = 10;
/** Who asks for a launch link: what may be done with it depends on that. */
export const linkSchema = z.strictObject({ caller: callerSchema });
export const redeemSchema = z.strictObject({ token: z.string().min(1).max(128) });
/** Longer ones than anybody may set are not looked at. */
export const passphraseSignInSchema = z.strictObject({ passphrase: z.string().min(1).max(1_024) });
export const chatTitleSchema = z.strictObject({ title: z.string().trim().min(1).max(80) });
export const typedSchema = z
    .strictObject({
    text: z.string().max(MESSAGE_MAX_CHARS),
    files: z.array(z.string().max(64)).max(MESSAGE_MAX_FILES).default([]),
    replyTo: z.string().max(32).optional(),
    /** Made by the page: what is sent again after a broken connection is not a second message. */
    key: z.string().regex(/^[A-Za-z0-9-]{8,64}$/),
})
    .refine(({ text, files }) => text.trim() !== "" || files.length > 0, "is empty");
export const correctedSchema = z.strictObject({
    text: z.string().max(MESSAGE_MAX_CHARS),
    key: z.string().regex(/^[A-Za-z0-9-]{8,64}$/),
});
export const reactionSchema = z.strictObject({ reaction: z.string().max(16) });
export const historyQuerySchema = z.object({
    before: z.coerce.number().int().positive().default(Number.MAX_SAFE_INTEGER),
    limit: z.coerce.number().int().min(1).max(200).default(60),
});
export const fileQuerySchema = z.object({ name: z.string().min(1).max(512) });
