/**
 * What travels about subscriptions, session names and routing rules.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour. Names of `--json` output stay as they are: scripts parse them.
 */
import { z } from "../../vendor/zod.js";
import { UNTILS } from "../../store/events/subscriptions.js";
const channel = z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z, 0-9 and "-"');
const oneLine = (maxChars) => z
    .string()
    .min(1)
    .max(maxChars)
    .regex(/^\P{Cc}*$/u, "must be one line");
export const sessionNameSchema = oneLine(256);
export const selectorSchema = z.strictObject({
    channel,
    entity: oneLine(256).optional(),
    pattern: oneLine(256).optional(),
});
export const watchSchema = selectorSchema.extend({
    session: sessionNameSchema,
    until: z.enum(UNTILS).optional(),
    copy: z.boolean().optional(),
});
export const unwatchSchema = z.union([
    z.strictObject({ id: z.int().positive() }),
    selectorSchema.extend({ session: sessionNameSchema.optional() }),
]);
export const labelSchema = z.strictObject({ label: z.string().max(256) });
export const ruleSchema = z.strictObject({
    channel: channel.optional(),
    repository: z
        .string()
        .regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/, "must be owner/name")
        .transform((text) => text.toLowerCase())
        .optional(),
    branch: oneLine(256).optional(),
    label: oneLine(256).optional(),
    to: z.union([
        z.strictObject({ session: sessionNameSchema }),
        z.strictObject({ cwd: z.string().min(1).max(4_096).startsWith("/", "must be absolute") }),
        z.strictObject({
            repository: z
                .string()
                .regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/, "must be owner/name")
                .transform((text) => text.toLowerCase()),
        }),
    ]),
});
export const addRuleSchema = ruleSchema.refine((rule) => [rule.channel, rule.repository, rule.branch, rule.label].some((one) => one !== undefined), "a rule needs a channel, a repository, a branch or a label to go by");
/** One rule as `--json` prints it, and as config.json holds it. */
export const keptRuleSchema = ruleSchema.extend({ id: z.int().positive() });
