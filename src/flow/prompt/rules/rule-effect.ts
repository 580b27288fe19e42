/**
 * Finds rules that can never allow anything, as they are written.
 *
 * Owns: the reason in words: the command line and doctor show it. Never: decides about a call (rules.ts).
 */
import type { PromptRule } from "../../../store/prompts/prompt-rules.ts";
import { readPlainShell } from "../risk/plain-shell.ts";

const FOR_PEOPLE = /^(?:AskUserQuestion|ExitPlanMode)$/;
const SHELL_TOOLS = /^(?:Bash|Monitor)$/;
const FILE_TOOLS = /^(?:Edit|MultiEdit|Write|NotebookEdit|Read|NotebookRead|Grep|Glob|LS)$/;

/** Why a rule that allows can fit no call; undefined where it can. Pure. */
export function findNoEffect({
  action,
  tool,
  command,
  path,
  scope,
}: Pick<PromptRule, "action" | "tool" | "command" | "path" | "scope">): string | undefined {
  if (action !== "allow" || scope !== undefined) return undefined;
  if (FOR_PEOPLE.test(tool)) return "people answer questions and plans themselves";
  if (tool === "PowerShell") return "PowerShell is not read, so each call needs its code";
  if (SHELL_TOOLS.test(tool) && path !== undefined)
    return "a rule with a path allows no shell command";
  if (FILE_TOOLS.test(tool) && command !== undefined) return `${tool} runs no command`;
  if (tool.startsWith("mcp__") && (path !== undefined || command !== undefined))
    return "arguments of other servers' tools are not read";
  if (path?.split("/").includes("..") === true) return 'its path holds ".."';
  if (command === undefined) return undefined;
  const shell = readPlainShell(command.replaceAll(/[*?]+/g, "x"));
  return shell.kind === "unread" ? `its command is not read: ${shell.why}` : undefined;
}
