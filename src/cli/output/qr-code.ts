/**
 * A link as a code that a phone's camera reads.
 *
 * Owns: when one is drawn, and how. Never: what stands in it.
 */
import type { renderOutcome } from "./access-lines.ts";
import { paint, printLines, readColumns } from "./print.ts";

/** The link of a new invite, below what is printed of it, where a person looks at a terminal that is wide enough. */
export async function printInviteCode(outcome: Parameters<typeof renderOutcome>[0]): Promise<void> {
  const link = outcome.kind === "invited" ? outcome.account?.codeLink : undefined;
  if (link === undefined || outcome.kind !== "invited" || process.stdout.isTTY !== true) return;
  const lines = await toQrCode(link + outcome.code);
  if ((lines[0]?.length ?? 0) <= readColumns()) printLines(lines);
}

/** Light on dark, whatever the terminal's colours are. */
export async function toQrCode(text: string): Promise<string[]> {
  // Loaded where somebody is shown one.
  const { renderUnicodeCompact } = await import("uqr");
  const lines = renderUnicodeCompact(text, { border: 2 }).split("\n");
  return lines.map((line) => paint(["whiteBright", "bgBlack"], line));
}
