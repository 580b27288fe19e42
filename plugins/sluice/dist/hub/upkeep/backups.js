/**
 * The daily backup.
 *
 * Owns: when one is made, and how many are kept. Never: copies by itself (store/file/backup-copy.ts); holds up the hub.
 *
 * BACKUP-1 One backup is made each day and seven are kept; a new one counts only once it is whole and checked.
 * BACKUP-2 With less than 10 % of the disk free no backup is made: the inbox itself comes first.
 */
import { readdirSync, rmSync, statfsSync } from "node:fs";
import { basename, join } from "node:path";
import { ensureInnerFolder } from "../../local/safe-folder.js";
import { toMessage } from "../../sdk/errors.js";
import { listBackups, toBackupFolder, toBackupPath } from "../../store/file/backup.js";
import { copyDatabase } from "../../store/file/backup-copy.js";
const KEPT = 7;
const MIN_FREE_SHARE = 0.1;
const RETRY_MS = 3_600_000;
export class Backups {
    #options;
    #cancel;
    #notBefore = 0;
    #isClosed = false;
    constructor(options) {
        this.#options = options;
    }
    /** Makes today's where it is missing. Resolves, true for a new one, once it is there; faults are logged and tried again in an hour. */
    async check(now) {
        const { database, log } = this.#options;
        const path = toBackupPath(database, now);
        // A time further ahead than any wait is of a clock that was set back since.
        const isEarly = now < this.#notBefore && this.#notBefore - now <= RETRY_MS;
        const isWaiting = this.#isClosed || this.#cancel !== undefined || isEarly;
        if (isWaiting || listBackups(database).includes(path))
            return false;
        this.#notBefore = now + RETRY_MS;
        try {
            ensureInnerFolder(toBackupFolder(database));
            if (this.#isDiskLow()) {
                log.warn({ path }, "no backup today: less than 10 % of the disk is free");
                return false;
            }
            this.#clear();
            const copying = copyDatabase(database, path);
            this.#cancel = copying.cancel;
            await copying.done;
            for (const old of listBackups(database).slice(KEPT))
                rmSync(old, { force: true });
            log.info({ path }, "backup made");
            return true;
        }
        catch (thrown) {
            log.warn({ path, error: toMessage(thrown) }, "backup failed; trying again in an hour");
            return false;
        }
        finally {
            this.#cancel = undefined;
        }
    }
    /** Breaks off what runs: its draft goes with the next backup. */
    close() {
        this.#isClosed = true;
        this.#cancel?.();
    }
    #isDiskLow() {
        const { database, minFreeShare = MIN_FREE_SHARE } = this.#options;
        const { bavail, blocks } = statfsSync(toBackupFolder(database));
        return blocks > 0 && bavail / blocks < minFreeShare;
    }
    /** Drafts of copies that were broken off. */
    #clear() {
        const folder = toBackupFolder(this.#options.database);
        for (const name of readdirSync(folder)) {
            if (/^sluice-[\d-]+\.db\.new/.test(basename(name)))
                rmSync(join(folder, name));
        }
    }
}
