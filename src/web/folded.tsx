/**
 * A long text by its two ends. Owns: what is folded away until it is asked for.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

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
