/**
 * Copies what a channel's code loads into a new folder of the home.
 *
 * Owns: the modes and the size of the copy. Never: decides what is copied (collect.ts).
 *
 * KEPTCOPY-1 The copy is its owner's to change and nobody else's, whatever modes the original has: a folder that may not be written, as of a
 *    package store, could neither be filled nor removed again.
 * KEPTCOPY-2 No more is copied than may be kept.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { MAX_BYTES, MAX_FILES, tooLarge } from "../../hub/authored/kept-code.ts";
import { readErrorCode, SluiceError, toMessage } from "../../sdk/errors.ts";

/** Packages inside of a package are asked for by name. */
const LEFT_OUT = new Set(["node_modules", ".git"]);

export class CodeCopy {
  readonly #root: string;
  readonly #target: string;
  #bytes = 0;
  #files = 0;

  /** `root`: the folder of the originals that `target` stands for. */
  constructor(root: string, target: string) {
    this.#root = root;
    this.#target = target;
  }

  /** @throws SluiceError `too_large`, `bad_config`. */
  addFile(path: string): void {
    const copy = this.#toPlace(path);
    if (existsSync(copy)) return;
    try {
      this.#bytes += statSync(path).size;
      if (++this.#files > MAX_FILES || this.#bytes > MAX_BYTES) throw tooLarge();
      makeFolder(dirname(copy));
      copyFileSync(path, copy);
      chmodSync(copy, 0o600);
    } catch (thrown) {
      throw toFault(path, thrown);
    }
  }

  /** Its files alone: a link inside may lead anywhere. */
  addPackage(folder: string): void {
    for (const entry of readFolder(folder)) {
      const path = join(folder, entry.name);
      if (entry.isFile()) this.addFile(path);
      else if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) this.addPackage(path);
    }
  }

  /** `place` leads to `real`, as in the original. */
  addLink(place: string, real: string): void {
    const at = this.#toPlace(place);
    makeFolder(dirname(at));
    if (!existsSync(at)) symlinkSync(relative(dirname(at), this.#toPlace(real)), at, "junction");
  }

  #toPlace(path: string): string {
    return join(this.#target, relative(this.#root, path));
  }
}

function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

function readFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (thrown) {
    throw toFault(folder, thrown);
  }
}

function toFault(path: string, thrown: unknown): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const why = String(readErrorCode(thrown) ?? toMessage(thrown));
  return new SluiceError("bad_config", `${path} cannot be copied (${why}); nothing was added`, {
    cause: thrown,
  });
}
