/**
 * The mark of a file that is open and sound: it describes a large file as it was when its owner last moved the log into it, so that the
 * file need not be read whole at the start after a kill.
 *
 * Owns: leaving and believing it. Never: replaces the check, which then comes later (late-check.ts).
 *
 * A kill loses nothing that was written: the system keeps it. So a file of the same size, inode and time is the one that its owner left,
 * while the machine was not started anew; what stands in the log is covered by checksums. Like the mark of a clean end it is believed
 * once. Where the system does not tell one start of the machine from another, there is no mark.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeBack, toFacts } from "./clean-shutdown.js";
const BOOT_ID = "/proc/sys/kernel/random/boot_id";
const toMarkPath = (path) => `${path}.open`;
/** Call while nobody writes to the file itself. */
export function leaveOpenMark(path) {
    const boot = readBootId();
    if (boot === undefined)
        return;
    try {
        setTimeBack(path);
        writeFileSync(toMarkPath(path), `${toFacts(path)} ${boot}`, { mode: 0o600 });
    }
    catch {
        // No room, or not ours any more. What stands there now fits no other file.
    }
}
/** True where the file is as its owner left it, who died since. The mark is gone afterwards. */
export function takeOpenMark(path) {
    try {
        const mark = readFileSync(toMarkPath(path), "utf8");
        rmSync(toMarkPath(path));
        return mark === `${toFacts(path)} ${readBootId() ?? ""}`;
    }
    catch {
        // None, or one that cannot be read or taken away: nothing is believed.
        return false;
    }
}
export function removeOpenMark(path) {
    rmSync(toMarkPath(path), { force: true });
}
function readBootId() {
    try {
        return readFileSync(BOOT_ID, "utf8").trim() || undefined;
    }
    catch {
        return undefined;
    }
}
