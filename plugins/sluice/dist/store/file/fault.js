/**
 * Translates SQLite's result codes for a user.
 *
 * Owns: the translation of a database fault into a SluiceError. Never: decides what to do about it.
 */
import { SluiceError } from "../../sdk/errors.js";
import { toRestoreAdvice } from "./backup.js";
/** Primary result codes: https://www.sqlite.org/rescode.html */
const PERM = 3;
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;
const DETAIL_MAX_CHARS = 400;
/** Wraps what node:sqlite threw. `path` names the file in the message. */
export function toStoreFault(thrown, path) {
    if (thrown instanceof SluiceError)
        return thrown;
    const code = readResultCode(thrown);
    // SQLite quotes a damaged schema as it stands, with its line ends and whatever the bytes have become.
    const detail = (thrown instanceof Error ? thrown.message : String(thrown))
        .replaceAll(/[\p{C}\p{Z}]+/gu, " ")
        .slice(0, DETAIL_MAX_CHARS);
    const fail = (kind, message, retryAfterMs) => new SluiceError(kind, message, {
        cause: thrown,
        ...(retryAfterMs === undefined ? {} : { retryable: true, retryAfterMs }),
    });
    switch (code) {
        case CORRUPT:
        case NOTADB:
            return fail("store_corrupt", `inbox ${path} is damaged (${detail}) and nothing was changed; ${toRestoreAdvice(path)}`);
        case READONLY:
        case CANTOPEN:
        case PERM:
            return fail("store_readonly", `inbox ${path} cannot be written (${detail}); check its owner, mode and mount`);
        case FULL:
            return fail("store_full", `inbox ${path}: the disk is full; free some space, waiting events are kept`, 60_000);
        case BUSY:
        case LOCKED:
            return fail("store_busy", `inbox ${path} is locked by another process; close what holds it`, 2_000);
        case IOERR:
            return fail("store_readonly", `inbox ${path}: the disk failed (${detail}); check it before going on`, 60_000);
        default:
            return fail("internal", `inbox ${path}: ${detail}`);
    }
}
/** The primary one; undefined for what is no fault of SQLite. */
export function readResultCode(thrown) {
    if (typeof thrown !== "object" || thrown === null || !("errcode" in thrown))
        return undefined;
    // Extended codes carry the primary one in the low byte.
    return typeof thrown.errcode === "number" ? thrown.errcode & 0xff : undefined;
}
