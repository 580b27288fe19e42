/**
 * Accounts whose own acts become no events, as they travel.
 *
 * Owns: the form of a login, and of a change of the list. Never: which events are left out.
 */
import { z } from "../../vendor/zod.js";
import { callerSchema } from "./access-wire.js";
/** Logins of accounts; GitHub's apps end in `[bot]`. */
export const loginsSchema = z
    .array(z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,63}(?:\[bot\])?$/u, "must be the login of an account"))
    .max(100);
export const ignoreSchema = z.strictObject({
    caller: callerSchema,
    add: loginsSchema,
    remove: loginsSchema,
});
