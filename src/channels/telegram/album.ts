/**
 * An album as one arrival.
 *
 * Owns: joining the pictures of a media group. Never: waits for them.
 */
import type { Arrival } from "../../sdk/event.ts";

/** The first picture's arrival with the files and words of all. Its id is the album's: however it was cut, it is kept once. */
export function mergeAlbum(parts: readonly Arrival[], album: string): Arrival {
  const [first, ...others] = parts;
  if (first === undefined) throw new TypeError("an album has at least one part");
  const files = parts.flatMap((part) => part.files ?? []);
  const account = first.chat?.account ?? "";
  // What is answered stands with every picture; what is said stands with one, as a rule with the first.
  const seen = new Set(first.quotes.map(({ label, text }) => `${label}\n${text}`));
  const quotes = [...first.quotes];
  for (const quote of others.flatMap((part) => part.quotes)) {
    const key = `${quote.label}\n${quote.text}`;
    if (!seen.has(key)) quotes.push(quote);
    seen.add(key);
  }
  const [head = ""] = first.text.split("\n");
  return {
    ...first,
    text: parts.length === 1 ? first.text : `${head}\n(album of ${parts.length})`,
    quotes,
    ...(files.length === 0 ? {} : { files }),
    // A caption that names us may stand under any of them.
    ...(first.chat === undefined
      ? {}
      : {
          chat: {
            ...first.chat,
            isAddressed: parts.some((part) => part.chat?.isAddressed === true),
          },
        }),
    ack: parts.some((part) => part.ack === "reply") ? "reply" : first.ack,
    deliveryId: `${account}:album:${album}`,
  };
}
