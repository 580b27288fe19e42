/**
 * Whether an entry of `prompts.projectCommands` can ever be a command.
 *
 * Owns: the reason why it cannot. Pure. Never: compares a command with the list (flow/prompt/risk/project-commands.ts).
 */
import { readPlainShell } from "../../flow/prompt/risk/plain-shell.ts";

const WORDS = "<words>";

/** For people; undefined where it can. */
export function findEntryFault(entry: string): string | undefined {
  if (/["']/.test(entry)) return `it holds a quote; ${WORDS} stands for one text in quotes`;
  const words = entry.trim().split(/ +/);
  const shell = readPlainShell(words.map((word) => (word === WORDS ? "'words'" : word)).join(" "));
  if (shell.kind === "unread") return shell.why;
  return shell.commands.length === 1 ? undefined : "it is more than one command";
}
