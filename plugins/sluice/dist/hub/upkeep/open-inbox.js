/**
 * Opens the inbox, or tests whether it could be opened.
 *
 * Owns: the message when its schema cannot be updated to this version's. Never: updates it (store/file/database.ts).
 */
import { constants, copyFileSync, existsSync, mkdtempSync, rmSync, statfsSync, statSync, } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { VERSION } from "../../local/version.js";
import { isSluiceError, SluiceError, toMessage } from "../../sdk/errors.js";
import { toRestoreAdvice } from "../../store/file/backup.js";
import { Database } from "../../store/file/database.js";
/** @throws SluiceError store_*, or `internal` where a step of its schema failed: each says what to do. */
export function openInbox(path) {
    try {
        return new Database(path, { checkpoints: "thread" });
    }
    catch (thrown) {
        throw toOpeningFault(thrown, path);
    }
}
/**
 * Whether a hub could open it. One of another form than ours is opened as a copy, which is thrown away: the inbox itself is only read.
 * Call it while no hub runs.
 * @throws SluiceError as `openInbox` would.
 */
export function tryInbox(path) {
    // 0700 by itself; and beside it, since there a copy costs nothing where the file system shares what is the same.
    const folder = mkdtempSync(join(dirname(path), "trial-"));
    try {
        // What we write stands in an inbox that we make.
        const ours = join(folder, "new.db");
        new Database(ours).close();
        if (readForm(path) === readForm(ours))
            return { kind: "opens" };
        return tryCopy(path, join(folder, "copy.db"));
    }
    finally {
        rmSync(folder, { recursive: true, force: true });
    }
}
function tryCopy(path, copy) {
    const { bavail, bsize } = statfsSync(dirname(path));
    const parts = ["", "-wal"].filter((part) => existsSync(path + part));
    const bytes = parts.reduce((sum, part) => sum + statSync(path + part).size, 0);
    // What the steps write comes on top.
    if (2 * bytes > bavail * bsize)
        return { kind: "untried", reason: `a copy of its ${bytes} bytes does not fit the disk` };
    for (const part of parts)
        copyFileSync(path + part, copy + part, constants.COPYFILE_FICLONE);
    try {
        new Database(copy).close();
        return { kind: "opens" };
    }
    catch (thrown) {
        const fault = toOpeningFault(thrown, path);
        if (!isSluiceError(fault))
            throw fault;
        throw new SluiceError(fault.code, fault.message.replaceAll(copy, path), { cause: thrown });
    }
}
function readForm(path) {
    const db = new DatabaseSync(path, { readOnly: true });
    try {
        return Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
    }
    finally {
        db.close();
    }
}
/** What has a name of its own says what to do by itself. */
function toOpeningFault(thrown, path) {
    if (!isSluiceError(thrown, "internal"))
        return thrown;
    const detail = toMessage(thrown.cause ?? thrown).replaceAll(/\s+/g, " ");
    return new SluiceError("internal", `inbox ${path} cannot be brought to the form of Sluice ${VERSION} (${detail}), and keeps all that is in it: go on with the Sluice that wrote it last; ${toRestoreAdvice(path)}`, { cause: thrown });
}
