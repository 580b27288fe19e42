/**
 * What lies in a home, by its parts and their sizes, and whether it may be deleted as a whole.
 *
 * Owns: looking, and the refusal. Never: deletes.
 */
import { existsSync, lstatSync, readdirSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { type Env, locateHome } from "../../local/home.ts";
import { SluiceError } from "../../sdk/errors.ts";

export type HomePart = { what: string; bytes: number; files: number };

/** By the first part of a name; what is not here is "other". */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/^(?:sluice\.db.*|damaged.*|trial-.*)$/, "events, messages and who may speak"],
  [/^backup$/, "daily backups of them"],
  [/^(?:files|outgoing|chat)$/, "files that came or went"],
  [/^(?:config\.json|secrets)$/, "channels, settings and secrets"],
  [/^log$/, "logs"],
  [/^(?:cache|claude|code|emit)$/, "programs and caches"],
];

/** All that Sluice puts there, drafts of a process that was killed too, and what its advice after damage has people put there. */
const OWN =
  /^(?:sluice\.db.*|config\.json.*|hub\..+|tunnel\.json.*|(?:instructions|socket)(?:\.tmp)?|backup|cache|chat|claude|code|emit|files|jobs|log|outbox|outgoing|secrets|damaged(?:-\d+)?|trial-\w{6}|\.DS_Store)$/;

export function listParts(home: string): HomePart[] {
  const parts = new Map<string, HomePart>();
  for (const name of existsSync(home) ? readdirSync(home) : []) {
    const what = PARTS.find(([pattern]) => pattern.test(name))?.[1] ?? "other";
    const part = parts.get(what) ?? { what, bytes: 0, files: 0 };
    const { bytes, files } = measure(join(home, name));
    parts.set(what, { what, bytes: part.bytes + bytes, files: part.files + files });
  }
  return [...parts.values()].toSorted((a, b) => b.bytes - a.bytes);
}

/** Links are not followed. */
function measure(path: string): { bytes: number; files: number } {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { bytes: 0, files: 0 };
  if (!stats.isDirectory()) return { bytes: stats.size, files: 1 };
  return readdirSync(path)
    .map((name) => measure(join(path, name)))
    .reduce((sum, one) => ({ bytes: sum.bytes + one.bytes, files: sum.files + one.files }), {
      bytes: 0,
      files: 0,
    });
}

/** `12.3 MB`. */
export function toSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1_000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

/**
 * The home, where it is one and nothing else: SLUICE_HOME may name any folder.
 * @throws SluiceError `unsafe_home` for a folder that holds more than a home; undefined where there is none.
 */
export function requireOwnHome(env: Env): string | undefined {
  const { path, lock } = locateHome(env);
  if (!existsSync(path)) return undefined;
  const refuse = (why: string): never => {
    throw new SluiceError(
      "unsafe_home",
      `${path} ${why}, so it is not deleted as a whole; delete by hand what is Sluice's in it`,
    );
  };
  if (lstatSync(path).isSymbolicLink()) refuse("is a link");
  // A command may have made the usual one before any hub ran.
  const isUsual = env["HOME"] !== undefined && path === join(env["HOME"], ".sluice");
  if (!existsSync(lock) && !isUsual)
    refuse("does not look like a home of Sluice: there is no hub.lock in it");
  const real = realpathSync(path);
  for (const other of [env["HOME"], process.cwd(), "/"]) {
    if (other === undefined || !existsSync(other)) continue;
    const there = realpathSync(other);
    if (there === real || there.startsWith(real.endsWith(sep) ? real : `${real}${sep}`))
      refuse(`holds ${other}`);
  }
  const strays = readdirSync(path).filter((name) => !OWN.test(name));
  if (strays.length > 0) refuse(`also holds ${strays.slice(0, 5).join(", ")}`);
  return real;
}
