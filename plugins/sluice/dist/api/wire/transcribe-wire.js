/**
 * What makes text of voice notes, as it travels and as it is kept.
 *
 * Owns: that shape, and which addresses may be named. Never: listens.
 */
import { z } from "../../vendor/zod.js";
import { callerSchema } from "./access-wire.js";
const word = z
    .string()
    .max(4_096)
    .regex(/^[^\0]*$/, "must hold no NUL");
/** A program with its arguments, behind which the file's path comes; or an endpoint of OpenAI's shape. */
export const transcribeSchema = z.union([
    z.strictObject({
        command: z
            .array(word)
            .min(1)
            .max(64)
            .refine(([program = ""]) => program !== "", "must begin with a program"),
    }),
    z.strictObject({
        url: z
            .string()
            .max(1_024)
            .refine(isFitUrl, "must be an https address, or http of this machine (127.0.0.1, ::1, localhost), without a name and password in it"),
    }),
]);
/** Null: voice notes stay files. `secret`: the key of an endpoint; absent, the one that it has stays. */
export const transcribeCallSchema = z.strictObject({
    caller: callerSchema,
    transcribe: transcribeSchema.nullable(),
    secret: z.string().min(1).max(4_096).optional(),
});
/** The name under which a channel's secrets hold the endpoint's key. */
export const TRANSCRIBE_SECRET = "transcribe";
function isFitUrl(text) {
    const url = URL.parse(text);
    if (url === null || url.username !== "" || url.password !== "" || url.hash !== "")
        return false;
    return (url.protocol === "https:" ||
        (url.protocol === "http:" && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)));
}
