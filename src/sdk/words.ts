/**
 * The words of a sender, apart from the text that a channel composed around them.
 *
 * Owns: which quote of an arrival holds the sender's own words. Never: their meaning.
 */
import type { Arrival } from "./event.ts";

/** The label under which a channel puts a sender's own new words. Forwarded, edited and answered text has other labels. */
export const OWN_WORDS = "message";

/** The sender's own words; empty for a forward, an edit, a file without a caption. Codes and commands are looked for only here. */
export function readOwnWords({ quotes }: Pick<Arrival, "quotes">): string {
  return quotes.find(({ label }) => label === OWN_WORDS)?.text ?? "";
}
