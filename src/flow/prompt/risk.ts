/**
 * What is risky about a call, in words for people: such a call needs the typed code, one tap is not enough.
 *
 * Owns: which calls are risky and why. Never: allows or denies (rules.ts), or looks at the disk.
 */

import type { Risk } from "../../sdk/prompt.ts";

export type CallFacts = { tool: string; input: Readonly<Record<string, unknown>>; cwd: string };

const RISKY = /\b(?:rm|sudo|curl|wget|nc|ssh|scp|dd|mkfs|git\s+push|npm\s+publish)\b|[`$]/;

/** Pure. */
export function assessRisk({ tool, input }: CallFacts): Risk {
  const command = tool === "Bash" ? input["command"] : undefined;
  if (typeof command === "string" && RISKY.test(command))
    return { isRisky: true, reasons: ["network or destruction"] };
  return { isRisky: false, reasons: [] };
}
