/**
 * The folder that Claude Code loads the plugin from: `$SLUICE_HOME/claude/VERSION`, a marketplace with one plugin in it.
 *
 * Owns: filling the templates in, and putting the folder in place whole. Never: talks to the client.
 * Format: https://code.claude.com/docs/en/plugin-marketplaces and https://code.claude.com/docs/en/plugins-reference
 *
 * PLUGINFOLDER-1 The folder is complete or absent: a client that starts while it is written reads the old one or the new one.
 * PLUGINFOLDER-2 A path that the client or a shell would read differently is refused, not passed on.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, sep } from "node:path";
import { readProcess } from "../../local/process.ts";
import { ensureInnerFolder } from "../../local/safe-folder.ts";
import { MARKETPLACE } from "../../sdk/channel-flag.ts";
import { SluiceError, toMessage } from "../../sdk/errors.ts";
import type { Installation } from "./installation.ts";
import { toShellCommand, toShellWord } from "../../sdk/shell-word.ts";

export type ClaudeFolderOptions = {
  home: string;
  claudeDir: string;
  version: string;
  installation: Installation;
};

/** Absolute paths in it. */
export type ClaudeFolder = { marketplace: string; plugin: string; shim: string; bell: string };

type Files = Map<string, Buffer>;
type Manifest = { name: string; version: string; description: string; author: { name: string } };

export function toClaudeFolder(claudeDir: string, version: string): ClaudeFolder {
  const marketplace = join(claudeDir, version);
  const plugin = join(marketplace, "plugins", "sluice");
  return { marketplace, plugin, shim: join(plugin, "shim.js"), bell: join(plugin, "bell.js") };
}

/**
 * Puts the folder of this version in place. `unchanged` when it already stands there as it would be written.
 * @throws SluiceError `bad_config` on a path with a character that cannot be passed on, or when nothing was built;
 * `unsafe_home`, `store_readonly`.
 */
export function writeClaudeFolder(options: ClaudeFolderOptions): "written" | "unchanged" {
  const files = toFiles(options);
  const { claudeDir, version } = options;
  ensureInnerFolder(claudeDir);
  sweep(claudeDir);
  const target = toClaudeFolder(claudeDir, version).marketplace;
  if (isSame(target, files)) return "unchanged";
  const fresh = join(claudeDir, toPassingName());
  try {
    writeFiles(fresh, files);
    swap(fresh, target);
  } catch (thrown) {
    rmSync(fresh, { recursive: true, force: true });
    // Another connect of the same version was between our look and our rename: what it wrote is as good.
    if (isSame(target, files)) return "unchanged";
    throw new SluiceError(
      "store_readonly",
      `${target} cannot be written (${toMessage(thrown)}); check its owner, mode and free space`,
      { cause: thrown },
    );
  }
  return "written";
}

/** What the plugin spawns, and what that loads: as tsdown.config.ts names them. */
const BUNDLES = ["shim.js", "shim-core.js", "bell.js"];

/** The one command that each skill may run: it reads and changes nothing. */
const SKILLS = {
  status: ["status"],
  access: ["access", "list"],
  configure: ["doctor"],
} as const;

/** The marketplace's files by path: the templates filled in, and the bundles. */
function toFiles(options: ClaudeFolderOptions): Files {
  const { claudeDir, version, home, installation } = options;
  const { node, cli } = installation;
  const { shim, bell } = toClaudeFolder(claudeDir, version);
  const paths = { home, node, cli, shim, bell };
  for (const path of Object.values(paths)) checkPath(path);
  const toCommand = (...args: string[]): string =>
    toShellCommand(["env", `SLUICE_HOME=${home}`, node, cli, ...args]);
  const words = mapValues(paths, toShellWord);
  const inPlugin = (path: string): string => join("plugins", "sluice", path);

  const files: Files = new Map();
  for (const path of listFiles(installation.plugin)) {
    files.set(inPlugin(path), readFileSync(join(installation.plugin, path)));
  }
  const fill = (path: string, values: Record<string, string>): void => {
    const template = files.get(inPlugin(path));
    if (template === undefined)
      throw new SluiceError("internal", `plugin/${path} is missing; install Sluice again`);
    files.set(inPlugin(path), Buffer.from(fillTemplate(template.toString("utf8"), values)));
  };
  fill(".mcp.json", mapValues(paths, toJsonText));
  fill(join("monitors", "monitors.json"), mapValues(words, toJsonText));
  for (const [name, command] of Object.entries(SKILLS)) {
    const text = toCommand(...command);
    const [key] = command;
    fill(join("skills", name, "SKILL.md"), {
      [key]: text,
      [`${key}Rule`]: toJsonText(text),
      again: "run `sluice connect claude` again in a terminal",
      command: "",
    });
  }
  for (const name of BUNDLES)
    files.set(inPlugin(name), readBundle(join(installation.client, name)));
  const manifestPath = inPlugin(join(".claude-plugin", "plugin.json"));
  const manifest = toManifest(files.get(manifestPath), version);
  files.set(manifestPath, toJsonFile(manifest));
  files.set(join(".claude-plugin", "marketplace.json"), toJsonFile(toMarketplace(manifest)));
  return files;
}

/** The manifest with the version that is being installed: the client and doctor compare it. */
function toManifest(template: Buffer | undefined, version: string): Manifest {
  // The template is ours: its shape is held by a test that has the client validate it.
  const manifest = JSON.parse(template?.toString("utf8") ?? "{}") as Manifest;
  return { ...manifest, version };
}

function toMarketplace({ name, description, author }: Manifest): object {
  return {
    name: MARKETPLACE,
    description: "Sluice as installed on this machine; written by sluice connect claude.",
    owner: author,
    plugins: [{ name, source: "./plugins/sluice", description }],
  };
}

function toJsonFile(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Replaces each `{{name}}`. @throws SluiceError `internal` on a name that has no value. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined)
      throw new SluiceError("internal", `the plugin's template asks for "${name}"`);
    return value;
  });
}

/** PLUGINFOLDER-2: the client expands `${NAME}` in what it reads; a line break ends a shell command or a line of the skill. */
function checkPath(path: string): void {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/\$\{|[\u0000-\u001f\u007f]|`/.test(path)) {
    throw new SluiceError(
      "bad_config",
      `${JSON.stringify(path)} holds "\${", a backtick or a control character, which cannot be passed to the client; use another folder`,
    );
  }
}

function readBundle(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new SluiceError("bad_config", `${path} is missing; run "npm run build" in its folder`, {
      cause,
    });
  }
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + sep.length))
    .toSorted();
}

function isSame(target: string, files: Files): boolean {
  if (!existsSync(target)) return false;
  const found = listFiles(target);
  return (
    found.length === files.size &&
    found.every((path) => files.get(path)?.equals(readFileSync(join(target, path))) ?? false)
  );
}

function writeFiles(folder: string, files: Files): void {
  for (const [path, bytes] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const fd = openSync(file, "wx", 0o600);
    try {
      writeFileSync(fd, bytes);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }
}

/** PLUGINFOLDER-1. A folder cannot be renamed over a full one, so the old one steps aside for the moment between two renames. */
function swap(fresh: string, target: string): void {
  const aside = `${fresh}.old`;
  const hadOld = existsSync(target);
  if (hadOld) renameSync(target, aside);
  try {
    renameSync(fresh, target);
  } catch (thrown) {
    if (hadOld) renameSync(aside, target);
    throw thrown;
  }
  rmSync(aside, { recursive: true, force: true });
}

function toPassingName(): string {
  return `.new-${process.pid}-${randomBytes(4).toString("hex")}`;
}

/** Removes what a writer that died left behind. */
function sweep(claudeDir: string): void {
  for (const name of readdirSync(claudeDir)) {
    const [, pid] = /^\.new-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && readProcess(Number(pid)) === undefined)
      rmSync(join(claudeDir, name), { recursive: true, force: true });
  }
}

function toJsonText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function mapValues<Key extends string>(
  values: Readonly<Record<Key, string>>,
  change: (value: string) => string,
): Record<Key, string> {
  // Object.entries forgets the keys' type.
  return Object.fromEntries(
    Object.entries<string>(values).map(([key, value]) => [key, change(value)]),
  ) as Record<Key, string>;
}
