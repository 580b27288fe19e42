/**
 * Splits a text by bytes, which is what ntfy counts.
 *
 * Owns: where it is cut. Pure.
 */
import { chunkMarkdown } from "../../sdk/chunk.ts";

/** Pieces of at most `maxBytes` in UTF-8; cut where Markdown may be cut. */
export function chunkBytes(text: string, maxBytes: number): string[] {
  return chunkMarkdown(text, maxBytes).flatMap((piece) => {
    const bytes = Buffer.byteLength(piece);
    // Characters of several bytes: fewer of them fit. The share found here is exact enough to end after a step or two.
    if (bytes <= maxBytes) return [piece];
    const fitting = Math.floor((piece.length * maxBytes) / bytes) - 16;
    return chunkMarkdown(piece, Math.max(64, fitting)).flatMap((part) =>
      Buffer.byteLength(part) <= maxBytes ? [part] : chunkBytes(part, Math.floor(maxBytes / 2)),
    );
  });
}
