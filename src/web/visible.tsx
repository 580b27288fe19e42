/**
 * Text of a session that people read before they decide, with the hub's marks shown in another style.
 *
 * Owns: how marks look. Never: makes one (flow/prompt/show/visible.ts, mask.ts), or renders the text as anything but text nodes.
 */
import type { ComponentChildren, JSX } from "preact";
import { useMemo, useState } from "preact/hooks";

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

const FOLD_LINES = 60;
const FOLD_CHARS = 6_000;
const HEAD_LINES = 30;
const TAIL_LINES = 15;
const HEAD_CHARS = 3_000;
const TAIL_CHARS = 1_500;

type FoldedProps = { text: string; buttonClass: string; show: (part: string) => JSX.Element };

/** A long text by its two ends, where a hurried reader looks; `show` draws a part of it, a button the rest. */
export function Folded({ text, buttonClass, show }: FoldedProps): JSX.Element {
  const [isWhole, setWhole] = useState(false);
  const ends = isWhole ? undefined : toEnds(text);
  if (ends === undefined) return show(text);
  return (
    <>
      {show(ends.head)}
      <button type="button" class={buttonClass} onClick={() => setWhole(true)}>
        Show {ends.left}
      </button>
      {show(ends.tail)}
    </>
  );
}

/** Undefined where it is short enough to be read whole. */
function toEnds(text: string): { head: string; tail: string; left: string } | undefined {
  const lines = text.split("\n");
  if (lines.length <= FOLD_LINES && text.length <= FOLD_CHARS) return undefined;
  const head = lines.slice(0, HEAD_LINES).join("\n").slice(0, HEAD_CHARS).toWellFormed();
  const tail = lines.slice(-TAIL_LINES).join("\n").slice(-TAIL_CHARS).toWellFormed();
  const chars = text.length - head.length - tail.length;
  const count =
    head.length === HEAD_CHARS || tail.length === TAIL_CHARS
      ? 0
      : lines.length - HEAD_LINES - TAIL_LINES;
  return {
    head,
    tail,
    left: count > 0 ? `${count} more lines` : `${chars.toLocaleString("en")} more characters`,
  };
}
