/**
 * Identifiers: ULIDs, 48 bits of time and 80 random bits, in lower case.
 *
 * Random bits, not a counter: an event id is what a session presents to acknowledge an event, so it must not be guessable.
 * Layout: https://github.com/ulid/spec
 */
import { randomFillSync } from "node:crypto";
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** Asking the system for sixteen bytes costs more than all the rest of an id: it is asked for some hundred ids at once. */
const POOL = Buffer.alloc(16 * 256);
let used = POOL.length;
/** The first ten characters of an id, of the time that was asked last: many ids are of one millisecond. */
let last = { now: -1, time: "" };
/** Two characters for ten random bits. */
const PAIRS = Array.from(ALPHABET, (one) => Array.from(ALPHABET, (two) => one + two)).flat();
const EVENT_ID = /^evt_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
/** A new ULID: 26 characters of lower-case Crockford base 32, ordered by `now` (epoch ms). */
export function newUlid(now) {
    if (now !== last.now)
        last = { now, time: toTime(now) };
    // Eight times two bytes, ten bits of each: 80 bits, and no bias, since 1024 divides 65,536.
    if (used === POOL.length) {
        randomFillSync(POOL);
        used = 0;
    }
    let id = last.time;
    for (const end = used + 16; used < end; used += 2)
        id += PAIRS[POOL.readUInt16LE(used) & 1023];
    return id;
}
function toTime(now) {
    let time = "";
    for (let rest = now, i = 0; i < 10; i++) {
        time = ALPHABET[rest % 32] + time;
        rest = Math.floor(rest / 32);
    }
    return time;
}
/** A new event id, `evt_` + ULID. */
export function newEventId(now) {
    return `evt_${newUlid(now)}`;
}
export function isEventId(text) {
    return EVENT_ID.test(text);
}
