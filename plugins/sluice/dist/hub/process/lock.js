/**
 * One hub per home.
 *
 * Owns: the lock and the file that names its holder. Never: asks a holder to leave.
 * `hub.pid` is for people. It decides nothing.
 *
 * LOCK-1 The lock is an exclusive SQLite transaction, never committed: the kernel frees it on any death, so it cannot be stale.
 * LOCK-2 No code of the hub opens `hub.lock` with `fs` while the lock is held: POSIX drops all locks that a process has on a file when
 *    it closes any descriptor of that file (https://www.sqlite.org/howtocorrupt.html, 2.2).
 * LOCK-3 A lock whose file was taken away holds nobody off: it is taken again in the file that stands there now, or given up. The name of
 *    another holder is never removed.
 */
import { readResultCode } from "../../store/file/fault.js";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { compareFile, readIdentity, } from "../../local/file-identity.js";
import { readProcess } from "../../local/process.js";
import { VERSION } from "../../local/version.js";
import { readErrorCode, SluiceError, toMessage } from "../../sdk/errors.js";
import { removePrivateFile, writePrivateFile } from "../settings/private-file.js";
const BUSY = 5;
/** A command that looks whether the lock is held (isLocked) has a share of it for a moment. */
const LOOKED_AT_MS = 100;
// A lock that nobody refers to any more would be collected, and the file closed: it is kept until it is given back.
const held = new Set();
export class HubLock {
    #home;
    #holder;
    #db;
    #file;
    /**
     * Takes the lock or throws; it does not wait for another hub.
     * @throws SluiceError `hub_running` when another hub has it, `store_readonly` when the file cannot be used.
     */
    constructor(home, now) {
        this.#home = home;
        const { pid } = process;
        const startTime = readProcess(pid)?.startTime;
        this.#holder = {
            pid,
            version: VERSION,
            startedAt: now,
            ...(startTime === undefined ? {} : { startTime }),
        };
        [this.#db, this.#file] = take(home);
        try {
            this.#writeName();
        }
        catch (thrown) {
            this.#free();
            throw thrown;
        }
    }
    /** Of the file that is locked. */
    get identity() {
        return this.#file;
    }
    /** Whether the file that is locked is the one that others would lock. */
    look() {
        return compareFile(this.#home.lock, this.#file);
    }
    /** LOCK-3. False where another hub has it by now, or nobody can. */
    retake() {
        const before = this.#db;
        try {
            [this.#db, this.#file] = take(this.#home);
        }
        catch {
            // Another has it; or its folder is gone, and this hub has no home any more.
            return false;
        }
        held.delete(before);
        before.close();
        return true;
    }
    /** Writes the name of the holder again where it is gone, or another's. @throws SluiceError store_*. */
    keepName() {
        if (!this.#isNamed())
            this.#writeName();
    }
    /** Gives the lock back. Safe to call twice. */
    [Symbol.dispose]() {
        if (!held.has(this.#db))
            return;
        try {
            // LOCK-3
            if (this.#isNamed())
                removePrivateFile(this.#home.pid);
        }
        finally {
            this.#free();
        }
    }
    #isNamed() {
        const named = readHolder(this.#home);
        return named?.pid === this.#holder.pid && named.startedAt === this.#holder.startedAt;
    }
    #writeName() {
        writePrivateFile(this.#home.pid, `${JSON.stringify(this.#holder)}\n`);
    }
    #free() {
        held.delete(this.#db);
        this.#db.close();
    }
}
/** Facts that the holder wrote about itself, for people. A holder that was killed may have left them. */
export function readHolder(home) {
    try {
        // Written by a hub of this home; people and messages are all that read it, so a shape that is off is no fault.
        const value = JSON.parse(readFileSync(home.pid, "utf8"));
        const { pid, version, startedAt, startTime } = value ?? {};
        // "kill -1" is every process there is.
        if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0)
            return undefined;
        if (typeof version !== "string" || typeof startedAt !== "number")
            return undefined;
        return typeof startTime === "string"
            ? { pid, version, startedAt, startTime }
            : { pid, version, startedAt };
    }
    catch {
        // None, or a half-written one of a broken disk: nobody is named.
        return undefined;
    }
}
/** Whether some process has the lock: then what `readHolder` says is no left-over. Takes nothing, and makes nothing. */
export function isLocked(home) {
    if (!existsSync(home.lock))
        return false;
    let db;
    try {
        db = new DatabaseSync(home.lock, { readOnly: true, timeout: 0 });
        db.exec("SELECT 1 FROM sqlite_schema");
        return false;
    }
    catch (thrown) {
        return readResultCode(thrown) === BUSY;
    }
    finally {
        db?.close();
    }
}
function take(home) {
    let db;
    try {
        // SQLite would make it readable by all. Made only when missing: see LOCK-2.
        if (!existsSync(home.lock))
            makeFile(home.lock);
        db = new DatabaseSync(home.lock, { timeout: LOOKED_AT_MS });
        db.exec("BEGIN EXCLUSIVE");
        const file = readIdentity(home.lock);
        if (file === undefined)
            throw new Error("it was removed meanwhile");
        held.add(db);
        return [db, file];
    }
    catch (thrown) {
        db?.close();
        throw toFault(home, thrown);
    }
}
function toFault(home, thrown) {
    if (readResultCode(thrown) === BUSY) {
        const holder = readHolder(home);
        const who = holder === undefined ? "" : ` (pid ${holder.pid}, version ${holder.version})`;
        return new SluiceError("hub_running", `a hub already runs in ${home.path}${who}; "sluice status" shows it, "sluice down" stops it`, { cause: thrown });
    }
    return new SluiceError("store_readonly", `${home.lock} cannot be locked (${toMessage(thrown)}); check owner, mode and mount of ${home.path}`, { cause: thrown });
}
function makeFile(path) {
    try {
        closeSync(openSync(path, "wx", 0o600));
    }
    catch (thrown) {
        // Another hub made it just now: that is the one to compete for.
        if (readErrorCode(thrown) !== "EEXIST")
            throw thrown;
    }
}
