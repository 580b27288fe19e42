/**
 * What events have besides what is told of them: what senders sent, where their channel cannot tell it in words of its own, and what a
 * channel must know to answer.
 *
 * Owns: the tables payloads and answering, and how much of a payload is kept. Never: reduces it or looks for credentials in it: that is the
 * channel's.
 *
 * KEPT-1 A payload takes at most 64 KiB here; what is beyond is counted.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { ORIGINAL } from "./copied-state.js";
const MAX_BYTES = 64 * 1024;
/** More than that is not even compressed: it would keep the inbox waiting. */
const MAX_CHARS = 512 * 1024;
/** Runs inside `database.write`. */
export function addPayload(db, event, payload) {
    let kept = cutAt(payload, MAX_CHARS);
    let body = deflateRawSync(kept, { level: 6 });
    while (body.length > MAX_BYTES) {
        // In proportion, and a little below it, since a text is not packed evenly.
        kept = cutAt(kept, Math.floor(((kept.length * MAX_BYTES) / body.length) * 0.97));
        body = deflateRawSync(kept, { level: 6 });
    }
    db.run("INSERT INTO payloads (event, body, omitted) VALUES (?, ?, ?)", event, body, payload.length - kept.length);
}
export function findPayload(db, event) {
    const row = db.get(`SELECT body, omitted FROM payloads WHERE event = ${ORIGINAL}`, event, event);
    if (row === undefined)
        return undefined;
    // A damaged row must not grow without an end.
    const text = inflateRawSync(row.body, { maxOutputLength: MAX_CHARS * 4 }).toString("utf8");
    return { text, omitted: row.omitted };
}
/** Runs inside `database.write`. */
export function addAnswering(db, event, facts) {
    db.run("INSERT INTO answering (event, facts) VALUES (?, ?)", event, facts);
}
/** Undefined where the channel gave none, or the event is gone. */
export function findAnswering(db, event) {
    return db.get(`SELECT facts FROM answering WHERE event = ${ORIGINAL}`, event, event)?.facts;
}
function cutAt(text, maxChars) {
    if (text.length <= maxChars)
        return text;
    return text.slice(0, maxChars).replace(/[\ud800-\udbff]$/, "");
}
