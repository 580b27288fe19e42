import { toMessage } from "../sdk/errors.js";
import { findCallback, listCallbacks, noteProgress, removeCallback, } from "../store/clients/event-callbacks.js";
import { readCommitted, readFeed, readGone } from "../store/clients/event-feed.js";
import { post, toControlId } from "./callback-post.js";
import { toCursor } from "./cursor.js";
import { EventFault } from "./protocol.js";
const BATCH = 20;
/** The pauses between five tries. */
const PAUSES_MS = [1_000, 10_000, 60_000, 300_000];
/** After a fault of ours. */
const FAULT_PAUSE_MS = 10_000;
/** What concerns this event alone, and will not change: the address itself works. */
const LASTING = new Set([400, 409, 415, 422]);
/** Final at once: https://modelcontextprotocol.io/seps/3415-events-extension */
const FINAL = new Set([410, 413]);
/** Of events of others it is noted only now and then that they were passed. */
const NOTE_EVERY = 1_000;
export class CallbackDelivery {
    #options;
    #closing = new AbortController();
    /** Subscriptions that there are, as far as is known: without one a commit costs nothing. */
    #known = new Set();
    #running = new Map();
    #again = new Set();
    #timers = new Map();
    /** Up to which position a subscription was told that something is missing. */
    #toldGone = new Map();
    #stopWatching;
    constructor(options) {
        this.#options = options;
        for (const { id } of listCallbacks(options.db))
            this.#known.add(id);
        this.#stopWatching = options.db.watch(() => this.wakeAll());
        this.wakeAll();
    }
    /** Something may be there for each. */
    wakeAll() {
        for (const id of this.#known)
            this.#look(id);
    }
    /** A subscription was made, renewed or resumed. */
    wake(id) {
        this.#known.add(id);
        this.#look(id);
    }
    /** Ends all subscriptions of a client, and tells their addresses once. */
    async endClient(client) {
        const ended = new EventFault("forbidden", "this client was removed by the owner");
        const own = listCallbacks(this.#options.db).filter((one) => one.client === client);
        await Promise.all(own.map((one) => this.#terminate(one, ended)));
    }
    async close() {
        this.#stopWatching();
        this.#closing.abort();
        for (const cancel of this.#timers.values())
            cancel();
        await Promise.all(this.#running.values());
    }
    #look(id) {
        if (this.#closing.signal.aborted)
            return;
        if (this.#running.has(id)) {
            this.#again.add(id);
            return;
        }
        const run = this.#run(id)
            .catch((thrown) => {
            const { log } = this.#options;
            log.error({ subscription: id, error: toMessage(thrown) }, "a callback waits after a fault");
            this.#lookIn(id, FAULT_PAUSE_MS);
        })
            .finally(() => {
            this.#running.delete(id);
            if (this.#again.delete(id))
                this.#look(id);
        });
        this.#running.set(id, run);
    }
    #lookIn(id, ms) {
        this.#timers.get(id)?.();
        const cancel = this.#options.clock.after(ms, () => {
            this.#timers.delete(id);
            this.#look(id);
        });
        this.#timers.set(id, cancel);
    }
    async #run(id) {
        const { db, clock, cover } = this.#options;
        // Not in the turn that woke it: what follows reads what was committed.
        await Promise.resolve();
        while (!this.#closing.signal.aborted) {
            const callback = findCallback(db, id);
            const now = clock.now();
            if (callback === undefined)
                return this.#forget(id);
            if (callback.expiresAt <= now) {
                await db.write(() => removeCallback(db, id));
                return this.#forget(id);
            }
            if (!callback.active)
                return;
            if (callback.retryAt !== null && callback.retryAt > now)
                return this.#lookIn(id, callback.retryAt - now);
            let covered;
            try {
                covered = await cover(callback.client, callback);
            }
            catch (thrown) {
                if (!(thrown instanceof EventFault))
                    throw thrown;
                return this.#terminate(callback, thrown);
            }
            const hasMore = await this.#deliverPage(callback, covered);
            if (!hasMore)
                return;
        }
    }
    /** True where there may be more to deliver at once. */
    async #deliverPage(callback, { name, scope }) {
        const { db } = this.#options;
        const { page, gone } = await readCommitted(db, () => ({
            page: readFeed(db, scope, callback.position, BATCH),
            gone: readGone(db, scope.channels),
        }));
        if (gone > Math.max(callback.position, this.#toldGone.get(callback.id) ?? 0)) {
            const cursor = toCursor(db, callback.position, gone);
            const posted = await this.#postControl(callback, { type: "gap", cursor });
            if ("error" in posted || !isTaken(posted.status)) {
                await this.#note(callback, callback.position, this.#toFailure(callback, toCause(posted)));
                return true; // It now waits for its next try.
            }
            this.#toldGone.set(callback.id, gone);
        }
        let at = callback;
        for (const event of page.events) {
            if (this.#closing.signal.aborted)
                return false;
            const progress = await this.#deliver(at, name, event);
            if (progress === undefined || !(await this.#note(at, at.position, progress)))
                return true;
            at = { ...at, ...progress };
            if (at.attempts > 0 || !at.active)
                return true;
        }
        if (page.reached - at.position >= NOTE_EVERY || (page.hasMore && page.reached > at.position))
            await this.#note(at, at.position, { ...at, position: page.reached });
        return page.hasMore;
    }
    /** One try. Undefined where the hub stops meanwhile: then nothing is known, and it is tried again. */
    async #deliver(callback, name, { position, event }) {
        const { db, clock, log, toOccurrence } = this.#options;
        const occurrence = toOccurrence(name, event);
        const told = this.#toldGone.get(callback.id) ?? 0;
        const body = JSON.stringify({ ...occurrence, cursor: toCursor(db, position, told) });
        const posted = await this.#post(callback, String(occurrence["eventId"]), body);
        if (this.#closing.signal.aborted && "error" in posted)
            return undefined;
        const now = clock.now();
        const passed = { position, attempts: 0, retryAt: null, active: true, failedSince: null };
        if ("status" in posted && isTaken(posted.status))
            return { ...passed, lastError: null, lastAt: now };
        const { lastAt } = callback;
        const status = "status" in posted ? posted.status : 0;
        const isLast = callback.attempts >= PAUSES_MS.length;
        if (FINAL.has(status) || (isLast && LASTING.has(status))) {
            log.warn({ event: event.id, client: callback.client, status }, "a callback refused an event");
            return { ...passed, lastError: "http_4xx", lastAt };
        }
        return this.#toFailure(callback, toCause(posted));
    }
    /** CALLBACKRUN-2 */
    #toFailure(callback, lastError) {
        const { clock, log } = this.#options;
        const { position, lastAt, attempts, failedSince } = callback;
        const now = clock.now();
        const pause = PAUSES_MS[attempts];
        if (pause === undefined)
            log.warn({ client: callback.client, lastError }, "a callback is suspended until it is renewed");
        return {
            position,
            attempts: pause === undefined ? 0 : attempts + 1,
            retryAt: pause === undefined ? null : now + pause,
            active: pause !== undefined,
            failedSince: failedSince ?? now,
            lastError,
            lastAt,
        };
    }
    /** False where the subscription was changed meanwhile. CALLBACKRUN-1 */
    #note(callback, from, progress) {
        const { db } = this.#options;
        return db.write(() => noteProgress(db, { id: callback.id, position: from }, progress));
    }
    #postControl(callback, body) {
        return this.#post(callback, toControlId(body.type), JSON.stringify(body));
    }
    #post({ url, id: subscription, ...secrets }, id, body) {
        const { clock, resolve } = this.#options;
        const now = clock.now();
        const { secret, oldSecret, oldUntil } = secrets;
        const old = oldSecret !== null && (oldUntil ?? 0) > now ? [oldSecret] : [];
        return post({ url, subscription, secrets: [secret, ...old], id, sentAt: now, body }, { signal: this.#closing.signal, ...(resolve === undefined ? {} : { resolve }) });
    }
    /** The address is told once; what it answers changes nothing. */
    async #terminate(callback, fault) {
        const { db } = this.#options;
        await db.write(() => removeCallback(db, callback.id));
        this.#forget(callback.id);
        await this.#postControl(callback, { type: "terminated", error: fault.toError() });
    }
    #forget(id) {
        this.#known.delete(id);
        this.#toldGone.delete(id);
        this.#timers.get(id)?.();
        this.#timers.delete(id);
    }
}
function isTaken(status) {
    return status >= 200 && status < 300;
}
function toCause(posted) {
    if ("error" in posted)
        return posted.error;
    return posted.status >= 500 ? "http_5xx" : "http_4xx";
}
