/**
 * Which of the owner's rules speaks for a call.
 *
 * Owns: how a rule fits a call, and the order of rules. Never: who may write a rule, or acts on one.
 *
 * R1 Deny before ask before allow; among equals the oldest. No rule: undefined, people are asked.
 * R2 A rule that names a path or a command fits only a call that has one.
 */
import type { PromptRule, RuleAction } from "../../store/prompt-rules.ts";

export type RuleCall = {
  tool: string;
  input: Readonly<Record<string, unknown>>;
  cwd: string;
  session: string;
  sessionName: string;
};

const ORDER: readonly RuleAction[] = ["deny", "ask", "allow"];

/** Pure. */
export function findRule(rules: readonly PromptRule[], call: RuleCall): PromptRule | undefined {
  for (const action of ORDER) {
    const found = rules.find((rule) => rule.action === action && isFit(rule, call));
    if (found !== undefined) return found;
  }
  return undefined;
}

function isFit(rule: PromptRule, call: RuleCall): boolean {
  if (rule.path !== undefined || rule.command !== undefined) return false;
  if (rule.action === "allow" && /^(?:AskUserQuestion|ExitPlanMode)$/.test(call.tool)) return false;
  if (rule.session !== undefined && ![call.session, call.sessionName].includes(rule.session))
    return false;
  return rule.tool === call.tool;
}
