/**
 * What travels between the hub and its clients about access.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour. Names of `--json` output stay as they are: scripts parse them.
 */
import { z } from "../../vendor/zod.js";
import { accessChangeSchema } from "../../flow/access/change.js";
/** Who calls: the hub looks at that process itself. */
export const callerSchema = z.strictObject({
    pid: z.int().positive(),
    startTime: z.string().min(1).max(128),
    /** Its input and output are a terminal. */
    tty: z.boolean(),
    /** Its environment is that of a session's shell. */
    session: z.boolean(),
});
const code = z.string().min(1).max(64);
/** A pairing is confirmed with the last four characters of the id. */
const lastFour = z.string().min(1).max(8).optional();
/** A pairing is named by its code, never picked. */
const pairSchema = z.strictObject({
    kind: z.literal("pair-code"),
    code,
    roles: z
        .array(z.enum(["chatter", "approver", "owner"]))
        .min(1)
        .max(3)
        .optional(),
});
export const accessAskSchema = z.strictObject({
    change: z.union([pairSchema, accessChangeSchema]),
    caller: callerSchema,
    lastFour,
});
/** What a link of persons would grant. */
export const accessExplainSchema = z.strictObject({ change: accessChangeSchema });
export const accessFindSchema = z.strictObject({ code, caller: callerSchema });
export const accessRejectSchema = z.strictObject({ caller: callerSchema });
export const accessConfirmSchema = z.strictObject({ caller: callerSchema, lastFour });
export const auditQuerySchema = z.object({
    limit: z.coerce.number().int().min(1).max(10_000).default(50),
});
