/**
 * Suggests the name that was probably meant.
 *
 * Owns: the distance between two names. Never: which names there are.
 */

/** The nearest of `names`, or undefined when none is near enough to be a slip of the finger. */
export function suggest(typed: string, names: readonly string[]): string | undefined {
  const text = typed.toLowerCase();
  if (text === "") return undefined;
  const ranked = names
    .map((name) => ({ name, distance: toDistance(text, name), begins: name.startsWith(text) }))
    .filter(({ name, distance, begins }) => begins || distance <= Math.max(1, name.length / 3))
    .toSorted((a, b) => Number(b.begins) - Number(a.begins) || a.distance - b.distance);
  return ranked[0]?.name;
}

/** `; did you mean "x"?`, or nothing. */
export function toHint(typed: string, names: readonly string[], prefix = ""): string {
  const name = suggest(typed, names);
  return name === undefined ? "" : `; did you mean "${prefix}${name}"?`;
}

/** Edits from one to the other; two letters that changed places count once. */
function toDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? a.length;
}
