/**
 * Text of prompts and rules as people may read it, for the command line.
 */
export {
  explainRule,
  type SaidRule,
  toRuleHead,
  toRuleLimits,
} from "../../flow/prompt/rules/rule-words.ts";
export { toVisible } from "../../flow/prompt/show/visible.ts";
