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
import { basename, dirname, join } from "node:path";
import { CHANNEL_KINDS } from "../../hub/channels/catalogue.ts";
import { withUsualUmask } from "../../local/umask.ts";
import { VERSION } from "../../local/version.ts";
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
/** No package can be installed into one of the same name. */
const PACKAGES: readonly string[] = ["sluice", "typescript", "zod"];

/** @throws SluiceError `bad_input`: one line with another name. */
export function checkName(name: string): void {
  if (!NAME.test(name)) {
    const near = toNear(name);
    throw toUsageFault(
      `"${name}" is no name of a channel: use a-z, 0-9 and -, a letter first, at most 32 characters${near === undefined ? "" : `; did you mean "${near}"?`}`,
    );
  }
  if (CHANNEL_KINDS.includes(name))
    throw toUsageFault(`"${name}" is a kind of Sluice's own; use another name, as "my-${name}"`);
  if (PACKAGES.includes(name))
    throw toUsageFault(
      `"${name}" is a package that the new one needs; use another name, as "my-${name}"`,
    );
}

/** The name that was probably meant: of `./Deploys/` `deploys`. */
function toNear(name: string): string | undefined {
  const near = basename(name)
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "")
    .slice(0, 32);
  return NAME.test(near) ? near : undefined;
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
  // The one that made it: there may be none in a registry, or somebody else's. The plugin alone is no package.
  if (!isPlugin(installation)) manifest.devDependencies["sluice"] = `file:${installation.root}`;
  else manifest.devDependencies["sluice"] = `^${VERSION}`;
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
