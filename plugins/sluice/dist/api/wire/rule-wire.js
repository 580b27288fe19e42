/**
 * What travels about the owner's rules for prompts.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour. Names of `--json` output stay as they are: scripts parse them.
 */
import { z } from "../../vendor/zod.js";
import { callerSchema } from "./access-wire.js";
export const RULE_ACTIONS = ["allow", "ask", "deny"];
const pattern = (maxChars) => z
    .string()
    .min(1)
    .max(maxChars)
    // A rule is read by people: what they cannot see must not be in it.
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, "must be one line without hidden characters");
export const ruleAddSchema = z.strictObject({
    action: z.enum(RULE_ACTIONS),
    tool: pattern(256),
    path: pattern(1_024).optional(),
    command: pattern(1_024).optional(),
    session: pattern(1_024).optional(),
    caller: callerSchema,
});
export const ruleRemoveSchema = z.strictObject({ caller: callerSchema });
