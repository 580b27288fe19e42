/**
 * What travels about the owner's rules for prompts.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour. Names of `--json` output stay as they are: scripts parse them.
 */
import { z } from "zod";
import type { PromptRule } from "../../store/prompts/prompt-rules.ts";
import { callerSchema } from "./access-wire.ts";

export const RULE_ACTIONS = ["allow", "ask", "deny"] as const;

const pattern = (maxChars: number) =>
  z
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

/** `isDefault`: config.json sets none. */
export type ProjectCommandsView = { commands: readonly string[]; isDefault: boolean };

/** Times are epoch ms. `shown` is masked, and not yet made visible. `noEffect`: why the rule allows nothing as it is written. */
export type RuleView = PromptRule & { noEffect?: string | undefined };
