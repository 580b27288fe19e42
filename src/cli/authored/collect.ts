/**
 * Gathers the code of an author's channel from a file on this machine: what it loads, copied into a new folder of the home.
 *
 * Owns: which files are copied, and their places. Never: asks anybody, or adds a channel.
 */
import { execFile } from "node:child_process";
import { existsSync, lstatSync, readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, relative, sep } from "node:path";
import type { KeptPackage } from "../../hub/authored/kept-code.ts";
import { listFiles, MAX_BYTES, MAX_FILES, tooLarge } from "../../hub/authored/kept-code.ts";
import { describeCode } from "../../hub/authored/describe-code.ts";
import { type Env, locateHome } from "../../local/home.ts";
import { isSluiceError, SluiceError, toMessage } from "../../sdk/errors.ts";
import { CodeCopy } from "./copy.ts";
import { findPackage, readPackage, requireEngine, toPackageFolder } from "./packages.ts";

/** A module without an ending is one of a package. */
const LOADED = /\.(?:[cm]?[jt]s|json|wasm|node)$|[\\/]node_modules[\\/]/;

export type Collected = {
  /** Relative to the folder of the copy. */
  entry: string;
  root: string;
  local: string[];
  packages: KeptPackage[];
};

/** Copies what `file` loads into `target`. @throws SluiceError `bad_config`, `unsupported`, `too_large`: one line. */
export async function collectLocal(file: string, target: string, env: Env): Promise<Collected> {
  const entry = realpathSync(file);
  const homes = listHomes(env);
  const project = findProject(dirname(entry), homes);
  const own = readPackage(project);
  if (own !== undefined) requireEngine({ ...own, name: own.name || project }, process.version);
  const reads = [...listReadable(project)];
  for (const folder of reads) requireApart(folder, homes);
  const { files } = await load(entry, reads, env);
  for (const path of files) requireOwn(path, reads);
  if (!files.includes(entry))
    throw new SluiceError("unsupported", `${entry}: this Node does not say what a file loads`);
  const owners = new Map(files.map((path) => [path, toOwner(path, project)]));
  const local = files.filter((path) => owners.get(path) === undefined);
  const packages = new Map<string, string>();
  for (const folder of owners.values()) {
    if (folder !== undefined) await addPackage(folder, packages);
  }
  const links = listLinks(local, [...packages.keys()]);
  const root = toCommon([
    ...local.map(dirname),
    ...packages.keys(),
    ...links.map(({ place }) => place),
  ]);
  const described = local.flatMap((path) => listManifests(path, root));
  const copy = new CodeCopy(root, target);
  for (const path of new Set([...local, ...described])) copy.addFile(path);
  for (const folder of packages.keys()) copy.addPackage(folder);
  for (const { place, real } of links) copy.addLink(place, real);
  return {
    entry: relative(root, entry),
    root,
    local: local.map((path) => relative(root, path)).toSorted(),
    packages: [...packages.keys()].map((folder) => toKept(folder)).toSorted(byName),
  };
}

/** @throws SluiceError `bad_config`: one line with the place. */
async function load(entry: string, reads: readonly string[], env: Env) {
  try {
    return await describeCode(entry, dirname(entry), reads, env);
  } catch (thrown) {
    const line = isSyntaxFault(thrown) ? await findFaultyLine(entry) : undefined;
    if (line === undefined || !isSluiceError(thrown)) throw thrown;
    throw new SluiceError(
      thrown.code,
      thrown.message.replace(" cannot be read:", ` cannot be read at line ${line}:`),
      { cause: thrown },
    );
  }
}

function isSyntaxFault(thrown: unknown): boolean {
  return isSluiceError(thrown, "bad_config") && thrown.message.includes(" cannot be read:");
}

/** Of a file of JavaScript, whose loader keeps the place to itself. Checks the form alone: nothing runs. */
function findFaultyLine(entry: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["--check", entry], { timeout: 10_000 }, (_fault, _out, stderr) => {
      const at = stderr.split("\n").find((line) => line.includes(`${basename(entry)}:`));
      resolve(/:(\d+)$/.exec(at ?? "")?.[1]);
    });
  });
}

/** The package that a file belongs to, where it is not the author's own: also one that is only linked to. */
function toOwner(path: string, project: string): string | undefined {
  const folder = toPackageFolder(path);
  if (folder !== undefined) return folder;
  const nearest = findProject(dirname(path), []);
  const name = nearest === project ? undefined : readPackage(nearest)?.name;
  if (name === undefined || name === "") return undefined;
  return findPackage(project, name)?.real === nearest ? nearest : undefined;
}

/** Where more lies than code: nobody means all of it by naming a file. */
function listHomes(env: Env): string[] {
  return [locateHome(env).path, homedir(), ...(env["HOME"] ? [env["HOME"]] : [])].flatMap((path) =>
    existsSync(path) ? [realpathSync(path)] : [],
  );
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === sep ? sep : folder + sep);
}

/** @throws SluiceError `bad_config`. */
function requireApart(folder: string, homes: readonly string[]): void {
  const home = homes.find((one) => isIn(one, realpathSync(folder)));
  if (home === undefined) return;
  throw new SluiceError(
    "bad_config",
    `the code could read all of ${folder}, and so ${home}, while it is looked at; put the channel's file into a folder of its own`,
  );
}

/** What it loads is what its process says: it is copied with the user's own rights. @throws SluiceError `bad_config`. */
function requireOwn(path: string, reads: readonly string[]): void {
  const real = toRealFile(path);
  if (real === path && LOADED.test(path) && reads.some((one) => isIn(path, one))) return;
  throw new SluiceError(
    "bad_config",
    `the code says that it loads ${path}, which is no file of code in its project; nothing was copied`,
  );
}

function toRealFile(path: string): string | undefined {
  try {
    return lstatSync(path).isFile() ? realpathSync(path) : undefined;
  } catch {
    // It is not there, or is hidden from us: no file either way.
    return undefined;
  }
}

/** The folder that belongs to the file: the nearest one with a package.json, else its own. A home is no project. */
function findProject(folder: string, homes: readonly string[]): string {
  for (let at = folder; ; at = dirname(at)) {
    if (homes.some((home) => isIn(home, at))) return folder;
    if (existsSync(join(at, "package.json"))) return at;
    if (dirname(at) === at) return folder;
  }
}

/** What may be read while it is found out what it loads: its project, and packages above it. */
function* listReadable(project: string): Generator<string> {
  yield project;
  for (let at = project; ; at = dirname(at)) {
    for (const name of ["node_modules", "package.json"]) {
      const path = join(at, name);
      // A link leads elsewhere: that place must be open too.
      if (existsSync(path)) yield* [path, realpathSync(path)];
    }
    if (dirname(at) === at) break;
  }
  for (const name of readPackage(project)?.dependencies ?? []) {
    const one = findPackage(project, name);
    if (one !== undefined) yield one.real;
  }
}

/** A package with all that it says it needs, as far as it is there. */
async function addPackage(folder: string, found: Map<string, string>): Promise<void> {
  if (found.has(folder)) return;
  const facts = readPackage(folder);
  if (facts === undefined) return;
  requireEngine(facts, process.version);
  found.set(folder, facts.name);
  if (found.size > MAX_FILES) throw tooLarge();
  for (const name of facts.dependencies) {
    const one = findPackage(folder, name);
    if (one !== undefined) await addPackage(one.real, found);
  }
}

type Link = { place: string; real: string };

/** Where a package is found by a link (pnpm, `npm link`), the copy needs it too. */
function listLinks(local: readonly string[], folders: readonly string[]): Link[] {
  const links = new Map<string, Link>();
  const look = (from: string, name: string): void => {
    const one = findPackage(from, name);
    if (one !== undefined && one.place !== one.real && folders.includes(one.real))
      links.set(one.place, one);
  };
  const names = folders.map((folder) => readPackage(folder)?.name ?? "");
  for (const from of new Set(local.map(dirname))) for (const name of names) look(from, name);
  for (const folder of folders)
    for (const name of readPackage(folder)?.dependencies ?? []) look(folder, name);
  return [...links.values()];
}

/** Each package.json on the way up to the root: it says whether a file is a module. */
function listManifests(path: string, root: string): string[] {
  const found: string[] = [];
  for (let at = dirname(path); at.length >= root.length; at = dirname(at)) {
    const manifest = join(at, "package.json");
    if (existsSync(manifest)) found.push(manifest);
    if (dirname(at) === at) break;
  }
  return found;
}

/** @throws SluiceError `too_large`. */
export async function requireSize(target: string): Promise<void> {
  let bytes = 0;
  for (const name of await listFiles(target)) bytes += lstatSync(join(target, name)).size;
  if (bytes > MAX_BYTES) throw tooLarge();
}

function toCommon(folders: readonly string[]): string {
  const [first = "", ...rest] = folders;
  let common = first;
  for (const folder of rest)
    while (!isIn(folder, common)) {
      if (dirname(common) === common) return common;
      common = dirname(common);
    }
  return common;
}

function toKept(folder: string): KeptPackage {
  const { name, version } = readPackage(folder) ?? { name: folder, version: "" };
  return { name: name || folder, version, ...toIntegrity(folder) };
}

/** As npm wrote it down when it installed the package. */
function toIntegrity(folder: string): { integrity?: string } {
  const mark = `${sep}node_modules${sep}`;
  const at = folder.indexOf(mark);
  if (at === -1) return {};
  const known = readLock(join(folder.slice(0, at), "node_modules", ".package-lock.json"));
  const integrity =
    known[
      folder
        .slice(at + 1)
        .split(sep)
        .join("/")
    ]?.integrity;
  return typeof integrity === "string" ? { integrity } : {};
}

/** As npm writes it: nothing of it is believed. */
export type Locked = {
  [key in "name" | "version" | "integrity" | "resolved" | "link" | "inBundle"]?: unknown;
} & { dependencies?: object; optionalDependencies?: object };
type Lock = Record<string, Locked | undefined>;

export function readLock(path: string): Lock {
  if (!existsSync(path)) return {};
  try {
    const { packages } = JSON.parse(readFileSync(path, "utf8")) as { packages?: Lock };
    return packages ?? {};
  } catch (cause) {
    throw new SluiceError("bad_config", `${path} cannot be read (${toMessage(cause)})`, { cause });
  }
}

function byName(one: KeptPackage, other: KeptPackage): number {
  return one.name < other.name ? -1 : 1;
}
