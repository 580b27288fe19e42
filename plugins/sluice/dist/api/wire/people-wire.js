/**
 * What travels when a person is forgotten.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour.
 */
import { z } from "../../vendor/zod.js";
import { callerSchema } from "./access-wire.js";
const channel = z.string().min(1).max(32);
const id = z.string().min(1).max(256);
export const findPeopleSchema = z.strictObject({ text: id, channel: channel.optional() });
export const forgetSchema = z.strictObject({
    channel,
    id,
    /** Only says what would go. */
    isDry: z.boolean(),
    /** The daily backups as well: all of them. */
    backups: z.boolean(),
});
export const forgetCallSchema = forgetSchema.extend({ caller: callerSchema });
