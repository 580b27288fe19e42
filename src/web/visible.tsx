/**
 * Text of a session that people read before they decide, with the hub's marks shown in another style.
 *
 * Owns: how marks look. Never: makes one (flow/prompt/show/visible.ts, mask.ts), or renders the text as anything but text nodes.
 */
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";

const MARKS =
  /⟨(?:U\+[0-9A-F]{4,6}(?: ×\d+)?|\d+ (?:spaces|empty lines|combining marks))⟩|\[masked[^\]\n]{0,80}\]/g;

export function Visible({ text }: { text: string }): JSX.Element {
  return <>{useMemo(() => toParts(text), [text])}</>;
}

function toParts(text: string): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const { 0: mark, index } of text.matchAll(MARKS)) {
    parts.push(text.slice(from, index));
    from = index + mark.length;
    const isMask = mark.startsWith("[");
    parts.push(
      <mark
        class={isMask ? "masked" : "odd"}
        title={
          isMask
            ? "A secret was here; it was not kept"
            : "A character that is invisible, or looks like another one"
        }
      >
        {mark}
      </mark>,
    );
  }
  parts.push(text.slice(from));
  return parts;
}
