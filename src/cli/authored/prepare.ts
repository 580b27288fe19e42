/**
 * Lays down new code of a channel in the home, to be confirmed: from a file or a package to a folder with a manifest.
 *
 * Owns: that folder until it is confirmed or thrown away. Never: what the person says, or the channel.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findFile } from "../../author/load.ts";
import { describeCode } from "../../hub/authored/describe-code.ts";
import {
  FILES_FOLDER,
  type Manifest,
  MANIFEST_FILE,
  toCodeFolder,
  toDigest,
} from "../../hub/authored/kept-code.ts";
import type { Env, Home } from "../../local/home.ts";
import { ensureInnerFolder } from "../../local/safe-folder.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { collectLocal, type Collected } from "./collect.ts";

export type NewCode = {
  /** Its name below the home's folder of code. */
  folder: string;
  path: string;
  digest: string;
  manifest: Manifest;
  /** Throws it away, where it was not confirmed. */
  discard(): void;
};

/** Gathers what is copied. Asks before anything of a download is run. */
type Gather = (files: string) => Promise<Collected & { from: string }>;

export function prepareLocal(path: string, home: Home, env: Env): Promise<NewCode> {
  const file = findFile(resolve(path));
  return prepare(home, env, async (files) => ({
    ...(await collectLocal(file, files, env)),
    from: file,
  }));
}

/** @throws SluiceError `bad_config`, `unsupported`, `too_large`: then nothing is left. */
export async function prepare(home: Home, env: Env, gather: Gather): Promise<NewCode> {
  const folder = `.new-${randomBytes(8).toString("hex")}`;
  ensureInnerFolder(toCodeFolder(home));
  const path = join(toCodeFolder(home), folder);
  const files = join(path, FILES_FOLDER);
  const discard = (): void => rmSync(path, { recursive: true, force: true });
  mkdirSync(files, { recursive: true, mode: 0o700 });
  try {
    const { from, entry, root, local, packages } = await gather(files);
    // What will be run says what it is: from the copy, without what lies beside the original.
    const { outline } = await describeCode(join(files, entry), files, [path], env);
    const manifest: Manifest = { entry, from, root, local, packages, outline };
    writeFileSync(join(path, MANIFEST_FILE), `${JSON.stringify(manifest, undefined, 2)}\n`, {
      mode: 0o600,
    });
    return { folder, path, digest: await toDigest(path), manifest, discard };
  } catch (thrown) {
    discard();
    throw thrown instanceof SluiceError
      ? new SluiceError(thrown.code, thrown.message.replaceAll(`${files}/`, ""), { cause: thrown })
      : thrown;
  }
}
