/**
 * One hub per home.
 *
 * Owns: the lock and the file that names its holder. Never: asks a holder to leave.
 * `hub.pid` is for people. It decides nothing.
 *
 * LOCK-1 The lock is an exclusive SQLite transaction, never committed: the kernel frees it on any death, so it cannot be stale.
 * LOCK-2 No code of the hub opens `hub.lock` with `fs` while the lock is held: POSIX drops all locks that a process has on a file when
 *    it closes any descriptor of that file (https://www.sqlite.org/howtocorrupt.html, 2.2).
 */
import { readResultCode } from "../../store/file/fault.ts";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Home } from "../../local/home.ts";
import { VERSION } from "../../local/version.ts";
import { readErrorCode, SluiceError, toMessage } from "../../sdk/errors.ts";
import { removePrivateFile, writePrivateFile } from "../settings/private-file.ts";

export type HubHolder = {
  pid: number;
  version: string;
  /** Epoch ms. */
  startedAt: number;
};

const BUSY = 5;
// A lock that nobody refers to any more would be collected, and the file closed: it is kept until it is given back.
const held = new Set<DatabaseSync>();

export class HubLock {
  readonly #db: DatabaseSync;
  readonly #pidFile: string;

  /**
   * Takes the lock or throws at once; it never waits.
   * @throws SluiceError `hub_running` when another hub has it, `store_readonly` when the file cannot be used.
   */
  constructor(home: Home, now: number) {
    this.#db = lock(home);
    this.#pidFile = home.pid;
    held.add(this.#db);
    const holder: HubHolder = { pid: process.pid, version: VERSION, startedAt: now };
    try {
      writePrivateFile(home.pid, `${JSON.stringify(holder)}\n`);
    } catch (thrown) {
      this.#free();
      throw thrown;
    }
  }

  /** Gives the lock back. Safe to call twice. */
  [Symbol.dispose](): void {
    if (!held.has(this.#db)) return;
    try {
      removePrivateFile(this.#pidFile);
    } finally {
      this.#free();
    }
  }

  #free(): void {
    held.delete(this.#db);
    this.#db.close();
  }
}

/** Facts that the holder wrote about itself, for people. A holder that was killed may have left them. */
export function readHolder(home: Home): HubHolder | undefined {
  try {
    // Written by a hub of this home; people and messages are all that read it, so a shape that is off is no fault.
    const value = JSON.parse(readFileSync(home.pid, "utf8")) as Partial<HubHolder> | null;
    const { pid, version, startedAt } = value ?? {};
    return typeof pid === "number" && typeof version === "string" && typeof startedAt === "number"
      ? { pid, version, startedAt }
      : undefined;
  } catch {
    // None, or a half-written one of a broken disk: nobody is named.
    return undefined;
  }
}

function lock(home: Home): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    // SQLite would make it readable by all. Made only when missing: see LOCK-2.
    if (!existsSync(home.lock)) makeFile(home.lock);
    db = new DatabaseSync(home.lock, { timeout: 0 });
    db.exec("BEGIN EXCLUSIVE");
    return db;
  } catch (thrown) {
    db?.close();
    if (readResultCode(thrown) === BUSY) {
      const holder = readHolder(home);
      const who = holder === undefined ? "" : ` (pid ${holder.pid}, version ${holder.version})`;
      throw new SluiceError(
        "hub_running",
        `a hub already runs in ${home.path}${who}; "sluice status" shows it, "sluice down" stops it`,
        { cause: thrown },
      );
    }
    throw new SluiceError(
      "store_readonly",
      `${home.lock} cannot be locked (${toMessage(thrown)}); check owner, mode and mount of ${home.path}`,
      { cause: thrown },
    );
  }
}

function makeFile(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (thrown) {
    // Another hub made it just now: that is the one to compete for.
    if (readErrorCode(thrown) !== "EEXIST") throw thrown;
  }
}
