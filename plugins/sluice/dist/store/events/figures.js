/**
 * Figures of the whole inbox: numbers and ages of events.
 *
 * Owns: reads that stay fast however much is kept. Never: changes anything.
 */
import { DELIVERY_STATES } from "../../sdk/event.js";
import { countCopies } from "./copied-state.js";
import { IS_ON_CHANNEL, IS_OVER } from "./states.js";
/** The first condition of each is its index's own, without which that is not used. */
const COUNTS = [
    "SELECT state, COUNT(*) AS count FROM events WHERE state = 'stored' GROUP BY state",
    "SELECT state, COUNT(*) AS count FROM events WHERE state IN ('offered', 'seen') GROUP BY state",
    `SELECT state, COUNT(*) AS count FROM events WHERE ${IS_OVER} GROUP BY state`,
];
/** Each event once, however many copies it has. */
export function countByState(db) {
    const counts = { stored: 0, offered: 0, seen: 0, done: 0, expired: 0, dead: 0 };
    for (const sql of COUNTS) {
        for (const row of db.all(sql))
            counts[row.state] = row.count;
    }
    // Read apart: nearly nothing is a copy, and these have an index of their own.
    const copies = countCopies(db);
    if (copies !== undefined)
        for (const state of DELIVERY_STATES)
            counts[state] -= copies[state];
    return counts;
}
/** The oldest event that no session has seen; `since` is when it was accepted, or last replayed (epoch ms). */
export function readOldestUnseen(db) {
    const columns = "seq, id, channel, state, COALESCE(renewed_at, stored_at) AS since";
    return db.get(`SELECT id, channel, state, since FROM (
       SELECT * FROM (SELECT ${columns} FROM events WHERE state = 'stored' ORDER BY seq LIMIT 1)
       UNION ALL
       SELECT * FROM (SELECT ${columns} FROM events WHERE state IN ('offered', 'seen') AND state = 'offered' ORDER BY seq LIMIT 1)
     ) ORDER BY seq LIMIT 1`);
}
const NAMES = (which) => `SELECT MIN(channel) FROM events WHERE ${which}`;
const EDGE = (which, by, order) => `(SELECT received_at FROM events e WHERE e.${which} AND e.channel = n.channel ORDER BY e.${by} ${order} LIMIT 1)`;
/** When each channel last had an event, epoch ms. */
export function readLastEventTimes(db) {
    return readEventTimes(db, "DESC", Math.max);
}
/** When each channel had the first event that the history still has. */
export function readFirstEventTimes(db) {
    return readEventTimes(db, "ASC", Math.min);
}
/** Jumps from channel to channel. */
function readEventTimes(db, order, pick) {
    const rows = [
        [IS_ON_CHANNEL, "seq"],
        ["state = 'stored'", "stored_at"],
    ].flatMap(([which, by]) => db.all(`WITH RECURSIVE names (channel) AS (
         ${NAMES(which)}
         UNION ALL
         SELECT (${NAMES(which)} AND channel > names.channel) FROM names WHERE names.channel IS NOT NULL
       )
       SELECT channel, ${EDGE(which, by, order)} AS at FROM names n WHERE channel IS NOT NULL`));
    const times = {};
    for (const { channel, at } of rows)
        times[channel] = pick(at, times[channel] ?? at);
    return times;
}
