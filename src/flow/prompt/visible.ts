/**
 * Text that people read before they decide, with everything that could mislead them made visible.
 *
 * Owns: which characters show themselves as marks like ⟨U+202E⟩. Never: cuts, masks (mask.ts) or lays out.
 */

const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{Variation_Selector}]/gu;

/** Pure. Newline and tab stay. */
export function toVisible(text: string): string {
  return text.replace(HIDDEN, (char) => (char === "\n" || char === "\t" ? char : toMark(char)));
}

function toMark(char: string): string {
  return `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
