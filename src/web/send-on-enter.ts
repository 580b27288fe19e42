/**
 * Enter in a field of text. Owns: when it sends.
 */

/** Enter sends; with Shift it begins a new line. An input method ends a word with Enter, too. */
export function sendOnEnter(event: KeyboardEvent, send: () => void): void {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
}
