/**
 * A text in Markdown.
 *
 * Owns: when its reader is loaded: with the first text, and once. Until then, and where it cannot be had, the text is shown as it was written.
 */
import type { JSX } from "preact";
import type { toElements } from "./markdown-elements.tsx";
import { useEffect, useMemo, useState } from "preact/hooks";

type Elements = { toElements: typeof toElements };

let elements: Elements | undefined;
let loading: Promise<Elements> | undefined;

/** Before the first chat is shown, so that what is drawn stays where it is. Rejects never. */
export async function loadMarkdown(): Promise<void> {
  loading ??= import("./markdown-elements.tsx");
  try {
    elements = await loading;
  } catch {
    // A file that is gone: the hub was updated under an open tab. The next text tries again.
    loading = undefined;
  }
}

export function Markdown({ text }: { text: string }): JSX.Element {
  const [, setReady] = useState(elements !== undefined);
  useEffect(() => {
    if (elements === undefined) void loadMarkdown().then(() => setReady(elements !== undefined));
  }, []);
  // Parsed once: a chat is drawn again for every message that comes.
  const blocks = useMemo(() => elements?.toElements(text), [text, elements]);
  return blocks === undefined ? (
    <div class="markdown plain">{text}</div>
  ) : (
    <div class="markdown">{blocks}</div>
  );
}
