/**
 * Finds events by their words.
 *
 * Owns: looking through the newest events, a little at a time: there is no index of their words. Never: changes anything.
 *
 * One step reads the events that an index gives in order, of one channel or one state, and stops at the end of that part.
 */
import { setImmediate } from "node:timers/promises";
import { countFitting, toFilterCondition } from "./inbox.js";
/** One search looks at so many events, and at so many bytes of them. */
export const SEARCH_MAX_EVENTS = 20_000;
const SEARCH_MAX_BYTES = 64 * 1024 ** 2;
/** After each of these others have their turn. */
const STEP_EVENTS = 500;
const STEP_BYTES = 2 * 1024 ** 2;
/**
 * Ids of the newest `filter.limit` events that contain `text` (case of a-z aside) and pass the test, in order of acceptance. An empty text
 * is in all of them.
 */
export async function searchEvents(db, filter, text, passes) {
    const found = [];
    let { beforeSeq = Number.MAX_SAFE_INTEGER } = filter;
    let left = SEARCH_MAX_EVENTS;
    let leftBytes = SEARCH_MAX_BYTES;
    const { channel, state } = filter;
    const among = channel !== undefined ? { channel } : state !== undefined ? { state } : {};
    while (left > 0 && leftBytes > 0 && found.length < filter.limit) {
        const step = { ...among, beforeSeq, limit: Math.min(left, STEP_EVENTS) };
        const count = countFitting(db, step, STEP_BYTES);
        const rows = lookAt(db, { ...step, limit: count }, text.toLowerCase(), state);
        const last = rows.at(-1);
        if (last === undefined)
            break;
        for (const { id, isHit, unsent, ...signs } of rows)
            if (isHit === 1 && (passes?.({ ...signs, answer: unsent ?? undefined }) ?? true))
                found.push(id);
        left -= rows.length;
        leftBytes -= rows.reduce((sum, { bytes }) => sum + bytes, 0);
        beforeSeq = last.seq;
        await setImmediate();
    }
    return found.slice(0, filter.limit).toReversed();
}
/** The same, of an event in hand. */
export function containsText(event, text) {
    const { id, kind, channel, sender, entity = "", quotes } = event;
    return [
        id,
        kind,
        channel,
        sender.id,
        sender.name ?? "",
        entity,
        event.text,
        JSON.stringify(quotes),
    ]
        .join(" ")
        .toLowerCase()
        .includes(text.toLowerCase());
}
function lookAt(db, filter, needle, state) {
    const { where, values } = toFilterCondition(filter);
    return db.all(`SELECT seq, id, octet_length(text) + octet_length(quotes) AS bytes, kind, state, state_of AS stateOf,
       CASE WHEN json_valid(meta)
         THEN COALESCE(json_extract(meta, '$.status'), json_extract(meta, '$.conclusion'), json_extract(meta, '$.state')) END AS status,
       CASE WHEN json_valid(meta) THEN json_extract(meta, '$.severity') END AS severity,
       (SELECT CASE WHEN o.state IN ('failed', 'maybe') THEN o.state END FROM outbox o
         WHERE o.event = events.id AND o.kind = 'reply' ORDER BY o.id DESC LIMIT 1) AS unsent,
       state = COALESCE(?, state) AND
       instr(lower(id || ' ' || kind || ' ' || channel || ' ' || sender_id || ' ' || COALESCE(sender_name, '') || ' ' ||
         COALESCE(entity, '') || ' ' || text || ' ' || quotes), ?) > 0 AS isHit
     FROM events ${where} ORDER BY seq DESC LIMIT ?`, state ?? null, needle, ...values, filter.limit);
}
