/**
 * Which of the owner's rules speaks for a call.
 *
 * Owns: how a rule fits a call, and the order of rules. Never: who may write a rule, or acts on one.
 *
 * R1 Deny before ask before allow; among equals the oldest. No rule: undefined, people are asked.
 * R2 A rule that names a path or a command fits only a call that has one.
 * R3 A rule that allows is read narrowly: wildcards match no operator, quote or hidden character of a shell, a compound command only
 *    where the rule spells it. It answers no question and accepts no plan.
 * R4 A rule that denies or asks is read widely: each command in a line counts, also below sudo, env or bash -c; what lies in a folder
 *    counts with it; case does not count.
 */
import type { PromptRule, RuleAction } from "../../store/prompt-rules.ts";
import { isGlobFit, NO_SLASH } from "./glob.ts";
import { listCommands } from "./risk-command.ts";
import { isInside, resolvePath } from "./risk-path.ts";
import { toVisible } from "./visible.ts";

export type RuleCall = {
  tool: string;
  input: Readonly<Record<string, unknown>>;
  /** Where the call stands: a session moves about. */
  cwd: string;
  /** The session's own folder, which it cannot change: what a rule's path is relative to. */
  folder: string;
  session: string;
  sessionName: string;
};

const ORDER: readonly RuleAction[] = ["deny", "ask", "allow"];
const FOR_PEOPLE = /^(?:AskUserQuestion|ExitPlanMode)$/;
const SHELL_TOOLS = /^(?:Bash|PowerShell|Monitor)$/;
const PATH_FIELDS = ["file_path", "notebook_path", "path"] as const;
/** What a wildcard of an allowed command may stand for (R3). */
const TAME: RegExp = /[^;&|<>()$`'"\\{}!\p{C}\p{Zl}\p{Zp}]/u;

/** Pure. */
export function findRule(rules: readonly PromptRule[], call: RuleCall): PromptRule | undefined {
  for (const action of ORDER) {
    const found = rules.find((rule) => rule.action === action && isFit(rule, call));
    if (found !== undefined) return found;
  }
  return undefined;
}

function isFit(rule: PromptRule, call: RuleCall): boolean {
  const isWide = rule.action !== "allow";
  if (!isWide && FOR_PEOPLE.test(call.tool)) return false;
  // To leave the client's sandbox is more than any rule speaks of.
  if (!isWide && call.input["dangerouslyDisableSandbox"] === true) return false;
  return (
    isGlobFit(rule.tool, call.tool, { foldsCase: isWide }) &&
    (rule.session === undefined || isSession(rule.session, call, isWide)) &&
    (rule.path === undefined || isPath(rule.path, call, isWide)) &&
    isCommand(rule.command, call, isWide)
  );
}

function isSession(
  wanted: string,
  { session, sessionName, cwd, folder }: RuleCall,
  isWide: boolean,
): boolean {
  if (/^[/~]/.test(wanted))
    return (isWide ? [folder, cwd] : [folder]).some(
      (at) => at !== "" && isBelow(at, wanted, undefined, isWide),
    );
  return wanted === session || isGlobFit(wanted, sessionName, { foldsCase: isWide });
}

function isPath(pattern: string, { tool, input, cwd, folder }: RuleCall, isWide: boolean): boolean {
  const base = cwd === "" ? undefined : cwd;
  const root = folder === "" ? undefined : folder;
  const named = PATH_FIELDS.flatMap((field) => {
    const value = input[field];
    return typeof value === "string" ? [value] : [];
  });
  const { command } = input;
  if (isWide && typeof command === "string")
    for (const words of listCommands(command)) named.push(...words.map(({ text }) => text));
  else if (SHELL_TOOLS.test(tool)) return false;
  const full = named.map((path) => resolvePath(path, base));
  const isIn = (path: string | undefined): boolean =>
    path !== undefined &&
    (isBelow(path, pattern, root, isWide) || (isWide && isBelow(path, pattern, base, true)));
  // Of a call with two paths, an allowed one is not enough.
  return isWide ? full.some(isIn) : full.length > 0 && full.every(isIn);
}

function isBelow(
  path: string,
  pattern: string,
  base: string | undefined,
  isWide: boolean,
): boolean {
  const wanted = resolvePath(pattern, base);
  if (wanted === undefined) return false;
  const glob = { any: NO_SLASH, foldsCase: isWide };
  if (isGlobFit(wanted, path, glob)) return true;
  return isWide && (isInside(path, wanted) || isGlobFit(`${wanted}/**`, path, glob));
}

function isCommand(
  pattern: string | undefined,
  { tool, input }: RuleCall,
  isWide: boolean,
): boolean {
  const { command } = input;
  if (typeof command !== "string")
    // A shell's call of which only a part is known could be any.
    return pattern === undefined && (isWide || !SHELL_TOOLS.test(tool));
  const text = command.trim();
  if (!isWide) {
    if (pattern === undefined && !SHELL_TOOLS.test(tool)) return true;
    return (
      toVisible(text) === text && isGlobFit(pattern ?? "*", text, { any: TAME, foldsCase: false })
    );
  }
  if (pattern === undefined) return true;
  const isNamed = (one: string): boolean => isGlobFit(pattern, one, { foldsCase: true });
  return (
    isNamed(text) ||
    listCommands(command).some((words) => {
      const texts = words.map((word) => word.text);
      const bare = [texts[0]?.replace(/^.*\//s, "") ?? "", ...texts.slice(1)];
      return isNamed(texts.join(" ")) || isNamed(bare.join(" "));
    })
  );
}
