import { findEvent } from "../events/inbox.js";
const WINDOW_EVENTS = 20_000;
const PAGE_BYTES = 2 * 1024 * 1024;
/** Runs `read` as soon as nothing is being written (INBOXFEED-4). */
export function readCommitted(db, read) {
    return new Promise((resolve, reject) => {
        const run = () => {
            try {
                resolve(read());
            }
            catch (thrown) {
                reject(thrown);
            }
        };
        // Of writes that are undone nothing is left to wait for.
        db.afterUndo(() => setImmediate(() => readCommitted(db, read).then(resolve, reject)));
        db.afterCommit(run);
    });
}
/** Names the inbox: another one has other positions. */
export function readEpoch(db) {
    const row = db.get("SELECT epoch FROM inbox_epoch");
    if (row === undefined)
        throw new Error("the inbox has no epoch");
    return row.epoch;
}
/** The inbox is another one from now on. Inside `database.write`. */
export function renewEpoch(db) {
    db.run("UPDATE inbox_epoch SET epoch = lower(hex(randomblob(6)))");
}
/** The last position that is given away, if its event is there or not: what comes next lies behind it. */
export function readHead(db) {
    return toHead(readShifts(db), readMaxSeq(db));
}
/** The last position at which an event of these channels was deleted, 0 for none. */
export function readGone(db, channels) {
    return (db.get("SELECT max(position) AS position FROM gone_events WHERE channel IN (SELECT value FROM json_each(?))", JSON.stringify(channels))?.position ?? 0);
}
/** Up to `limit` events behind `after`, and never more than a few megabytes of them. */
export function readFeed(db, scope, after, limit) {
    const shifts = readShifts(db);
    const from = toSeq(shifts, after);
    const newest = readMaxSeq(db);
    const to = Math.min(newest, from + WINDOW_EVENTS);
    const { where, values } = toCondition(scope);
    const found = db.all(`SELECT seq, id, octet_length(text) + octet_length(quotes) + octet_length(meta) AS bytes
     FROM events WHERE seq > ? AND seq <= ? AND ${where} ORDER BY seq LIMIT ?`, from, to, ...values, limit + 1);
    let bytes = 0;
    const fitting = found.slice(0, limit);
    const over = fitting.findIndex((row) => (bytes += row.bytes) > PAGE_BYTES);
    const taken = over === -1 ? fitting : fitting.slice(0, Math.max(1, over));
    const events = taken.flatMap(({ seq, id }) => {
        const event = findEvent(db, id);
        return event === undefined ? [] : [{ position: toPosition(shifts, seq), event }];
    });
    const last = taken.at(-1);
    if (last !== undefined && taken.length < found.length)
        return { events, reached: toPosition(shifts, last.seq), hasMore: true };
    const hasMore = to < newest;
    const reached = hasMore ? toPosition(shifts, to) : toHead(shifts, newest);
    return { events, reached: Math.max(after, reached), hasMore };
}
/**
 * Where the events of `since` (epoch ms) and later begin behind `after`, and whether any of the scope are left out by that.
 */
export function skipOlder(db, scope, after, since) {
    const shifts = readShifts(db);
    const from = toSeq(shifts, after);
    // Times of storing rise with the seq, but for a clock that was set back: by halves, a few looks.
    let low = from;
    let high = readMaxSeq(db);
    while (low < high) {
        const middle = Math.floor((low + high) / 2);
        const row = db.get("SELECT seq, stored_at AS at FROM events WHERE seq > ? ORDER BY seq LIMIT 1", middle);
        if (row === undefined || row.at >= since || row.seq > high)
            high = middle;
        else
            low = row.seq;
    }
    if (low === from)
        return { position: after, skips: false };
    const { where, values } = toCondition(scope);
    // Of a long way nobody looks at each event: a gap that might be is told as one.
    const isLong = low - from > WINDOW_EVENTS;
    const skips = isLong ||
        db.get(`SELECT 1 FROM events WHERE seq > ? AND seq <= ? AND ${where} LIMIT 1`, from, low, ...values) !== undefined;
    return { position: Math.max(after, toPosition(shifts, low)), skips };
}
/** Whether an event is one of the scope. */
export function isInScope(scope, event) {
    const { channels, kind, entity, sender, unverified } = scope;
    return (channels.includes(event.channel) &&
        (unverified || event.verified !== "none") &&
        (kind === undefined || isOfKind(event.kind, kind)) &&
        (entity === undefined || event.entity === entity) &&
        (sender === undefined || event.sender.id === sender) &&
        event.copyOf === undefined);
}
/** The position of an event that stands in the inbox. */
export function readPosition(db, event) {
    return toPosition(readShifts(db), event.seq);
}
/** Whether the sender's id of an event is that of an earlier one of another of these channels: then it names two. */
export function isIdTaken(db, event, channels) {
    return (db.get(
    // One that is purged was earlier.
    `SELECT 1 FROM delivery_ids WHERE channel IN (SELECT value FROM json_each(?)) AND delivery_id = ? AND channel <> ?
         AND coalesce((SELECT seq FROM events WHERE id = delivery_ids.event), 0) < ? LIMIT 1`, JSON.stringify(channels), event.deliveryId ?? null, event.channel, event.seq) !== undefined);
}
/** Shifts that no event lies behind any more. Inside `database.write`. */
export function forgetShifts(db) {
    db.run(`DELETE FROM seq_shifts WHERE after_seq < (SELECT max(after_seq) FROM seq_shifts
       WHERE after_seq < coalesce((SELECT min(seq) FROM events), 0))`);
}
function isOfKind(name, kind) {
    return name === kind || (name.startsWith(kind) && ".:/".includes(name.charAt(kind.length)));
}
function toCondition({ channels, kind, entity, sender, unverified }) {
    const terms = ["copy_of IS NULL", "channel IN (SELECT value FROM json_each(?))"];
    const values = [JSON.stringify(channels)];
    if (!unverified)
        terms.push("verified <> 'none'");
    if (kind !== undefined) {
        terms.push("(kind = ? OR (substr(kind, 1, length(?)) = ? AND substr(kind, length(?) + 1, 1) IN ('.', ':', '/')))");
        values.push(kind, kind, kind, kind);
    }
    if (entity !== undefined) {
        terms.push("entity = ?");
        values.push(entity);
    }
    if (sender !== undefined) {
        terms.push("sender_id = ?");
        values.push(sender);
    }
    return { where: terms.join(" AND "), values };
}
function readMaxSeq(db) {
    return db.get("SELECT max(seq) AS seq FROM events")?.seq ?? 0;
}
function readShifts(db) {
    return db.all("SELECT after_seq AS afterSeq, shift FROM seq_shifts ORDER BY after_seq");
}
/** INBOXFEED-1 */
function toPosition(shifts, seq) {
    return seq + (shifts.findLast(({ afterSeq }) => afterSeq < seq)?.shift ?? 0);
}
function toHead(shifts, newest) {
    return toPosition(shifts, newest + 1) - 1;
}
/** The last seq whose position is not behind this one. */
function toSeq(shifts, position) {
    let end = Number.MAX_SAFE_INTEGER;
    for (const { afterSeq, shift } of shifts.toReversed()) {
        if (position - shift > afterSeq)
            return Math.min(position - shift, end);
        end = afterSeq;
    }
    return Math.min(position, end);
}
