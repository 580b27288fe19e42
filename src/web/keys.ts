/**
 * Keyboard shortcuts of a page, outside of text fields.
 */

/** True where a letter is text. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.matches("input:not([type=radio], [type=checkbox]), textarea, select") ||
      target.isContentEditable ||
      target.closest("dialog") !== null)
  );
}
