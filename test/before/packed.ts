/**
 * Folders in one compressed file each: what stands in `test/before` was made by versions of Sluice that are gone from the tree.
 *
 * Owns: packing and unpacking. Never: what is in them (make.ts says how each was made).
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";

type Packed = {
  /** The commit whose version made it. */
  commit: string;
  /** By path; one character for each byte. */
  files: Record<string, string>;
};

export function pack(folder: string, file: string, commit: string): number {
  const files: Packed["files"] = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(folder, path)] = readFileSync(path).toString("latin1");
  }
  const text = Buffer.from(JSON.stringify({ commit, files } satisfies Packed), "utf8");
  const packed = brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  });
  writeFileSync(file, packed);
  return packed.length;
}

export function unpack(file: string, folder: string): void {
  const { files } = JSON.parse(brotliDecompressSync(readFileSync(file)).toString("utf8")) as Packed;
  for (const [path, content] of Object.entries(files)) {
    const place = join(folder, path);
    // As Sluice leaves them: a home that others can read would be refused.
    mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
    writeFileSync(place, Buffer.from(content, "latin1"), { mode: 0o600 });
  }
}
