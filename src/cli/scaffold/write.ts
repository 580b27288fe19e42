/**
 * A new folder with a channel of one's own, from the package's templates.
 *
 * Owns: what may be its name, and writing it whole or not at all. Never: asks anybody, installs anything.
 *
 * NEW-1 Nothing that is there is written over, and the folder appears under its name only once it is whole.
 */
import { randomBytes } from "node:crypto";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { CHANNEL_KINDS } from "../../hub/channels/catalogue.ts";
import { withUsualUmask } from "../../local/umask.ts";
import { readErrorCode, SluiceError, toMessage } from "../../sdk/errors.ts";
import { isPlugin, locateInstallation } from "../claude/installation.ts";
import { toUsageFault } from "../exit.ts";

/** Folders in `templates`. */
export const TEMPLATE_KINDS = ["webhook", "chat", "service", "observe"] as const;
export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

/** As kinds and channels are named (src/sdk/author/define.ts). */
const NAME = /^[a-z][a-z0-9-]{0,31}$/;
/** How the templates call the channel. */
const SAMPLE = "my-channel";
/** Under these names npm leaves a file out of a package, or reads it itself. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: ".gitignore", npmrc: ".npmrc" };
/** Where a package of Sluice is expected by a channel that the client's plugin made. */
export const TARBALL = "sluice.tgz";
/** No package can be installed into one of the same name. */
const PACKAGES: readonly string[] = ["sluice", "typescript", "zod"];

/** @throws SluiceError `bad_input`: one line with another name. */
export function checkName(name: string): void {
  if (!NAME.test(name)) {
    const near = toNear(name);
    throw toUsageFault(
      `${JSON.stringify(name)} is no name of a channel: use a-z, 0-9 and -, a letter first, at most 32 characters${near === undefined ? "" : `; did you mean "${near}"?`}`,
    );
  }
  if (CHANNEL_KINDS.includes(name))
    throw toUsageFault(`"${name}" is a kind of Sluice's own; use another name, as "my-${name}"`);
  if (PACKAGES.includes(name))
    throw toUsageFault(
      `"${name}" is a package that the new one needs; use another name, as "my-${name}"`,
    );
}

/** The name that was probably meant: of `./Deploys/` `deploys`, of `über` `uber`. */
function toNear(name: string): string | undefined {
  const near = basename(name)
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "")
    .slice(0, 32);
  return NAME.test(near) ? near : undefined;
}

/** The folder of that name, here. @throws SluiceError `bad_input`. */
export function toFolder(name: string): string {
  try {
    return resolve(name);
  } catch (cause) {
    throw new SluiceError("bad_input", "this folder is not there any more; go to another", {
      cause,
    });
  }
}

/** True where its package.json names a file that is still to be put there. */
export function lacksPackage(): boolean {
  return isPlugin(locateInstallation());
}

/** Writes the folder, and returns its files. @throws SluiceError `conflict`, `bad_input`: nothing was written. */
export function writeScaffold(folder: string, kind: TemplateKind): string[] {
  const name = basename(folder);
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) throw taken(name);
  const files = readTemplate(kind, name);
  const half = join(dirname(folder), `.${name}-${randomBytes(6).toString("hex")}`);
  try {
    // A project of the user's, for whoever may read their projects.
    withUsualUmask(() => {
      mkdirSync(half);
      for (const [path, text] of files) writeFileSync(join(half, path), text, { flag: "wx" });
    });
    renameSync(half, folder);
  } catch (thrown) {
    rmSync(half, { recursive: true, force: true });
    // It came to be there since.
    if (["ENOTEMPTY", "EEXIST", "ENOTDIR"].includes(String(readErrorCode(thrown))))
      throw taken(name);
    throw new SluiceError(
      "bad_input",
      `${name} cannot be written in ${dirname(folder)} (${String(readErrorCode(thrown) ?? toMessage(thrown))}); go to a folder of yours`,
      { cause: thrown },
    );
  }
  return [...files.keys()].toSorted();
}

function taken(name: string): SluiceError {
  return new SluiceError(
    "conflict",
    `${name} is there already; nothing was changed. Use another name, or move it away`,
  );
}

/** The files by name, with the channel's name in them. */
function readTemplate(kind: TemplateKind, name: string): Map<string, string> {
  const installation = locateInstallation();
  const templates = join(installation.root, "templates");
  const files = new Map<string, string>();
  for (const folder of [join(templates, "shared"), join(templates, kind)])
    for (const file of readdirSync(folder)) {
      const text = readFileSync(join(folder, file), "utf8");
      files.set(RENAMED[file] ?? file, fillName(text, name));
    }
  const manifest = JSON.parse(files.get("package.json") ?? "{}") as {
    devDependencies: Record<string, string>;
  };
  // The one that made it, never a registry's: there the name may be somebody else's. The plugin alone is no package.
  manifest.devDependencies["sluice"] =
    `file:${isPlugin(installation) ? TARBALL : installation.root}`;
  files.set("package.json", `${JSON.stringify(manifest, undefined, 2)}\n`);
  return files;
}

function fillName(text: string, name: string): string {
  const words = name.replaceAll("-", "_");
  return text
    .replaceAll(SAMPLE, name)
    .replaceAll(SAMPLE.replaceAll("-", "_"), words)
    .replaceAll(SAMPLE.replaceAll("-", "_").toUpperCase(), words.toUpperCase());
}
