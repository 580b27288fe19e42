/**
 * Cursors as clients keep them: opaque to them, a position in one inbox to us.
 *
 * Owns: their form, and what becomes of one that leads nowhere any more. Never: reads events.
 *
 * CURSOR-1 A cursor that cannot be followed is no error: the client is told that something may be missing, and given one that can.
 * CURSOR-2 What is missing is told once: the next cursor says that it was.
 */
import { readEpoch, readGone, readHead } from "../store/clients/event-feed.js";
const FORM = /^s1\.([0-9a-f]{12})\.(\d{1,15})(?:\.(\d{1,15}))?$/;
/** `told`: up to which position the client was told that something is missing. */
export function toCursor(db, position, told = 0) {
    return `s1.${readEpoch(db)}.${position}${told > position ? `.${told}` : ""}`;
}
/** Where to begin for a cursor of a client; without one from now on. */
export function toStart(db, scope, cursor) {
    const head = readHead(db);
    const told = readGone(db, scope.channels);
    if (cursor === null || cursor === undefined)
        return { position: head, truncated: false, told };
    const [, epoch, digits, before = "0"] = FORM.exec(cursor) ?? [];
    if (epoch === undefined)
        return { position: head, truncated: true, told };
    // A backup was put back: what it holds may have been had, or not. The ids tell.
    if (epoch !== readEpoch(db))
        return { position: 0, truncated: true, told };
    const position = Number(digits);
    // Of the same inbox none lies ahead: it was made up.
    if (position > head)
        return { position: head, truncated: true, told };
    return { position, truncated: told > Math.max(position, Number(before)), told };
}
