/**
 * The mark of a clean shutdown: it describes the file as this program left it, so that a large file need not be read whole at the next
 * start.
 *
 * Owns: leaving and believing it. Never: replaces the check, which then comes later (late-check.ts).
 *
 * A mark is believed once, and only while size, inode and time of the file are those of the end, and no log with anything in it stands
 * beside it. The time
 * is set back a little when the mark is left: so whatever is written later, however soon, has another.
 */
import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
const toMarkPath = (path) => `${path}.closed`;
/** Call after the connection is closed. Without a mark the next start checks the whole file. */
export function leaveShutdownMark(path) {
    try {
        if (existsSync(`${path}-wal`))
            return;
        setTimeBack(path);
        writeFileSync(toMarkPath(path), toFacts(path), { mode: 0o600 });
    }
    catch {
        // No room, or not ours any more: then there is no mark, which is always safe.
    }
}
/** True where the file is as its last clean end left it. The mark is gone afterwards. */
export function takeShutdownMark(path) {
    const mark = toMarkPath(path);
    try {
        if (!existsSync(mark))
            return false;
        const facts = readFileSync(mark, "utf8");
        rmSync(mark);
        return !hasLog(path) && facts === toFacts(path);
    }
    catch {
        // What cannot be read or taken away cannot be believed.
        return false;
    }
}
/** An empty one holds nothing: who only reads the file may leave one. */
function hasLog(path) {
    return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
/** Whatever is written from now on has another time than this. */
export function setTimeBack(path) {
    const { atime, mtime } = statSync(path);
    utimesSync(path, atime, Math.floor(mtime.getTime() / 1_000) - 1);
}
export function toFacts(path) {
    const { ino, size, mtimeNs } = statSync(path, { bigint: true });
    return [ino, size, mtimeNs].join(" ");
}
