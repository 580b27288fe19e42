/**
 * Where things are: the home folder, what is in it, and the socket of its hub.
 *
 * Owns: names and places. Never: creates, checks or writes anything (see hub/home.ts).
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

export type Env = Readonly<Record<string, string | undefined>>;

/** Absolute paths. */
export type Home = {
  path: string;
  database: string;
  /** Held for life by the one hub. Never open it with `fs`: closing any descriptor of it in the hub frees the lock. */
  lock: string;
  /** For people: which process holds the lock. */
  pid: string;
  /** Where the socket was recorded, when it could not stand in the home. */
  socketRecord: string;
  config: string;
  secretsDir: string;
  logDir: string;
  cacheDir: string;
  claudeDir: string;
};

/** `sun_path` holds 108 bytes on Linux, 104 on macOS and the BSDs, the closing zero included. */
export const MAX_SOCKET_BYTES = process.platform === "linux" ? 107 : 103;

/** SLUICE_HOME, or `~/.sluice`; absolute. A relative one is taken from the working folder of the caller. */
export function toHomePath(env: Env): string {
  const user = env["HOME"] || homedir();
  const home = env["SLUICE_HOME"];
  if (home === undefined || home === "") return join(user, ".sluice");
  // A settings file is not a shell: nobody else expands the tilde there.
  return home === "~" || home.startsWith("~/") ? join(user, home.slice(1)) : resolve(home);
}

export function toHome(path: string): Home {
  return {
    path,
    database: join(path, "sluice.db"),
    lock: join(path, "hub.lock"),
    pid: join(path, "hub.pid"),
    socketRecord: join(path, "socket"),
    config: join(path, "config.json"),
    secretsDir: join(path, "secrets"),
    logDir: join(path, "log"),
    cacheDir: join(path, "cache"),
    claudeDir: join(path, "claude"),
  };
}

export function locateHome(env: Env): Home {
  return toHome(toHomePath(env));
}

/**
 * The socket on which the hub of this home answers, if one runs. Look again on every try: a hub that starts may move it.
 * The record counts before our own reckoning, because the hub may run with another runtime folder than its callers.
 */
export function locateSocket(env: Env): string {
  const home = locateHome(env);
  const plain = join(home.path, "hub.sock");
  return fits(plain) ? plain : (readRecord(home.socketRecord) ?? toSocketPath(home, env));
}

/** Where a hub with this environment would put its socket. */
export function toSocketPath(home: Home, env: Env): string {
  const plain = join(home.path, "hub.sock");
  if (fits(plain)) return plain;
  const name = `${createHash("sha256").update(home.path).digest("hex").slice(0, 24)}.sock`;
  const runtime = env["XDG_RUNTIME_DIR"] ?? "";
  const temporary = env["TMPDIR"] ?? "";
  const folder = `sluice-${process.getuid?.() ?? "user"}`;
  const places = [
    ...(isAbsolute(runtime) && existsSync(runtime) ? [join(runtime, "sluice", name)] : []),
    ...(isAbsolute(temporary) ? [join(temporary, folder, name)] : []),
  ];
  return places.find(fits) ?? join("/tmp", folder, name);
}

function readRecord(path: string): string | undefined {
  try {
    const text = readFileSync(path, "utf8").trim();
    return isAbsolute(text) && fits(text) ? text : undefined;
  } catch {
    // No record: no hub of this home has moved its socket yet.
    return undefined;
  }
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= MAX_SOCKET_BYTES;
}
