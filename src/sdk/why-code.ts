/**
 * Why a call needs its typed code, in one line for people.
 *
 * Owns: those words. Pure. Never: makes them visible, or decides what needs a code.
 */
import type { Risk } from "./prompt.ts";

/** Nothing is certain but this. */
export const UNLISTED = "not on the list of harmless calls";

export function toWhyCode({ reasons }: Pick<Risk, "reasons">): string {
  return reasons.length === 0 ? UNLISTED : reasons.join("; ");
}
