/**
 * Where this installation of Sluice is: its entry file, the plugin's templates, the bundles that a client spawns, and a Node that lasts.
 *
 * Owns: finding them. Never: writes or starts anything.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { SluiceError } from "../../sdk/errors.ts";

/** Absolute paths. */
export type Installation = {
  root: string;
  /** A Node that satisfies `engines`. */
  node: string;
  /** The entry file of the command line. */
  cli: string;
  /** The plugin: its templates, or where this installation is the plugin itself, that. */
  plugin: string;
  /** The folder of the bundles that a client spawns. */
  client: string;
};

/** @throws SluiceError `internal` when this file does not lie in the package. */
export function locateInstallation(
  from: string = import.meta.dirname,
  execPath: string = process.execPath,
): Installation {
  const root = findRoot(from);
  const isOwn = existsSync(join(root, ".claude-plugin", "plugin.json"));
  return {
    root,
    node: toLastingNode(execPath),
    cli: join(root, "bin", "sluice.js"),
    plugin: isOwn ? root : join(root, "plugin"),
    client: join(root, "dist", "client"),
  };
}

/**
 * What would make the paths of this installation stale, in words for the user.
 * A client that was told such a path starts nothing one day, and says little about why.
 */
export function listPathTraps({ root, node }: Installation, client = "claude"): string[] {
  const traps: string[] = [];
  if (node.startsWith(`${root}${sep}`)) {
    traps.push(
      `the Node at ${node} lies inside this copy of Sluice: after moving or deleting ${root}, run "sluice connect ${client}" again from where it then is`,
    );
  }
  if (/[\\/]fnm_multishells[\\/]/.test(node)) {
    traps.push(
      `the Node at ${node} is a link that fnm makes for one shell; run "sluice connect ${client}" with a Node of its own path`,
    );
  }
  return traps;
}

/** This Sluice is the plugin that the client installed from a marketplace, and goes when the client updates or removes that. */
export function isPlugin({ root, plugin }: Pick<Installation, "root" | "plugin">): boolean {
  return plugin === root;
}

/** npx keeps packages in a cache that npm empties: nothing may point there. */
export function isInNpxCache({ root }: Installation): boolean {
  return root.split(sep).includes("_npx");
}

/**
 * The path under which this Node will still be found after an update.
 * Homebrew runs Node from a folder named after the exact version, and removes that at the next upgrade; its `opt` link stays.
 */
export function toLastingNode(
  execPath: string,
  exists: (path: string) => boolean = existsSync,
): string {
  const [, prefix, formula] =
    /^(.*)\/Cellar\/(node(?:@\d+)?)\/[^/]+\/bin\/node$/.exec(execPath) ?? [];
  if (prefix === undefined || formula === undefined) return execPath;
  const lasting = join(prefix, "opt", formula, "bin", "node");
  return exists(lasting) ? lasting : execPath;
}

function findRoot(from: string): string {
  for (let folder = realpathSync(from); ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file) && isOurs(file)) return folder;
    if (dirname(folder) === folder)
      throw new SluiceError("internal", `no package of Sluice around ${from}; install it again`);
  }
}

function isOurs(file: string): boolean {
  const value: unknown = JSON.parse(readFileSync(file, "utf8"));
  return typeof value === "object" && value !== null && "name" in value && value.name === "sluice";
}
