/**
 * Makes names of files that strangers chose safe for a path and for a line.
 *
 * Owns: which characters a name may hold. Pure.
 */
const MAX_CHARS = 80;
/** Names that mean a device on Windows, whatever follows the dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** A plain name: letters, digits, `.`, `_`, `-`; never hidden, never a folder, at most 80 characters. */
export function toFileName(given: string): string {
  const last = given.split(/[\\/]/).at(-1) ?? "";
  const plain = last
    .normalize("NFKC")
    .replace(/[^\p{L}\p{N}._-]+/gu, "_")
    .replace(/\.{2,}/g, ".")
    .replace(/^[._-]+/, "")
    .replace(/[._-]+$/, "");
  const name = plain === "" || DEVICE.test(plain) ? `file_${plain}` : plain;
  if (name.length <= MAX_CHARS) return name.toWellFormed();
  const dot = name.lastIndexOf(".");
  const ending = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : "";
  return (name.slice(0, MAX_CHARS - ending.length) + ending)
    .toWellFormed()
    .replaceAll("\ufffd", "_");
}
