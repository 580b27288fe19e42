/**
 * Text of prompts and rules as people may read it, for the command line.
 */
export { explainRule, type SaidRule, toRuleHead, toRuleLimits } from "../flow/prompt/rule-words.ts";
export { toVisible } from "../flow/prompt/visible.ts";
