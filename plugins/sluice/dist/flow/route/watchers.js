/**
 * Watchers: subscriptions of sessions and routing rules of the owner, and which events they cover.
 *
 * Owns: which of them cover an event, and their lives. Never: what one asks for (match.ts); who of several gets an event (route.ts).
 *
 * WATCH-1 The subscription or rule that covers an event is stored with it; a new subscription or rule also covers the newest of the
 *    events that wait.
 * WATCH-2 A pattern is literal but for `*`; matching takes time in proportion to its length, whatever a sender writes.
 * WATCH-3 A subscription moves with its conversation: through a resume, and into the one that /clear begins. It ends when its `until`
 *    is met, or when its session was not seen for a week.
 * WATCH-4 A session that subscribed with `copy` gets its own copy of what came after that, whoever else gets the event. Those that
 *    subscribed without it share one copy beside these, which stays with the last of them that gives its subscription up. An event that
 *    was sent to one session is not copied.
 * WATCH-5 That an event is known to be of the owner's own stands with it from the start or never, whatever covers it later. No copy says it.
 */
import { SluiceError } from "../../sdk/errors.js";
import { COPIED, COPY, KNOWN } from "../../store/events/copied-state.js";
import { toCopyFor } from "../../store/events/copies.js";
import { addSubscription, assignEvent, endSubscription, listNewestWaiting, listSubscriptions, purgeSubscriptions, removeSubscription, setCopy, } from "../../store/events/subscriptions.js";
import { findSuccessor } from "../../store/sessions/session-names.js";
import { covers, isMet, isRuled } from "./match.js";
const NONE = [];
/** Of what waits already, so many of the newest are looked through (WATCH-1). */
const LOOK_BACK_EVENTS = 10_000;
const PER_SESSION_MAX = 100;
/** So many sessions have copies of one channel's events. */
const COPIES_MAX = 32;
/** WATCH-3. */
const GONE_MS = 7 * 24 * 3_600_000;
export class Watchers {
    #options;
    #rules;
    /** Undefined where they are to be read anew. */
    #read;
    constructor(options) {
        this.#options = options;
        this.#rules = options.readRules?.() ?? [];
        this.#read = toKnown(listSubscriptions(options.db));
    }
    /** Those that take new events; with `session` only its own. */
    list(session) {
        return this.#known.all.filter((one) => one.endedAt === null && (session === undefined || one.session === session));
    }
    // As fields: the router and who accepts are given them as they are.
    subscriber = (id) => this.#known.byId.get(id)?.session;
    successor = (session) => findSuccessor(this.#options.db, session);
    rule = (id) => this.#rules.find((one) => `r${one.id}` === id)?.to;
    /** Who an event is for that is being stored, inside `database.write`: what covers it stands in its row. Ends what it fulfils. */
    assign = (arrival) => {
        const covering = this.#cover(arrival);
        if (covering.length > 0)
            this.#end(covering, arrival);
        const { session } = arrival;
        const copies = session === undefined ? toCopies(covering) : undefined;
        if (copies !== undefined)
            return { watchers: COPIED, copies };
        const found = this.#toWatchers(covering, arrival);
        const watchers = arrival.isKnown === true ? [KNOWN, ...(found === "" ? [] : [found])].join(",") : found;
        return session === undefined
            ? { watchers }
            : { watchers, target: this.#options.findTarget(session) };
    };
    #end(covering, arrival) {
        const { db, clock } = this.#options;
        const fulfilled = covering.filter(({ until }) => until !== null && isMet(until, arrival));
        if (fulfilled.length === 0)
            return;
        for (const { id } of fulfilled)
            endSubscription(db, id, clock.now());
        db.afterUndo(() => this.#forget());
        db.afterCommit(() => this.reload());
    }
    /** @throws SluiceError `bad_input` for what cannot be asked for. */
    async watch(session, selector) {
        const { db, clock } = this.#options;
        const own = this.list(session);
        const known = own.find((one) => isSame(one, selector) && one.until === selector.until);
        // Left out, it stays as it is.
        const { copy = known?.copy ?? false } = selector;
        if (known?.copy === copy)
            return known;
        if (copy)
            this.#checkCopies(session, selector.channel);
        if (known !== undefined)
            return this.#change(known, copy);
        if (own.length >= PER_SESSION_MAX) {
            throw new SluiceError("bad_input", `a session can have ${PER_SESSION_MAX} subscriptions; "sluice unwatch" ends one`);
        }
        await db.write(() => {
            addSubscription(db, session, selector, clock.now());
            this.#forget();
            // What was not kept must not go on covering events in memory.
            db.afterUndo(() => this.#forget());
            if (!copy)
                this.#assignAgain(selector.channel);
        });
        this.#options.changed();
        const added = this.list(session).find((one) => isSame(one, selector) && one.until === selector.until);
        if (added === undefined)
            throw new SluiceError("internal", "the subscription was not kept");
        return added;
    }
    /** What waits stays with whom it was for; without `copy` it is again one of those that may have it (WATCH-1). */
    async #change(known, copy) {
        const { db, changed } = this.#options;
        await db.write(() => {
            setCopy(db, known.id, copy);
            this.#forget();
            db.afterUndo(() => this.#forget());
            if (!copy)
                this.#assignAgain(known.channel);
        });
        changed();
        return { ...known, copy };
    }
    /** @throws SluiceError `bad_input`: each copy is a row and a delivery, and a sender must not be able to make any number of them. */
    #checkCopies(session, channel) {
        const others = new Set(this.list().flatMap((one) => one.copy === true && one.channel === channel && one.session !== session ? one.session : []));
        if (others.size < COPIES_MAX)
            return;
        throw new SluiceError("bad_input", `${COPIES_MAX} sessions have copies of ${channel} already, the most that may; "sluice watch" lists them, "sluice unwatch" ends one`);
    }
    /** Ends those that pass; what they covered goes to whoever else may have it. Returns them. */
    async unwatch(passes) {
        const { db } = this.#options;
        const found = this.list().filter(passes);
        await db.write(() => {
            for (const one of found)
                removeSubscription(db, one);
            db.afterUndo(() => this.#forget());
        });
        this.reload();
        return found;
    }
    /** The rules changed: what waits is looked through again. */
    async ruled() {
        this.#rules = this.#options.readRules?.() ?? [];
        await this.#options.db.write(() => this.#assignAgain(undefined));
        this.reload();
    }
    /** Forgets those of sessions that are gone (WATCH-3). */
    async purge(open) {
        const { db, clock } = this.#options;
        const gone = await db.write(() => purgeSubscriptions(db, clock.now() - GONE_MS, open));
        if (gone > 0)
            this.reload();
    }
    reload() {
        this.#forget();
        this.#options.changed();
    }
    #forget() {
        this.#read = undefined;
    }
    get #known() {
        return (this.#read ??= toKnown(listSubscriptions(this.#options.db)));
    }
    #cover(arrival) {
        const open = this.#known.openOf.get(arrival.channel);
        return open === undefined ? NONE : open.filter((one) => covers(one, arrival));
    }
    #toWatchers(covering, arrival) {
        if (covering.length === 0 && this.#rules.length === 0)
            return "";
        const rule = this.#rules.find((one) => isRuled(one, arrival));
        const ids = covering.map(({ id }) => String(id));
        return [...ids, ...(rule === undefined ? [] : [`r${rule.id}`])].join(",");
    }
    /** WATCH-1. What an ended subscription covered stays its own. */
    #assignAgain(channel) {
        const { db } = this.#options;
        const ended = new Set(this.#known.all.filter((one) => one.endedAt !== null).map(({ id }) => String(id)));
        for (const event of listNewestWaiting(db, channel, LOOK_BACK_EVENTS)) {
            const kept = event.watchers.split(",").filter((id) => ended.has(id) || id === KNOWN);
            const covering = this.#cover(event).filter(({ copy }) => copy !== true);
            const now = this.#toWatchers(covering, event);
            const watchers = [...kept, ...(now === "" ? [] : [now])].join(",");
            if (watchers !== event.watchers)
                assignEvent(db, event.id, { watchers });
        }
    }
}
function toKnown(all) {
    return {
        all,
        byId: new Map(all.map((one) => [String(one.id), one])),
        openOf: Map.groupBy(all.filter((one) => one.endedAt === null), (one) => one.channel),
    };
}
/** WATCH-4. Undefined where nobody wants a copy. */
function toCopies(covering) {
    const own = new Set(covering.flatMap(({ copy, session }) => (copy === true ? session : [])));
    if (own.size === 0)
        return undefined;
    const others = covering.filter(({ session }) => !own.has(session));
    const shared = { watchers: [COPY, ...others.map(({ id }) => id)].join(",") };
    return [...[...own].map(toCopyFor), ...(others.length === 0 ? [] : [shared])];
}
function isSame(one, other) {
    return (one.channel === other.channel && one.entity === other.entity && one.pattern === other.pattern);
}
