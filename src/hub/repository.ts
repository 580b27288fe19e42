/**
 * Which repository a project folder works on, read from git's own files.
 *
 * Owns: finding `owner/name` and the branch. Never: runs git: a repository's configuration can make it run programs.
 */
import { readFileSync, type Stats, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";

export type GitProject = {
  /** `owner/name` of the remote `origin`, else of the first remote; lower case. */
  repository: string | undefined;
  branch: string | undefined;
};

const PARENTS_MAX = 32;

export function readProject(folder: string): GitProject {
  const git = findGit(folder);
  if (git === undefined) return { repository: undefined, branch: undefined };
  // A linked worktree has its own HEAD, and shares the configuration of the main one.
  const common = readText(join(git, "commondir"))?.trim();
  const config = readText(join(common === undefined ? git : resolve(git, common), "config")) ?? "";
  const head = readText(join(git, "HEAD")) ?? "";
  return { repository: toRepository(config), branch: /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1] };
}

/** `owner/name` of a remote's address: the last two parts of its path, without `.git`. */
export function toOwnerAndName(address: string): string | undefined {
  const path = address
    .trim()
    .replace(/\.git\/?$/, "")
    .replace(/\/$/, "");
  const [, owner, name] = /([^/:@\s]+)\/([^/:@\s]+)$/.exec(path) ?? [];
  return owner === undefined || name === undefined ? undefined : `${owner}/${name}`.toLowerCase();
}

function toRepository(config: string): string | undefined {
  const remotes = new Map<string, string>();
  let remote: string | undefined;
  for (const line of config.split("\n")) {
    const [, section] = /^\s*\[(.*)\]\s*$/.exec(line) ?? [];
    if (section !== undefined) remote = /^remote "(.*)"$/.exec(section)?.[1];
    const [, url] = /^\s*url\s*=\s*(.+)$/.exec(line) ?? [];
    if (remote !== undefined && url !== undefined && !remotes.has(remote)) remotes.set(remote, url);
  }
  const address = remotes.get("origin") ?? [...remotes.values()][0];
  return address === undefined ? undefined : toOwnerAndName(address);
}

function findGit(folder: string): string | undefined {
  if (!isAbsolute(folder)) return undefined;
  let at = folder;
  for (let level = 0; level < PARENTS_MAX; level++) {
    const entry = join(at, ".git");
    const found = look(entry);
    if (found?.isDirectory()) return entry;
    if (found?.isFile()) {
      const [, target] = /^gitdir: (.+)$/m.exec(readText(entry) ?? "") ?? [];
      return target === undefined ? undefined : resolve(at, target.trim());
    }
    if (dirname(at) === at) return undefined;
    at = dirname(at);
  }
  return undefined;
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A folder that lets nobody in, or links that go in a circle: a client that stands there gets its events all the same.
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Not there or not readable: then this project has no repository that we could know.
    return undefined;
  }
}
