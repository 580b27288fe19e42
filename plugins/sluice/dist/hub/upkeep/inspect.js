/**
 * Inspects the inbox's file and its backups without a hub: for doctor.
 *
 * Owns: reading them. Never: opens the inbox for writing, or leaves anything behind.
 */
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { SluiceError, toMessage } from "../../sdk/errors.js";
import { listBackups, toRestoreCommand } from "../../store/file/backup.js";
import { checkDatabase } from "../../store/file/database-file.js";
import { tryInbox } from "./open-inbox.js";
/** The newest backup and what to type to go back to it; undefined where there is none. `madeAt` is epoch ms. */
export function readBackupState({ database }) {
    const [path] = listBackups(database);
    const restore = toRestoreCommand(database);
    if (path === undefined || restore === undefined)
        return undefined;
    return { path, madeAt: statSync(path).mtimeMs, restore };
}
/** Reads the whole file, and tries whether a hub could open it. @throws SluiceError `store_corrupt` and others that say what to do. */
export function checkInbox({ database }) {
    if (!existsSync(database))
        return { kind: "none" };
    checkDatabase(database);
    try {
        accessSync(database, constants.W_OK);
    }
    catch (thrown) {
        throw new SluiceError("store_readonly", `inbox ${database} cannot be written (${toMessage(thrown)}); check its owner, mode and mount`, { cause: thrown });
    }
    return tryInbox(database);
}
