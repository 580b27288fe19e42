/**
 * Secrets in what people are shown, masked.
 *
 * Owns: which shapes count as secrets. Never: keeps or logs what it masked.
 */

const MASK = "[masked]";
const SHAPES: readonly RegExp[] = [
  /\b(?:gh[pousr]_|github_pat_|sk-|sk_live_|xox[abprs]-|AKIA|npm_)[\w-]{12,255}/g,
];

/** Pure, linear time. */
export function maskSecrets(text: string): string {
  let masked = text;
  for (const shape of SHAPES) masked = masked.replace(shape, MASK);
  return masked;
}
