/**
 * Which of the owner's rules decides about a call.
 *
 * Owns: how a rule fits a call, and the order of rules. Never: who may write a rule, or acts on one.
 *
 * RULE-1 Deny comes before ask, ask before allow; among equals the oldest rule decides. Without a rule the result is undefined, and
 *    people are asked.
 * RULE-2 A rule that denies or asks and only possibly fits (rule-reach.ts) silences every rule that allows: people are asked.
 * RULE-3 A rule that allows fits only a call that can be read: a command of plain words, a file by its real path. Its wildcards match
 *    no operator and no hidden file. It answers no question and accepts no plan.
 * RULE-4 A rule for exactly one call fits its digest, in its folder, and nothing else.
 */
import type { PromptRule } from "../../../store/prompts/prompt-rules.ts";
import { isGlobFit, NO_SLASH } from "./glob.ts";
import type { Assessment } from "../risk/assess.ts";
import { isGlobHere, isInside, resolvePath } from "../risk/paths.ts";
import { readPlainShell } from "../risk/plain-shell.ts";
import { readToolCall } from "../risk/tools.ts";
import { reachCommand, reachPath, type RuleReach, type ReachCall } from "./rule-reach.ts";
import { toVisible } from "../show/visible.ts";

export type RuleCall = ReachCall & {
  session: string;
  sessionName: string;
  exact: string;
  /** People would be shown a part of it only. */
  hidesSomething: boolean;
  assessment: Pick<Assessment, "kind">;
};

/** `isCertain` false: it may speak of the call, so nothing is allowed without its code. */
export type FoundRule = { rule: PromptRule; isCertain: boolean };

const FOR_PEOPLE = /^(?:AskUserQuestion|ExitPlanMode)$/;
const SHELL_TOOLS = /^(?:Bash|Monitor)$/;
const FILE_TOOLS = /^(?:Edit|MultiEdit|Write|NotebookEdit|Read|NotebookRead|Grep|Glob|LS)$/;
const PATH_FIELDS = ["file_path", "notebook_path", "path"] as const;
/** What a wildcard of an allowed command may stand for. */
const TAME = /[^;&|<>()$`'"\\{}!\p{C}\p{Zl}\p{Zp}]/u;

/** Pure. */
export function findRule(rules: readonly PromptRule[], call: RuleCall): FoundRule | undefined {
  for (const action of ["deny", "ask"] as const) {
    const reached = rules
      .filter((rule) => rule.action === action)
      .map((rule) => ({ rule, reach: reachOf(rule, call) }));
    const found =
      reached.find(({ reach }) => reach === "certain") ??
      reached.find(({ reach }) => reach === "possible");
    if (found !== undefined)
      return { rule: found.rule, isCertain: found.reach === "certain" || action === "ask" };
  }
  const allowed = rules.find((rule) => rule.action === "allow" && isAllowed(rule, call));
  return allowed === undefined ? undefined : { rule: allowed, isCertain: true };
}

/** The rule in one line, for people. */
export function describeRule({ id, action, tool, path, command }: PromptRule): string {
  return [`rule ${id}: ${action} ${tool}`, command, path]
    .filter((one) => one !== undefined)
    .join(" ");
}

function reachOf(rule: PromptRule, call: RuleCall): RuleReach {
  if (!isGlobFit(rule.tool, call.tool, { foldsCase: true })) return "none";
  if (rule.session !== undefined && !isSession(rule.session, call, true)) return "none";
  const parts = [
    ...(rule.path === undefined ? [] : [reachPath(rule.path, call)]),
    ...(rule.command === undefined ? [] : [reachCommand(rule.command, call)]),
  ];
  if (parts.includes("none")) return "none";
  return parts.includes("possible") ? "possible" : "certain";
}

function isAllowed(rule: PromptRule, call: RuleCall): boolean {
  const { tool, input } = call;
  // A name in other letters poses as another tool.
  if (FOR_PEOPLE.test(tool) || !/^[\w.:/-]+$/.test(tool)) return false;
  if (rule.session !== undefined && !isSession(rule.session, call, false)) return false;
  if (rule.scope === "exact")
    return (
      rule.tool === tool &&
      rule.exact === call.exact &&
      call.exact !== "" &&
      rule.folder === call.cwd
    );
  if (rule.scope === "edits")
    return call.assessment.kind === "ordinary-edit" && rule.folder === call.folder;
  // To leave the client's sandbox, to hide something, to be called otherwise: more than any pattern speaks of.
  const known = readToolCall(tool, input);
  if (call.hidesSomething || tool === "PowerShell" || (known !== undefined && "strange" in known))
    return false;
  if (input["dangerouslyDisableSandbox"] !== undefined && known === undefined) return false;
  if (!isGlobFit(rule.tool, tool, { foldsCase: false })) return false;
  if (SHELL_TOOLS.test(tool))
    return rule.path === undefined && isCommandAllowed(rule.command, input["command"]);
  if (rule.command !== undefined) return false;
  if (FILE_TOOLS.test(tool)) return isPathAllowed(rule.path, call);
  return rule.path === undefined;
}

function isCommandAllowed(pattern: string | undefined, command: unknown): boolean {
  if (typeof command !== "string") return false;
  const shell = readPlainShell(command);
  if (
    shell.kind === "unread" ||
    shell.commands.some(({ words }) => words.some(({ isHome }) => isHome))
  )
    return false;
  // Between words any number of spaces is one.
  const line = /["']/.test(command) ? command.trim() : command.trim().replaceAll(/ +/g, " ");
  return isGlobFit(pattern ?? "*", line, { any: TAME, foldsCase: false });
}

/** By its name and by where it really leads; without a pattern, any that is not hidden inside the session's folder. */
function isPathAllowed(pattern: string | undefined, call: RuleCall): boolean {
  const { input, cwd, folder, places } = call;
  const named = PATH_FIELDS.flatMap((field) => (input[field] === undefined ? [] : [input[field]]));
  const paths = named.length === 0 ? ["."] : named;
  // The client's search goes where its pattern begins.
  if (call.tool === "Glob" && !isGlobHere(String(input["pattern"]))) return false;
  const root = places.get(folder)?.real ?? folder;
  return paths.every((path) => {
    if (typeof path !== "string" || path.split("/").includes("..")) return false;
    if (toVisible(path) !== path) return false;
    const full = resolvePath(path, cwd);
    const place = full === undefined ? undefined : places.get(full);
    if (full === undefined || place === undefined || folder === "") return false;
    if (place.isUnknown === true) return false;
    const { real } = place;
    if (pattern === undefined) return isInside(real, root) && !/\/\./.test(real.slice(root.length));
    const wanted = resolvePath(pattern, folder);
    const isAbsolute = /^[/~]/.test(pattern);
    const really =
      isAbsolute || wanted === undefined ? wanted : `${root}${wanted.slice(folder.length)}`;
    return (
      wanted !== undefined && really !== undefined && isBelow(full, wanted) && isBelow(real, really)
    );
  });
}

/** A wildcard stands for no hidden file: `**` is no word about .git or .claude. */
function isBelow(path: string, pattern: string): boolean {
  const spelled = pattern.split("/");
  return (
    isGlobFit(pattern, path, { any: NO_SLASH, foldsCase: false }) &&
    path.split("/").every((part) => !part.startsWith(".") || spelled.includes(part))
  );
}

function isSession(
  wanted: string,
  { session, sessionName, cwd, folder }: RuleCall,
  isWide: boolean,
): boolean {
  if (!/^[/~]/.test(wanted))
    return wanted === session || isGlobFit(wanted, sessionName, { foldsCase: isWide });
  const pattern = resolvePath(wanted, undefined) ?? wanted;
  const glob = { any: NO_SLASH, foldsCase: isWide };
  return (isWide ? [folder, cwd] : [folder]).some(
    (at) =>
      at !== "" &&
      (isGlobFit(pattern, at, glob) || (isWide && isGlobFit(`${pattern}/**`, at, glob))),
  );
}
