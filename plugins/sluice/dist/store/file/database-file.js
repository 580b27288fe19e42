/**
 * The SQLite file before it is used: made, checked, brought to the newest schema.
 *
 * Owns: durability settings, the schema version. Never: knows what the tables mean; writes in a file that is damaged.
 * It keeps DATABASE-3 (database.ts).
 */
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SluiceError } from "../../sdk/errors.js";
import { toRestoreAdvice } from "./backup.js";
import { takeShutdownMark } from "./clean-shutdown.js";
import { toStoreFault } from "./fault.js";
import { takeOpenMark } from "./open-mark.js";
export function configure(db, options) {
    db.exec("PRAGMA busy_timeout = 2000");
    if (options.simulated === true)
        db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY");
    else
        db.exec("PRAGMA journal_mode = WAL");
    db.exec(`PRAGMA synchronous = ${options.synchronous ?? "FULL"}`);
    if (process.platform === "darwin")
        db.exec("PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON");
    db.exec("PRAGMA foreign_keys = ON");
}
/** As its last life left it. Each mark is used up by the asking. */
export function isBelieved(path) {
    const [closed, open] = [takeShutdownMark(path), takeOpenMark(path)];
    return closed || open;
}
/** Makes the file beside its place and moves it there whole: so a file without tables is never a new one, but a damaged one (DATABASE-3). */
export function createFile(path, options) {
    if (existsSync(`${path}-wal`)) {
        throw toDamage(path, "the file is missing, its -wal is still there");
    }
    const draft = `${path}.new`;
    for (const left of [draft, `${draft}-wal`, `${draft}-shm`])
        rmSync(left, { force: true });
    const db = new DatabaseSync(draft);
    try {
        configure(db, options);
        migrate(db, path);
    }
    finally {
        db.close();
    }
    renameSync(draft, path);
    if (process.platform === "win32")
        return;
    const folder = openSync(dirname(path), "r");
    try {
        fsyncSync(folder);
    }
    finally {
        closeSync(folder);
    }
}
/** Looks without writing: closing a connection that may write would move the log into the damaged file. */
export function checkFile(path) {
    const db = new DatabaseSync(path, { readOnly: true });
    try {
        db.exec("PRAGMA busy_timeout = 2000");
        const verdict = db.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
        if (verdict !== "ok")
            throw toDamage(path, String(verdict));
        if (db.prepare("PRAGMA user_version").get()?.["user_version"] === 0) {
            throw toDamage(path, "it is empty");
        }
    }
    finally {
        db.close();
    }
}
/** Looks whether a file is sound, and changes nothing. @throws SluiceError store_*. */
export function checkDatabase(path) {
    try {
        checkFile(path);
    }
    catch (thrown) {
        throw toStoreFault(thrown, path);
    }
}
function toDamage(path, detail) {
    return new SluiceError("store_corrupt", 
    // SQLite's verdict may have lines: what a starting hub says is its last one.
    `inbox ${path} is damaged (${detail.replaceAll(/\s+/g, " ")}) and nothing was changed; ${toRestoreAdvice(path)}`);
}
/**
 * Applies the numbered SQL files that this file has not seen, each in a transaction of its own. A new file, which has no name yet, gets all in
 * one: each more is one more wait for the disk.
 */
export function migrate(db, path) {
    const folder = new URL("../schema/", import.meta.url);
    const files = readdirSync(folder)
        .filter((name) => /^\d{3}-.*\.sql$/.test(name))
        .toSorted();
    const newest = Number(files.at(-1)?.slice(0, 3) ?? 0);
    const current = Number(db.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
    if (current > newest) {
        throw new SluiceError("store_newer", `inbox ${path} was written by a newer Sluice (schema ${current}, this one knows ${newest}); update Sluice`);
    }
    const steps = files
        .map((file) => ({ file, version: Number(file.slice(0, 3)) }))
        .filter(({ version }) => version > current)
        .map(({ file, version }) => `${readFileSync(new URL(file, folder), "utf8")}; PRAGMA user_version = ${version};`);
    const transactions = current === 0 ? [steps.join("\n")] : steps;
    for (const statements of transactions)
        db.exec(`BEGIN IMMEDIATE; ${statements} COMMIT`);
}
