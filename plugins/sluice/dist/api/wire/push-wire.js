/**
 * What travels between the hub and a browser that is told of prompts, in one place for both sides.
 *
 * Owns: schemas of requests, types of answers, what a push message holds. Never: behaviour.
 */
import { z } from "../../vendor/zod.js";
/** A browser's subscription, as `PushSubscription.toJSON` gives it. Keys are base64url. */
export const subscribeSchema = z.object({
    endpoint: z.string().min(1).max(2_000),
    keys: z.object({
        p256dh: z.string().regex(/^[\w-]{80,100}$/, "must be base64url"),
        auth: z.string().regex(/^[\w-]{20,40}$/, "must be base64url"),
    }),
});
export const pushAnswerSchema = z.strictObject({
    handle: z.string().regex(/^[\w-]{43}$/, "is no handle"),
    verdict: z.enum(["allow", "deny"]),
});
