/**
 * Tokens, estimated: no tokenizer is at hand. A character of words is 1/4 of a token, one of an id, a time or a URL 1/2.2.
 *
 * Owns: that estimate, which errs to the dear side. Never: what is counted.
 */
export function toTokens(text: string): number {
  // Ids, times and URLs are what holds a digit beside a letter, or a slash.
  const dense = text.match(/\S*(?:[a-z_]\d|\d[-:a-z]|\w\/\w)\S*/gi)?.join("").length ?? 0;
  return Math.ceil(dense / 2.2 + (text.length - dense) / 4);
}
