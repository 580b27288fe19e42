/**
 * Packages as they lie on the disk: where one is, what it needs, whether it fits this Node.
 *
 * Owns: reading package.json. Never: downloads, or runs anything.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { SluiceError, toMessage } from "../../sdk/errors.ts";
import { parseObject } from "../../sdk/json.ts";

export type PackageFacts = {
  name: string;
  version: string;
  dependencies: readonly string[];
  node: string | undefined;
  scripts: readonly string[];
};

/** Older ones have capitals. */
const PACKAGE_NAME = /^(?:@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*$/;
const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall", "prepare"];

/** Its package.json. Undefined where there is none. @throws SluiceError `bad_config`. */
export function readManifest(folder: string): Record<string, unknown> | undefined {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return undefined;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (thrown) {
    throw new SluiceError("bad_config", `${path} cannot be read (${toMessage(thrown)})`);
  }
  const json = parseObject(text);
  if (json === undefined) throw new SluiceError("bad_config", `${path} holds no JSON object`);
  return json;
}

/** Undefined where there is none. @throws SluiceError `bad_config`. */
export function readPackage(folder: string): PackageFacts | undefined {
  const json = readManifest(folder);
  if (json === undefined) return undefined;
  const keys = (key: string): string[] => Object.keys(toObject(json[key]));
  return {
    name: toText(json["name"]) ?? "",
    version: toText(json["version"]) ?? "",
    dependencies: [...new Set([...keys("dependencies"), ...keys("optionalDependencies")])],
    node: toText(toObject(json["engines"])["node"]),
    scripts: keys("scripts").filter((name) => INSTALL_SCRIPTS.includes(name)),
  };
}

/** The folder of the package in which a file lies, where it lies in one. */
export function toPackageFolder(path: string): string | undefined {
  const mark = `${sep}node_modules${sep}`;
  const at = path.lastIndexOf(mark);
  if (at === -1) return undefined;
  const base = path.slice(0, at + mark.length);
  const [first = "", second = ""] = path.slice(at + mark.length).split(sep);
  return join(base, first.startsWith("@") ? join(first, second) : first);
}

/** Where `name` is found from `folder`: as it is written, and where it really is. */
export function findPackage(
  folder: string,
  name: string,
): { place: string; real: string } | undefined {
  // A name leads nowhere else.
  if (!PACKAGE_NAME.test(name)) return undefined;
  for (let at = folder; ; at = dirname(at)) {
    const place = join(at, "node_modules", name);
    if (existsSync(join(place, "package.json"))) return { place, real: realpathSync(place) };
    if (dirname(at) === at) return undefined;
  }
}

/** @throws SluiceError `unsupported`: one line. */
export function requireEngine({ name, version, node }: PackageFacts, running: string): void {
  if (node === undefined || fitsRange(running, node)) return;
  throw new SluiceError(
    "unsupported",
    `${name}${version === "" ? "" : ` ${version}`} needs Node ${node}, and this is ${running}; run Sluice with such a Node, or take another version of it`,
  );
}

type Version = readonly [number, number, number];

/** Ranges as npm writes them: comparators, `^`, `~`, `x`, `||`. What cannot be read fits. Pure. */
export function fitsRange(running: string, range: string): boolean {
  const version = toVersion(running.replace(/^v/, ""));
  if (version === undefined) return true;
  return range.split("||").some((part) => {
    const text = part.trim().replaceAll(/(>=|<=|>|<|=|\^|~)\s+/g, "$1");
    const span = /^(\S+)\s+-\s+(\S+)$/.exec(text);
    const all = span === null ? text.split(/\s+/) : [`>=${span[1]}`, `<=${span[2]}`];
    return all.every((one) => fitsOne(version, one));
  });
}

function fitsOne(version: Version, comparator: string): boolean {
  const [, sign = "", text = ""] = /^(>=|<=|>|<|=|\^|~)?v?(.*)$/.exec(comparator) ?? [];
  const given = text.split("-", 1)[0]?.split(".") ?? [];
  const known = given.filter((part) => /^\d+$/.test(part)).length;
  if (known === 0) return true;
  const low = toVersion(given.slice(0, known).join("."));
  if (low === undefined) return true;
  const above = bump(low, sign === "^" ? leading(low) : sign === "~" ? Math.min(2, known) : known);
  switch (sign) {
    case ">=":
      return compare(version, low) >= 0;
    case ">":
      return compare(version, known === 3 ? bump(low, 3) : above) >= 0;
    case "<":
      return compare(version, low) < 0;
    case "<=":
      return compare(version, above) < 0;
    default:
      return compare(version, low) >= 0 && compare(version, above) < 0;
  }
}

/** `^` lets everything change behind the first number that is not 0. */
function leading([major, minor]: Version): number {
  return major > 0 ? 1 : minor > 0 ? 2 : 3;
}

/** The first version that differs in the first `places`. */
function bump([major, minor, patch]: Version, places: number): Version {
  if (places <= 1) return [major + 1, 0, 0];
  return places === 2 ? [major, minor + 1, 0] : [major, minor, patch + 1];
}

function compare(one: Version, other: Version): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}

function toVersion(text: string): Version | undefined {
  const parts = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(text);
  if (parts === null) return undefined;
  return [Number(parts[1]), Number(parts[2] ?? 0), Number(parts[3] ?? 0)];
}

function toObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function toText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
