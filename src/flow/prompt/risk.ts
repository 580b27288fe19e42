/**
 * What is risky about a call, in words for people: such a call needs the typed code, one tap is not enough.
 *
 * Owns: which calls are risky and why. Never: allows or denies (rules.ts), or looks at the disk.
 *
 * K1 What cannot be read is risky.
 * K2 An aid for attention, and no sandbox: a program that nobody knows, or a script in the folder, can do anything once it is allowed.
 */
import { assessCommand } from "./risk-command.ts";
import { assessRead, assessWrite } from "./risk-path.ts";
import type { Risk } from "../../sdk/prompt.ts";
import { toVisible } from "./visible.ts";

export type CallFacts = { tool: string; input: Readonly<Record<string, unknown>>; cwd: string };

/** The client's tools that write one file, and the field that names it. */
const WRITING_TOOLS: ReadonlyMap<string, string> = new Map([
  ["Write", "file_path"],
  ["Edit", "file_path"],
  ["MultiEdit", "file_path"],
  ["NotebookEdit", "notebook_path"],
]);
const READING_TOOLS: ReadonlyMap<string, string> = new Map([
  ["Read", "file_path"],
  ["Grep", "path"],
  ["Glob", "path"],
]);
const MAX_REASONS = 8;

/** Pure. `cwd` is the session's folder, empty where nobody knows it. */
export function assessRisk(call: CallFacts): Risk {
  const reasons = [...new Set(listReasons(call))];
  return { isRisky: reasons.length > 0, reasons: reasons.slice(0, MAX_REASONS) };
}

function listReasons({ tool, input, cwd }: CallFacts): string[] {
  if (tool === "ExitPlanMode") return ["the session acts on the plan once it is accepted"];
  if (tool === "PowerShell") return ["cannot be read: PowerShell"];
  // Monitor and servers' own shells take one as well.
  if (tool === "Bash" || typeof input["command"] === "string") return assessShellTool(input, cwd);
  const base = cwd === "" ? undefined : cwd;
  const written = WRITING_TOOLS.get(tool);
  if (written !== undefined) {
    const path = input[written];
    if (typeof path !== "string") return ["the client does not say which file"];
    return [...assessWrite({ path, isExact: true, cwd, base }), ...toMisleading(path)];
  }
  const read = READING_TOOLS.get(tool);
  const path = read === undefined ? undefined : input[read];
  return typeof path === "string" ? assessRead({ path, base }) : [];
}

function assessShellTool(input: CallFacts["input"], cwd: string): string[] {
  const { command, dangerouslyDisableSandbox: isUnboxed } = input;
  if (typeof command !== "string") return ["the client does not say which command"];
  return [
    ...toMisleading(command),
    ...(isUnboxed === true ? ["runs outside the client's sandbox"] : []),
    ...assessCommand(command, cwd),
  ];
}

function toMisleading(text: string): string[] {
  // Only marks of characters: many spaces are bad style, and shown.
  return /⟨(?:U\+|\d+ combining)/.test(toVisible(text)) ? ["holds characters that mislead"] : [];
}
