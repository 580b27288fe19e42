/**
 * Shares out the room that a note has left: texts that were cut grow, people's first.
 *
 * Owns: who gets how much. Never: which texts there are, or their words. Pure.
 *
 * SHARE-1 Of one rank each gets an equal share, and what one does not need goes to the others; a lower rank gets what a higher one left.
 */

/** A text that has `cap` characters and would like `want`. */
export type Part = {
  /** The smallest first. */
  rank: number;
  want: number;
  cap: number;
  render: (cap: number) => string;
};

export type Size = (text: string) => number;

/** A cut may come out too large, for its lines are marked: tried again with less. */
const TRIES = 4;
/** So much longer than its share, a text does not fit as a whole: it is not even tried. */
const HOPELESS = 4;

/** Lets `parts` grow by at most `free`, by `size`. Returns what is left of it. */
export function shareRoom(parts: readonly Part[], free: number, size: Size): number {
  let left = free;
  const ranks = [...new Set(parts.map(({ rank }) => rank))].toSorted((a, b) => a - b);
  for (const rank of ranks) {
    const cutShort = parts
      .filter((part) => part.rank === rank && part.want > part.cap)
      .toSorted((a, b) => a.want - b.want);
    for (const [index, part] of cutShort.entries())
      left -= grow(part, Math.floor(left / (cutShort.length - index)), size);
  }
  return left;
}

/** How much room the whole of a text takes beyond what it has. */
export function toNeed(part: Part, size: Size): number {
  return part.want <= part.cap
    ? 0
    : Math.max(0, size(part.render(Number.MAX_SAFE_INTEGER)) - size(part.render(part.cap)));
}

/** Returns what it took, which is less than nothing where the word of a cut was longer than what was cut. */
function grow(part: Part, share: number, size: Size): number {
  if (share <= 0) return 0;
  const before = size(part.render(part.cap));
  if (part.want - part.cap <= share * HOPELESS) {
    const whole = size(part.render(Number.MAX_SAFE_INTEGER)) - before;
    if (whole <= share) {
      part.cap = Number.MAX_SAFE_INTEGER;
      return whole;
    }
  }
  let more = share;
  for (let time = 0; time < TRIES && more > 0; time++) {
    const took = size(part.render(part.cap + more)) - before;
    if (took <= share) {
      part.cap += more;
      return took;
    }
    more = Math.floor(more * Math.min(0.9, share / took));
  }
  return 0;
}
