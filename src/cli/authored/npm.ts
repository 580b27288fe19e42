/**
 * Downloads a package with the user's own npm, for a channel's code.
 *
 * Owns: that nothing of it runs while it is downloaded, and the question before anything does. Never: guesses a name.
 *
 * NPM-1 No script of a package runs: neither of it nor of what it needs.
 * NPM-2 A version that was published once has one content: another integrity than the kept one is refused.
 * NPM-3 All of it comes from a registry: nothing from a folder, from git or from an address that a package names.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { findEntry } from "../../author/package-entry.ts";
import { type KeptPackage, MAX_BYTES, MAX_FILES } from "../../hub/authored/kept-code.ts";
import type { Env, Home } from "../../local/home.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { askYes } from "../access-terminal.ts";
import { toUsageFault } from "../exit.ts";
import { paint, printNote, toLine } from "../output/print.ts";
import { type Locked, readLock, requireSize } from "./collect.ts";
import { runNpm } from "./npm-run.ts";
import { readManifest, readPackage, requireEngine } from "./packages.ts";
import { type NewCode, prepare } from "./prepare.ts";
import { renderPackages } from "./show.ts";

const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~][a-z0-9._~-]*$/;
const VERSION = /^[\w.^~<>=|* +-]{1,128}$/;
/** A range, a tag or another name: no address, folder or repository. */
const FROM_REGISTRY = /^(?:npm:[^:]*|[^:/]*)$/;
const FOLDER = "node_modules/";
/** Packed, unpacked, and what npm knows of each package: several times what may be kept. */
const LIMITS = { timeoutMs: 300_000, maxBytes: 4 * MAX_BYTES, maxFiles: 4 * MAX_FILES };

/** What was kept before, where code is changed. */
export type Before = readonly KeptPackage[];

export function prepareNpm(
  spec: string,
  home: Home,
  env: Env,
  before: Before = [],
): Promise<NewCode> {
  const { name, version, subpath } = parseSpec(spec);
  return prepare(home, env, async (files) => {
    printNote(`downloading ${name}@${version} with npm; no script of it runs`);
    await install(`${name}@${version}`, files, env);
    const folder = join(files, "node_modules", name);
    const facts = readPackage(folder);
    if (facts === undefined) throw new SluiceError("bad_config", `${name} has no package.json`);
    const packages = listInstalled(files, name);
    for (const one of packages)
      requireEngine(readPackage(join(files, "node_modules", one.path)) ?? facts, process.version);
    const kept = packages.map(({ path: _path, ...one }) => one);
    requireSame(kept, before);
    await requireSize(files);
    const entry = findEntry(folder, readManifest(folder) ?? {}, subpath);
    if (entry === undefined) throw noEntry(name, subpath);
    const installed = packages.find(({ path }) => path === name)?.version ?? version;
    for (const line of renderDownload(name, installed, kept)) printNote(line);
    await askYes(
      "Nothing of it has run. Load it, in a process without secrets, to see what it can do?",
    );
    return {
      entry: relative(files, entry),
      root: files,
      from: `npm:${name}@${installed}${subpath.slice(1)}`,
      local: [],
      packages: kept,
    };
  });
}

function noEntry(name: string, subpath: string): SluiceError {
  return new SluiceError(
    "bad_config",
    subpath === "."
      ? `npm:${name} has nothing to import: neither its exports nor its main name a file in it; take another version, or name a door of it: npm:${name}/channel`
      : `npm:${name} has no ${subpath} in its exports that can be imported; nothing was added`,
  );
}

/** `subpath` as `exports` has it: `.`, or `./channel` of `name@1.2.3/channel`. @throws SluiceError `bad_input`. */
export function parseSpec(spec: string): { name: string; version: string; subpath: string } {
  const [, name = "", version = "latest", path] =
    /^((?:@[^/]*\/)?[^@/]*)(?:@([^/]*))?(?:\/(.*))?$/.exec(spec) ?? [];
  if (path !== undefined && !/^[\w~-][\w.~-]*(?:\/[\w~-][\w.~-]*)*$/.test(path))
    throw toUsageFault(
      `npm:${spec}: "${path}" is no door of a package; write npm:name@1.2.3/channel`,
    );
  if (!NAME.test(name) || name.length > 214)
    throw toUsageFault(`npm:${spec} names no package; write npm:name or npm:name@1.2.3`);
  if (!VERSION.test(version) || version.startsWith("-"))
    throw toUsageFault(`npm:${spec}: "${version}" is no version; write npm:${name}@1.2.3`);
  return { name, version, subpath: path === undefined ? "." : `./${path}` };
}

/** NPM-1 */
async function install(spec: string, folder: string, env: Env): Promise<void> {
  const cache = join(dirname(folder), "npm");
  writeFileSync(join(folder, "package.json"), '{"private":true}\n');
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  const args = [
    "install",
    spec,
    "--ignore-scripts",
    "--no-bin-links",
    "--no-audit",
    "--no-fund",
    "--save-exact",
    // What it wants beside it is this installation (sluice, zod), not another copy from a registry.
    "--legacy-peer-deps",
    "--omit=dev",
    // A repository could bring settings of npm along, which name programs.
    `--git=${join(folder, "no-git")}`,
    "--loglevel=error",
    `--prefix=${folder}`,
    // NPMRUN-1: of its own, and gone with it.
    `--cache=${cache}`,
  ];
  mkdirSync(cache);
  try {
    const { isDone, stderr } = await runNpm(
      args,
      { cwd: folder, room: dirname(folder) },
      env,
      LIMITS,
    );
    if (!isDone) throw toNpmFault(spec, stderr);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
  rmSync(join(folder, "node_modules", ".package-lock.json"), { force: true });
}

function toNpmFault(spec: string, stderr: string): SluiceError {
  const code = /npm (?:error|ERR!) code (\S+)/.exec(stderr)?.[1];
  const line = stderr
    .split("\n")
    .map((one) => one.replace(/^npm (?:error|ERR!)\s*/, "").trim())
    .find((one) => one !== "" && !one.startsWith("code ") && !one.startsWith("A complete log"));
  if (code === "E404")
    return new SluiceError("not_found", `npm:${spec}: the registry has no such package or version`);
  return new SluiceError(
    "bad_config",
    `npm:${spec} could not be downloaded (${[code, line].filter(Boolean).join(": ") || "npm did not say why"})`,
  );
}

type Installed = KeptPackage & { path: string };

/** As the registry names each: what a package says of itself in its own files may be another's name. */
function listInstalled(folder: string, asked: string): Installed[] {
  const lock = readLock(join(folder, "package-lock.json"));
  return Object.entries(lock).flatMap(([place, facts]) => {
    if (place === "" || facts === undefined) return [];
    requireRegistry(place, facts, asked);
    const path = place.replace(/^node_modules\//, "");
    const { integrity } = facts;
    return [
      {
        path,
        name: toText(facts.name) ?? place.slice(place.lastIndexOf(FOLDER) + FOLDER.length),
        version: toText(facts.version) ?? "",
        ...(typeof integrity === "string" ? { integrity } : {}),
      },
    ];
  });
}

/** NPM-3. What a package brings in its own tarball has that one's integrity. */
function requireRegistry(place: string, facts: Locked, asked: string): void {
  if (facts.inBundle === true) return;
  const isTarball = /^https?:/.test(toText(facts.resolved) ?? "");
  const needed = Object.entries({ ...facts.dependencies, ...facts.optionalDependencies });
  const other = needed.find(([, spec]) => !FROM_REGISTRY.test(String(spec)));
  if (facts.link !== true && isTarball && toText(facts.integrity) !== undefined && !other) return;
  const what = other === undefined ? place : `${other[0]} (${String(other[1])})`;
  throw new SluiceError(
    "unsupported",
    `npm:${asked}: ${what} does not come from a registry; take a version without it, or add the channel from a folder of yours`,
  );
}

function toText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** NPM-2 */
function requireSame(packages: readonly KeptPackage[], before: Before): void {
  for (const { name, version, integrity } of packages) {
    const known = before.find((one) => one.name === name && one.version === version);
    if (known === undefined || known.integrity === integrity) continue;
    throw new SluiceError(
      "conflict",
      `${name} ${version} is not what it was: its integrity is ${integrity ?? "none"}, and was ${known.integrity ?? "none"}; nothing was changed`,
    );
  }
}

function renderDownload(name: string, version: string, packages: readonly KeptPackage[]): string[] {
  const own = packages.find((one) => one.name === name);
  return [
    `${paint("bold", toLine(name))} ${toLine(version)}`,
    `  integrity     ${toLine(own?.integrity ?? "none")}`,
    ...renderPackages(packages.filter((one) => one !== own)),
  ];
}
