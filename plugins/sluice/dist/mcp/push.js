import { readCommitted, readFeed, readGone } from "../store/clients/event-feed.js";
import { toCursor } from "./cursor.js";
import { EventFault, SUBSCRIPTION_ID } from "./protocol.js";
/** The SEP asks for one every 30 s at least. */
const HEARTBEAT_MS = 15_000;
const BATCH = 50;
/** Resolves when the subscription is over, or nobody listens any more. */
export async function pushEvents(options, { send, signal }) {
    const { db, clock, id, start, cover, toOccurrence } = options;
    const notify = (name, params) => send({
        jsonrpc: "2.0",
        method: `notifications/events/${name}`,
        params: { ...params, _meta: { [SUBSCRIPTION_ID]: id } },
    });
    const bell = new Bell(clock, signal);
    const stop = options.watch(() => bell.ring());
    let { position, told } = start;
    try {
        await notify("active", { cursor: toCursor(db, position, told), truncated: start.truncated });
        for (;;) {
            // Before the look: what comes meanwhile rings again.
            bell.reset();
            const { name, scope } = await cover();
            const from = position;
            const { page, gone } = await readCommitted(db, () => ({
                page: readFeed(db, scope, from, BATCH),
                gone: readGone(db, scope.channels),
            }));
            if (gone > Math.max(from, told)) {
                told = gone;
                await notify("active", { cursor: toCursor(db, position, told), truncated: true });
            }
            for (const { position: at, event } of page.events) {
                if (signal.aborted)
                    return;
                position = at;
                await notify("event", { ...toOccurrence(name, event), cursor: toCursor(db, at, told) });
            }
            position = page.reached;
            if (signal.aborted)
                return;
            if (page.hasMore)
                continue;
            const rang = await bell.wait(HEARTBEAT_MS);
            if (signal.aborted)
                return;
            if (!rang)
                await notify("heartbeat", { cursor: toCursor(db, position, told) });
        }
    }
    catch (thrown) {
        if (!(thrown instanceof EventFault))
            throw thrown;
        await notify("terminated", { error: thrown.toError() }); // EVENTSTREAM-2
    }
    finally {
        stop();
    }
}
/** Wakes one waiter. */
class Bell {
    #clock;
    #signal;
    #rang = Promise.withResolvers();
    constructor(clock, signal) {
        this.#clock = clock;
        this.#signal = signal;
    }
    ring() {
        this.#rang.resolve();
    }
    reset() {
        this.#rang = Promise.withResolvers();
    }
    /** False where nobody rang in that time. */
    async wait(ms) {
        const over = Promise.withResolvers();
        const cancel = this.#clock.after(ms, () => over.resolve(false));
        const stop = () => over.resolve(true);
        this.#signal.addEventListener("abort", stop, { once: true });
        if (this.#signal.aborted)
            stop();
        void this.#rang.promise.then(stop);
        try {
            return await over.promise;
        }
        finally {
            cancel();
            this.#signal.removeEventListener("abort", stop);
        }
    }
}
