/**
 * The owner's rules as lines for a terminal.
 *
 * Owns: the list and the explanation of one. Never: what a rule means (flow/prompt/rules/rule-words.ts).
 */
import {
  explainRule,
  type SaidRule,
  toRuleHead,
  toRuleLimits,
  toVisible,
} from "../../api/wire/visible.ts";
import { renderTable, toAgo, toDuration, toLine } from "./print.ts";

const HEAD = ["RULE", "ANSWER", "TOOL", "ADDED", "UNTIL", "ONLY"];
const LABEL_COLUMNS = 8;

export function renderRules(rules: readonly SaidRule[], now: number, columns: number): string[] {
  const rows = rules.map((one) => [
    String(one.id),
    one.action,
    one.scope === "edits" ? "(edits)" : toVisible(one.tool),
    toAgo(one.createdAt, now),
    one.expiresAt === undefined ? "" : `in ${toDuration(one.expiresAt - now)}`,
    toRuleLimits(one),
  ]);
  return renderTable(HEAD, rows, columns);
}

/** `rule 3: allow Bash, command npm test *` */
export function renderRule(rule: SaidRule): string {
  const limits = toRuleLimits(rule);
  return `rule ${rule.id}: ${toRuleHead(rule)}${limits === "" ? "" : `, ${limits}`}`;
}

export function renderExplanation(rule: SaidRule, now: number): string[] {
  const { createdAt, expiresAt, by } = rule;
  const until =
    expiresAt === undefined
      ? "it is removed"
      : `${toTime(expiresAt)} (in ${toDuration(expiresAt - now)}); then people are asked again`;
  return [
    `rule ${rule.id}: ${toRuleHead(rule)}`,
    ...explainRule(rule).flatMap(({ label, value }) => renderFact(label, value)),
    ...renderFact("since", `${toTime(createdAt)} (${toAgo(createdAt, now)}), by ${toLine(by)}`),
    ...renderFact("until", until),
  ];
}

/** Further lines of a call cannot pose as facts of their own. */
function renderFact(label: string, value: string): string[] {
  return value
    .split("\n")
    .map(
      (line, at) =>
        `  ${(at === 0 ? label : "").padEnd(LABEL_COLUMNS)} ${at === 0 ? "" : "| "}${line}`,
    );
}

/** As clocks here show it. */
function toTime(at: number): string {
  const pad = (value: number): string => String(value).padStart(2, "0");
  const time = new Date(at);
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${pad(time.getHours())}:${pad(time.getMinutes())}`;
}
