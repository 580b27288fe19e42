/**
 * Backups of the inbox: their folder, their list, and putting one back.
 *
 * Owns: names, and the instructions for putting one back. Never: makes one (backup-copy.ts) or decides when (hub/upkeep/backups.ts).
 */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
export const BACKUP_NAME = /^sluice-\d{4}-\d{2}-\d{2}\.db$/;
export function toBackupFolder(database) {
    return join(dirname(database), "backup");
}
/** One a day, by UTC. */
export function toBackupPath(database, now) {
    return join(toBackupFolder(database), `sluice-${new Date(now).toISOString().slice(0, 10)}.db`);
}
/** Paths of the backups there are, the newest first. */
export function listBackups(database) {
    const folder = toBackupFolder(database);
    let names;
    try {
        names = readdirSync(folder);
    }
    catch {
        // No folder, or none that we may read: no backup to point at.
        return [];
    }
    return names
        .filter((name) => BACKUP_NAME.test(name))
        .toSorted()
        .toReversed()
        .map((name) => join(folder, name));
}
/** What to type so that the newest backup takes the place of a damaged inbox, which is kept. */
export function toRestoreCommand(database) {
    const [newest] = listBackups(database);
    if (newest === undefined)
        return undefined;
    const folder = dirname(database);
    let aside = join(folder, "damaged");
    for (let n = 2; existsSync(aside); n++)
        aside = join(folder, `damaged-${n}`);
    const [file, to, from] = [database, aside, newest].map(quote);
    // The log beside the file goes with it: its pages belong to the damaged file and would be played into the good one.
    return `sluice down && mkdir ${to} && mv ${file}* ${to} && cp ${from} ${file} && sluice up`;
}
/** What a message about damage ends with. */
export function toRestoreAdvice(database) {
    const command = toRestoreCommand(database);
    return command === undefined
        ? "there is no backup yet: move it aside and put a good copy in its place"
        : `to go back to the newest backup: ${command}`;
}
function quote(path) {
    return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
