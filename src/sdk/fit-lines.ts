/**
 * Lines for a place that holds only so many bytes.
 *
 * Owns: where they end. Pure. Never: cuts a line.
 */

/** As many of the first lines as fit into `maxBytes`; where one is left out, `more` is the last. */
export function fitLines(lines: readonly string[], maxBytes: number, more: string): string {
  const whole = lines.join("\n");
  if (Buffer.byteLength(whole) <= maxBytes) return whole;
  let left = maxBytes - Buffer.byteLength(more);
  const kept = lines.slice(
    0,
    lines.findIndex((line) => (left -= Buffer.byteLength(line) + 1) < 0),
  );
  return [...kept, more].join("\n");
}
