import { findEvent } from "../../store/events/inbox.js";
import { listWaiting, listWaitingOf, readGlance, readHeadline, } from "../../store/events/waiting.js";
import { isWhole, toDigest, toDigestPage } from "./digest.js";
import { LINES_MAX } from "./layout.js";
import { merge, toEntityKey, toWeight, WEIGHT } from "./merge.js";
import { countEvents, INBOX_MAX_EVENTS, toInboxPage, toNote } from "./note.js";
import { toScreenLine } from "./shape.js";
/** At most so many events travel in one note, merged ones among them (BUNDLE-1). */
export const NOTE_MAX_EVENTS = 400;
/** Entities that were too large to join; after so many the note is full enough. */
const MISSES_MAX = 10;
/** From so many failed attempts on an event travels alone: whatever makes its turns fail must not take others with it. */
const ALONE_FROM_ATTEMPTS = 3;
/** `total` is how many wait, where that is known: after so many nothing more is looked for. */
export function readBundles(db, claim, total = Number.POSITIVE_INFINITY) {
    const window = listWaiting(db, claim, Math.min(NOTE_MAX_EVENTS, total));
    const events = window.length < NOTE_MAX_EVENTS ? window : complete(db, claim, window);
    return merge(keepApart(events));
}
/** Bundles with what is read of their events, one by one as they are asked for (BUNDLE-1). One that is gone by now is left out. */
export function* toOutgoing(db, bundles) {
    for (const bundle of bundles) {
        const event = findEvent(db, bundle.shown.id);
        if (event === undefined)
            continue;
        const whole = bundle.whole.flatMap(({ id }) => findEvent(db, id) ?? []);
        yield { event, bundle, whole, lines: toLines(db, bundle.lines.slice(0, LINES_MAX)) };
    }
}
function toLines(db, events) {
    return events.flatMap((event) => {
        const headline = readHeadline(db, event.id);
        return headline === undefined ? [] : [{ event, headline }];
    });
}
/** More bundles than this at once are told in lines. */
export const DIGEST_OVER = 20;
/** True where what waits is told in lines: there is much of it, or nothing that would have woken anybody by itself. */
export function isDigest(bundles) {
    const isLow = bundles.length > 1 && bundles.every(({ priority }) => priority === "low");
    return isMuch(bundles) || isLow;
}
function isMuch(bundles) {
    return bundles.length > DIGEST_OVER;
}
/** What the turn of a bell is given. */
export function makeNote(db, claim, waiting) {
    const totalWaiting = toTotal(waiting);
    const bundles = readBundles(db, claim, totalWaiting);
    return isDigest(bundles)
        ? toDigest(toEntries(db, bundles), totalWaiting)
        : toNote(toOutgoing(db, bundles), totalWaiting);
}
const SCREEN_MAX_LINES = 3;
/** What a note brings, for the person at the terminal: its first events, and how many more. The model does not read it. */
export function toScreenLines(db, taken) {
    const first = taken.slice(0, SCREEN_MAX_LINES);
    const lines = first.flatMap(({ shown, merged }) => {
        const glance = readGlance(db, shown.id);
        if (glance === undefined)
            return [];
        const line = toScreenLine(`${glance.channel}: ${toWords(glance)}`);
        return [merged.length === 0 ? line : `${line} (and ${merged.length} more about it)`];
    });
    const left = countEvents(taken) - countEvents(first);
    return left === 0 ? lines : [...lines, `and ${left} more`];
}
/** Of a person's message the words; else the first line, and what a third party wrote beside it. */
function toWords({ chatId, sender, kind, text, quote }) {
    const [line = ""] = text.trimStart().split("\n", 1);
    const words = quote?.trim() ?? "";
    if (words === "")
        return line || kind;
    return chatId === null ? `${line || kind} | ${words}` : `${sender}: ${words}`;
}
/** What a call of `inbox` is given. */
export function makePage(db, claim, waiting, offered) {
    const totalWaiting = toTotal(waiting);
    const bundles = readBundles(db, claim, totalWaiting);
    return isMuch(bundles)
        ? toDigestPage(toEntries(db, bundles), totalWaiting, offered)
        : toInboxPage(toOutgoing(db, bundles.slice(0, INBOX_MAX_EVENTS)), totalWaiting, offered);
}
function toTotal({ total, capped }) {
    return capped ? Number.POSITIVE_INFINITY : total;
}
/**
 * More waits than is read at once: entities come one after the other, each with all that waits of it. Cut off in the middle,
 * it would show a state that is past, and the rest of it later as if it were news.
 */
function complete(db, claim, window) {
    const events = new Map();
    let misses = 0;
    for (const event of window) {
        if (events.has(event.id))
            continue;
        if (events.size >= NOTE_MAX_EVENTS || misses >= MISSES_MAX)
            break;
        const room = NOTE_MAX_EVENTS - events.size;
        const key = toEntityKey(event);
        const all = key === undefined
            ? [event]
            : listWaitingOf(db, claim, key, room + 1).filter((one) => toEntityKey(one) !== undefined);
        // An entity that does not fit beside the others comes with the next note.
        if (events.size > 0 && all.length > room)
            misses++;
        // The one for which its entity is looked at is the most pressing: of an entity that is larger than a note it is there too.
        else
            for (const one of [event, ...all.filter(({ id }) => id !== event.id)].slice(0, room))
                events.set(one.id, one);
    }
    return [...events.values()];
}
export function toEntries(db, bundles) {
    return bundles.flatMap((bundle, index) => isWhole(bundle, index)
        ? [...toOutgoing(db, [bundle])].map((outgoing) => ({ kind: "whole", outgoing }))
        : toLineEntry(db, bundle));
}
/** Below the line of a bundle: what went wrong and what people wrote. */
function toLineEntry(db, bundle) {
    const pressing = [...bundle.whole, ...bundle.lines].filter((one) => toWeight(one) <= WEIGHT.written);
    const [lead, ...below] = toLines(db, [bundle.shown, ...pressing.slice(0, LINES_MAX)]);
    return lead?.event === bundle.shown ? [{ kind: "line", bundle, lead, below }] : [];
}
/**
 * Events that failed often wait for the others, then go one by one. One that another state of the same thing has superseded goes with that
 * all the same: its text is not given, and alone it would come later, as if it were news.
 */
function keepApart(events) {
    const others = events.filter(({ attempts, attemptsBefore }) => attempts - attemptsBefore < ALONE_FROM_ATTEMPTS);
    if (others.length === 0)
        return events.slice(0, 1);
    if (others.length === events.length)
        return events;
    const over = new Set(merge(events).flatMap(({ superseded }) => [...superseded.values()].flat().map(({ id }) => id)));
    return events.filter((one) => others.includes(one) || (over.has(one.id) && isLed(one, others)));
}
/** Another state of the same thing is among them. */
function isLed({ channel, stateOf }, others) {
    return others.some((one) => one.channel === channel && one.stateOf === stateOf);
}
