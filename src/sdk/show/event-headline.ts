/**
 * An event as one line of a list.
 *
 * Owns: the parts that are left out. Never: the whole text, which stands in the event's trace.
 */
/** Where the words of a person begin: after our own first line. */
const WRITTEN = /\nmessage: ([^]*)/;

/** Of a chat message only what was written: our line about it adds nothing for the reader. */
export function toHeadline({ text, kind }: { text: string; kind: string }): string {
  const written = kind === "message" ? WRITTEN.exec(text)?.[1] : undefined;
  const line = (written ?? text).replaceAll(/\s+/g, " ").trim();
  return line === "" ? kind : line;
}
