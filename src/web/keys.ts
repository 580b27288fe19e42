/**
 * Keys of a page, where letters are no text.
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
